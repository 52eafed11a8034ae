import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { monotonicClock } from '../async/clock.ts'
import { Deferred } from '../async/deferred.ts'
import { HealthWatch, type HealthOptions } from './health.ts'

const OPTIONS: HealthOptions = { probeInterval: 1000, timeout: 250, threshold: 2, dropAfter: 0 }

/** A VPP that answers, or does not, and what the watch says of it. */
class Patient {
  readonly told: string[] = []
  readonly probes: Deferred<void>[] = []
  received = monotonicClock.now()
  misses = 0

  lastReceived = () => this.received
  probe = () => {
    const probe = new Deferred<void>()
    this.probes.push(probe)
    return probe.promise
  }
  missed = () => {
    this.misses++
  }
  notResponding = (missed: number) => {
    this.told.push(`not responding ${missed}`)
  }
  responding = () => {
    this.told.push('responding')
  }
  silent = (missed: number) => {
    this.told.push(`silent ${missed}`)
  }

  async answer(): Promise<void> {
    this.received = monotonicClock.now()
    this.probes.at(-1)?.resolve()
    await vi.advanceTimersByTimeAsync(0)
  }
}

describe('HealthWatch', () => {
  let patient: Patient
  let watch: HealthWatch
  beforeEach(() => {
    vi.useFakeTimers()
    patient = new Patient()
  })
  afterEach(() => {
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
  function start(options: Partial<HealthOptions> = {}): void {
    watch = new HealthWatch({ ...OPTIONS, ...options }, patient, monotonicClock)
  }

  it('sends a probe only after a time without any byte', async () => {
    start()
    for (let i = 0; i < 100; i++) {
      await vi.advanceTimersByTimeAsync(100)
      patient.received = monotonicClock.now()
    }
    expect(patient.probes).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(2000)
    expect(patient.probes).toHaveLength(1)
  })

  it('gives up after as many misses in a row as are allowed, once, and watches no longer', async () => {
    start({ dropAfter: 5 })
    await vi.advanceTimersByTimeAsync(1000 + 250 + 4 * 1000 - 1)
    expect(patient.told.at(-1)).toBe('not responding 4')
    await vi.advanceTimersByTimeAsync(1)
    expect(patient.told.slice(-2)).toEqual(['not responding 5', 'silent 5'])
    expect(vi.getTimerCount()).toBe(0)
    patient.probes.at(-1)?.resolve()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(patient.told.filter((told) => told.startsWith('silent'))).toEqual(['silent 5'])
  })

  it('is content with answers', async () => {
    start()
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(1000)
      await patient.answer()
    }
    expect(patient.told).toEqual([])
    expect(patient.misses).toBe(0)
  })

  it('tolerates as many misses as the threshold says, then tells of each', async () => {
    start()
    await vi.advanceTimersByTimeAsync(1000 + 250 + 1000 + 10)
    expect(patient.misses).toBe(2)
    expect(patient.told).toEqual([])
    await vi.advanceTimersByTimeAsync(2000)
    expect(patient.told).toEqual(['not responding 3', 'not responding 4'])
  })

  it('never sends a second probe before the first was answered', async () => {
    start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(patient.probes).toHaveLength(1)
    await patient.answer()
    await vi.advanceTimersByTimeAsync(1500)
    expect(patient.probes).toHaveLength(2)
  })

  it('knows at once that VPP answers again', async () => {
    start()
    await vi.advanceTimersByTimeAsync(5000)
    expect(patient.told.at(-1)).toMatch(/not responding/)
    await patient.answer()
    expect(patient.told.at(-1)).toBe('responding')
  })

  it('takes any byte for life, part of a frame too, within the time of a probe', async () => {
    start({ threshold: 0 })
    for (let i = 0; i < 20; i++) {
      await vi.advanceTimersByTimeAsync(1000)
      await vi.advanceTimersByTimeAsync(200)
      patient.received = monotonicClock.now()
      await vi.advanceTimersByTimeAsync(50)
    }
    expect(patient.probes).toHaveLength(1)
    expect(patient.told).toEqual([])
    expect(patient.misses).toBe(0)
  })

  it('counts misses again after a sign of life', async () => {
    start()
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(2300)
      expect(patient.told).toEqual([])
      await patient.answer()
      await vi.advanceTimersByTimeAsync(100)
    }
  })

  it('bears a probe that fails', async () => {
    start()
    await vi.advanceTimersByTimeAsync(1000)
    patient.probes[0]?.reject(new Error('lost'))
    await vi.advanceTimersByTimeAsync(1500)
    expect(patient.probes).toHaveLength(2)
  })

  it('does nothing when it is turned off, nor after stop()', async () => {
    start({ probeInterval: 0 })
    await vi.advanceTimersByTimeAsync(100_000)
    expect(patient.probes).toHaveLength(0)
    start()
    watch.stop()
    await vi.advanceTimersByTimeAsync(100_000)
    expect(patient.probes).toHaveLength(0)
  })

  it('works with a probe time longer than the interval', async () => {
    start({ probeInterval: 100, timeout: 500, threshold: 0 })
    await vi.advanceTimersByTimeAsync(700)
    expect(patient.told).toEqual(['not responding 1'])
  })
})
