import { describe, expect, it } from 'vitest'
import { Drain } from './drain.ts'

describe('Drain', () => {
  it('settles at once when nothing is left, else when that has come about', async () => {
    let left = 0
    const drain = new Drain(() => left)
    await drain.wait()
    left = 2
    let settled = false
    const waiting = (async () => {
      await drain.wait()
      settled = true
    })()
    left = 1
    drain.check()
    await Promise.resolve()
    expect(settled).toBe(false)
    left = 0
    drain.check()
    await waiting
    expect(drain.waiters).toBe(0)
  })

  it('ends with the reason of a signal, and keeps nothing of who has gone', async () => {
    const drain = new Drain(() => 1)
    await expect(drain.wait(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    const abort = new AbortController()
    const waiting = drain.wait(abort.signal)
    expect(drain.waiters).toBe(1)
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(drain.waiters).toBe(0)
  })
})
