import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { monotonicClock } from '../async/clock.ts'
import { Deadlines } from './deadlines.ts'
import { IdleCall } from './testing/idle-call.ts'

describe('Deadlines', () => {
  let expired: { call: unknown; at: number }[]
  let deadlines: Deadlines
  let start: number
  const now = () => monotonicClock.now()

  beforeEach(() => {
    vi.useFakeTimers()
    expired = []
    start = now()
    deadlines = new Deadlines(monotonicClock, (call) => {
      expired.push({ call, at: now() - start })
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function add(timeout: number): IdleCall {
    const call = new IdleCall(timeout, now())
    deadlines.add(call)
    return call
  }

  it('tells of a call when its time is over, once', () => {
    const call = add(100)
    vi.advanceTimersByTime(99)
    expect(expired).toEqual([])
    vi.advanceTimersByTime(2)
    expect(expired).toEqual([{ call, at: expect.closeTo(100, 0) as number }])
    vi.advanceTimersByTime(1000)
    expect(expired).toHaveLength(1)
  })

  it('does not keep the process alive, and keeps no list once nothing is left in it', () => {
    const armed = vi.spyOn(globalThis, 'setTimeout')
    const call = add(100)
    const timer = armed.mock.results[0]?.value as NodeJS.Timeout
    expect(timer.hasRef()).toBe(false)
    expect(deadlines.kept).toBe(1)
    deadlines.remove(call)
    vi.advanceTimersByTime(200)
    expect(deadlines.kept).toBe(0)
    add(50)
    deadlines.clear()
    expect([deadlines.kept, vi.getTimerCount()]).toEqual([0, 0])
    armed.mockRestore()
  })

  it('says nothing of calls that were removed', () => {
    const calls = Array.from({ length: 5 }, () => add(100))
    for (const at of [2, 0, 4, 2]) deadlines.remove(calls[at] as IdleCall)
    vi.advanceTimersByTime(200)
    expect(expired.map(({ call }) => call)).toEqual([calls[1], calls[3]])
  })

  it('has one timer for each timeout, however many calls', () => {
    for (let i = 0; i < 10_000; i++) {
      add(100)
      add(500)
    }
    expect(deadlines.timers).toBe(2)
    expect(vi.getTimerCount()).toBe(2)
    vi.advanceTimersByTime(1000)
    expect(expired).toHaveLength(20_000)
    expect(deadlines.timers).toBe(0)
  })

  it('keeps next to nothing for 10,000 timeouts once their calls are over', () => {
    const calls = Array.from({ length: 10_000 }, (_, i) => add(100_000 + i))
    expect(deadlines.timers).toBe(10_000)
    for (const call of calls) deadlines.remove(call)
    expect(deadlines.timers).toBeLessThanOrEqual(8)
    expect(vi.getTimerCount()).toBeLessThanOrEqual(8)
    vi.advanceTimersByTime(200_000)
    expect(expired).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells of a call whose list was given up and made again while it expired', () => {
    const others = Array.from({ length: 20 }, (_, i) => add(1000 + i))
    const dump = add(50)
    dump.progress = true
    vi.advanceTimersByTime(60)
    expect(expired).toEqual([])
    dump.progress = false
    vi.advanceTimersByTime(60)
    expect(expired.map(({ call }) => call)).toEqual([dump])
    for (const other of others) deadlines.remove(other)
  })

  it('keeps no timer for 100,000 calls that were answered, past their timeout', () => {
    for (let i = 0; i < 100_000; i++) deadlines.remove(add(50 + (i % 3)))
    expect(vi.getTimerCount()).toBeLessThanOrEqual(3)
    vi.advanceTimersByTime(200)
    expect(vi.getTimerCount()).toBe(0)
    expect(expired).toEqual([])
  })

  it('starts a deadline again for a call that has made progress', () => {
    const call = add(100)
    call.progress = true
    vi.advanceTimersByTime(150)
    expect(expired).toEqual([])
    call.progress = false
    vi.advanceTimersByTime(60)
    expect(expired).toEqual([{ call, at: expect.closeTo(200, 0) as number }])
  })

  it('waits for ever where the timeout is Infinity', () => {
    deadlines.remove(add(Infinity))
    add(Infinity)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits longer than a timer of Node can', () => {
    const timeout = 3 * 0x7fff_ffff
    const call = add(timeout)
    vi.advanceTimersByTime(timeout - 1000)
    expect(expired).toEqual([])
    vi.advanceTimersByTime(2000)
    expect(expired.map((it) => it.call)).toEqual([call])
  })

  it('forgets everything when cleared, and works on', () => {
    const old = add(100)
    deadlines.clear()
    expect(vi.getTimerCount()).toBe(0)
    const fresh = add(100)
    deadlines.remove(old)
    vi.advanceTimersByTime(200)
    expect(expired.map(({ call }) => call)).toEqual([fresh])
  })

  it('tells of each call at its time, whatever is added and removed', () => {
    const step = fc.record({ wait: fc.nat(30), timeout: fc.constantFrom(20, 50, 200), remove: fc.boolean() })
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      expired = []
      const due: { call: unknown; at: number }[] = []
      for (const { wait, timeout, remove } of steps) {
        vi.advanceTimersByTime(wait)
        const call = add(timeout)
        if (remove) deadlines.remove(call)
        else due.push({ call, at: now() - start + timeout })
      }
      vi.advanceTimersByTime(500)
      expect(expired).toHaveLength(due.length)
      for (const { call, at } of due) {
        const told = expired.find((it) => it.call === call)
        expect(Math.abs((told?.at ?? Infinity) - at)).toBeLessThanOrEqual(2)
      }
    })
    fc.assert(property, { numRuns: 50 })
  })
})
