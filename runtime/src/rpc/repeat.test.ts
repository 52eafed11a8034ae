import { describe, expect, it, vi } from 'vitest'
import { Deferred } from '../async/deferred.ts'
import { VppConnectionLostError, VppNotConnectedError } from '../errors/connection-errors.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { CallOptions, WaitOptions } from '../api/method.ts'
import { repeatWhenLost } from './repeat.ts'

/** A connection whose clock the test sets, and a call that fails with these in turn. */
function repeated(failures: unknown[], options: CallOptions = {}) {
  let now = 1000
  const made: CallOptions[] = []
  const waits: WaitOptions[] = []
  let comes: () => Promise<void> = () => Promise.resolve()
  const target = {
    clock: { now: () => now } as never,
    timeout: 100,
    ready: (wait: WaitOptions) => {
      waits.push(wait)
      return comes()
    },
  }
  const call = (given: CallOptions) => {
    made.push(given)
    now += 30
    return failures.length > 0 ? Promise.reject(failures.shift() as Error) : Promise.resolve('done')
  }
  return {
    made,
    waits,
    comesBy: (how: typeof comes) => {
      comes = how
    },
    run: () => repeatWhenLost(target, options, call),
  }
}

const lost = () => new VppConnectionLostError('/x')

describe('repeatWhenLost', () => {
  it('makes the call again over the next connection, within one timeout', async () => {
    const { signal } = new AbortController()
    const { made, waits, run } = repeated([lost(), new VppNotConnectedError('/x')], { signal })
    expect(await run()).toBe('done')
    expect(made).toEqual([
      { signal, timeout: 100 },
      { signal, timeout: 70 },
      { signal, timeout: 40 },
    ])
    expect(waits.every((wait) => wait.signal?.aborted)).toBe(true)
  })

  it('leaves at least a millisecond when the connection came at the last moment', async () => {
    const { made, run } = repeated([lost()], { timeout: 30.5 })
    expect(await run()).toBe('done')
    expect(made.at(-1)?.timeout).toBe(1)
  })

  it.each([
    new VppError('VPP_API_ERROR', 'refused'),
    Object.assign(new Error('x'), { code: 'VPP_CONNECTION_LOST' }),
  ])('passes on what is not a loss: %s', async (error) => {
    const { made, waits, run } = repeated([error])
    await expect(run()).rejects.toBe(error)
    expect([made.length, waits.length]).toEqual([1, 0])
  })

  it('does not wait when the time is over', async () => {
    const error = lost()
    const { waits, run } = repeated([error], { timeout: 30 })
    await expect(run()).rejects.toBe(error)
    expect(waits).toEqual([])
  })

  it('fails with the loss when there will be no connection', async () => {
    const error = lost()
    const { made, comesBy, run } = repeated([error])
    comesBy(() => Promise.reject(new Error('closed')))
    await expect(run()).rejects.toBe(error)
    expect(made).toHaveLength(1)
  })

  it('fails with the reason of its signal while it waits', async () => {
    const controller = new AbortController()
    const { comesBy, run } = repeated([lost()], { signal: controller.signal })
    comesBy(() => {
      controller.abort(new Error('enough'))
      return new Deferred<void>().promise
    })
    await expect(run()).rejects.toThrow('enough')
  })

  it('stops waiting when its time is over, and keeps no timer after', async () => {
    vi.useFakeTimers()
    try {
      const error = lost()
      const { waits, comesBy, run } = repeated([error])
      comesBy(() => {
        const { signal } = waits[0]!
        return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('late'))))
      })
      const settled = expect(run()).rejects.toBe(error)
      await vi.advanceTimersByTimeAsync(69)
      expect(waits[0]?.signal?.aborted).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      await settled
      const other = repeated([lost()])
      await other.run()
      expect(vi.getTimerCount()).toBe(0)
      const forever = repeated([lost()], { timeout: Infinity })
      forever.comesBy(() => {
        expect(vi.getTimerCount()).toBe(0)
        return Promise.resolve()
      })
      expect(await forever.run()).toBe('done')
    } finally {
      vi.useRealTimers()
    }
  })
})
