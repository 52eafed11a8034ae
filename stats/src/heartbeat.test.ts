import { expect, test } from 'vitest'
import { HeartbeatWatch } from './heartbeat.ts'

/** Looks every 200 ms from `from` to `to`; the beat comes every `interval`. Gives the time it was called stalled first. */
function look(watch: HeartbeatWatch, from: number, to: number, value: (now: number) => bigint | undefined) {
  for (let now = from; now <= to; now += 200) if (!watch.observe(value(now), now)) return now
  return undefined
}

test('a VPP that beats is never stalled, whenever the first look was', () => {
  for (let phase = 0; phase < 10_000; phase += 100) {
    const watch = new HeartbeatWatch()
    const beat = (now: number) => BigInt(Math.floor((now + phase) / 10_000)) + 5n
    expect(look(watch, 0, 100_000, beat), `phase ${phase}`).toBeUndefined()
    expect(watch.interval).toBeCloseTo(10_000, -3)
  }
})

test('three missed beats are a stall, no fewer', () => {
  const watch = new HeartbeatWatch()
  const beat = (now: number) => BigInt(Math.floor(Math.min(now, 50_000) / 10_000))
  const stalled = look(watch, 0, 200_000, beat)
  expect(stalled).toBeGreaterThan(80_000)
  expect(stalled).toBeLessThanOrEqual(80_400)
  expect(watch.age(81_000)).toBe(31_000)
  expect(watch.observe(6n, 82_000)).toBe(true)
})

test('before the interval is known patience is that of the default interval, three times', () => {
  const watch = new HeartbeatWatch()
  expect(look(watch, 0, 36_000, () => 1n)).toBeUndefined()
  expect(look(watch, 36_200, 100_000, () => 1n)).toBe(36_200)
})

test('readings that could not be made are neither a beat nor forgotten time', () => {
  const watch = new HeartbeatWatch()
  expect(look(watch, 0, 36_000, (now) => (now % 400 === 0 ? undefined : 1n))).toBeUndefined()
  expect(watch.observe(undefined, 37_000)).toBe(false)
  const never = new HeartbeatWatch()
  expect(never.observe(undefined, 1_000_000)).toBe(true)
  expect(never.observe(undefined, 1_037_000)).toBe(false)
})

test('a fast heartbeat is given a second at least, one that was missed in a pause its share', () => {
  const watch = new HeartbeatWatch()
  for (let n = 0n; n < 5n; n++) watch.observe(n, Number(n) * 10)
  expect(watch.interval).toBe(10)
  expect([watch.observe(4n, 1040), watch.observe(4n, 1041)]).toEqual([true, false])
  watch.observe(5n, 2000)
  watch.observe(9n, 2400)
  expect(watch.interval).toBe(100)
})
