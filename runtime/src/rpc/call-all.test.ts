import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { callAll } from './call-all.ts'

describe('callAll', () => {
  it('gives a result for each request, in their order, whatever order they end in', async () => {
    const results = await callAll(
      [3, 1, 2],
      async (n) => {
        for (let i = 0; i < n; i++) await turn()
        if (n === 1) throw new Error('one')
        return n * 10
      },
      {},
    )
    expect(results).toEqual([
      { status: 'fulfilled', value: 30 },
      { status: 'rejected', reason: new Error('one') },
      { status: 'fulfilled', value: 20 },
    ])
  })

  it.each([1, 7])('has %s under way at most, and takes requests as it needs them', async (concurrency) => {
    let [taken, ended, most] = [0, 0, 0]
    async function* requests() {
      for (let i = 0; i < 50; i++) {
        taken++
        expect(taken - ended).toBeLessThanOrEqual(concurrency)
        yield i
      }
    }
    const call = async (n: number) => {
      most = Math.max(most, taken - ended)
      await turn()
      ended++
      return n
    }
    const results = await callAll(requests(), call, { concurrency })
    expect(results).toEqual(Array.from({ length: 50 }, (_, value) => ({ status: 'fulfilled', value })))
    expect(most).toBe(concurrency)
  })

  it('goes on after a failure unless told otherwise, to the end of the list', async () => {
    const refuse = () => Promise.reject(new Error('refused'))
    const results = await callAll([1, 2], refuse, { concurrency: 1 })
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await callAll([], refuse, { concurrency: 65_536 })).toEqual([])
    let returned = 0
    const requests = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: true as const, value: undefined }),
        return: () => {
          returned++
          return { done: true as const, value: undefined }
        },
      }),
    }
    expect(await callAll(requests, refuse, {})).toEqual([])
    expect(returned).toBe(0)
  })

  it('sends nothing more after a failure where that is asked for, and waits for what is under way', async () => {
    const sent: number[] = []
    const call = async (n: number) => {
      sent.push(n)
      await turn()
      if (n === 1) throw new Error('refused')
      await turn()
      return n
    }
    const results = await callAll([0, 1, 2, 3, 4], call, { concurrency: 2, stopOnError: true })
    expect(sent).toEqual([0, 1])
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'skipped',
      'skipped',
      'skipped',
    ])
  })

  it('reads an endless list no further after a failure, and ends it', async () => {
    let left = false
    function* endless() {
      try {
        for (;;) yield 1
      } finally {
        left = true
      }
    }
    const refuse = () => Promise.reject(new Error('refused'))
    const results = await callAll(endless(), refuse, { concurrency: 1, stopOnError: true })
    expect(results).toHaveLength(1)
    expect(left).toBe(true)
  })

  it('has nothing to do without requests, and refuses a concurrency that is none', async () => {
    const call = () => Promise.resolve(0)
    expect(await callAll([], call, {})).toEqual([])
    for (const concurrency of [0, 1.5, -1, 65_537, NaN]) {
      await expect(callAll([1], call, { concurrency })).rejects.toMatchObject({
        code: 'VPP_INVALID_ARGUMENT',
      })
    }
  })
})
