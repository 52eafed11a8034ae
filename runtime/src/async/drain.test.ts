import { describe, expect, it } from 'vitest'
import { Drain } from './drain.ts'

describe('Drain', () => {
  it('lets senders wait until nothing is queued', async () => {
    let queued = 0
    const drain = new Drain(() => queued)
    await drain.wait()
    queued = 2
    const settled: string[] = []
    const waits = ['a', 'b'].map(async (name) => {
      await drain.wait()
      settled.push(name)
    })
    queued = 1
    drain.check()
    await Promise.resolve()
    expect(settled).toEqual([])
    queued = 0
    drain.check()
    await Promise.all(waits)
    expect(settled).toEqual(['a', 'b'])
  })
})
