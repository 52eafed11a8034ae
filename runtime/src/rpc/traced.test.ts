import { afterEach, describe, expect, it } from 'vitest'
import { Deferred } from '../async/deferred.ts'
import type { AnyDump, Invocation } from '../api/interceptor.ts'
import type { EventStream } from '../api/method.ts'
import { callTracing, type TracedCall } from '../observe/diagnostics.ts'
import { tracing } from './traced.ts'

const invocation: Invocation = {
  kind: 'stream',
  target: '/x',
  message: 'demo_get',
  channel: 3,
  request: { a: 1 },
  options: { timeout: 5 },
}

let stop = () => {}
afterEach(() => {
  stop()
})

/** What is published, in order. */
function published() {
  const told: string[] = []
  const contexts = new Set<TracedCall>()
  const on = (name: string) => (context: object) => {
    contexts.add(context as TracedCall)
    told.push(name)
  }
  const listeners = {
    start: on('start'),
    end: on('end'),
    asyncStart: on('over'),
    asyncEnd: () => {},
    error: on('error'),
  }
  callTracing.subscribe(listeners)
  stop = () => {
    callTracing.unsubscribe(listeners)
    stop = () => {}
  }
  return { told, contexts }
}

/** A dump of these rows that ends with an error, if one is given. */
function dumpOf(rows: number[], error?: Error): { dump: AnyDump; left: () => number } {
  let left = 0
  async function* read(): AsyncGenerator<unknown, undefined> {
    try {
      yield* rows
      if (error) throw error
    } finally {
      left++
    }
    return undefined
  }
  const dump = {
    get reply() {
      return error ? Promise.reject(error) : Promise.resolve('reply')
    },
    toArray: () => (error ? Promise.reject(error) : Promise.resolve(rows)),
    [Symbol.asyncIterator]: read,
  }
  return { dump: dump as unknown as AnyDump, left: () => left }
}

const traced = (dump: AnyDump) =>
  tracing.dump?.(invocation, () => dump) as AnyDump & { reply: Promise<unknown> }

describe('traced dumps', () => {
  it('are as they are without subscribers', () => {
    const { dump } = dumpOf([1])
    expect(traced(dump)).toBe(dump)
  })

  it.each<[string, (dump: AnyDump & { reply: Promise<unknown> }) => Promise<unknown>, unknown]>([
    ['toArray', (dump) => dump.toArray(), [1, 2]],
    ['reply', (dump) => dump.reply, 'reply'],
  ])('%s: one start, and the end with the outcome', async (_, read, expected) => {
    const { told, contexts } = published()
    expect(told).toEqual([])
    const reading = read(traced(dumpOf([1, 2]).dump))
    expect(told).toEqual(['start', 'end'])
    expect(await reading).toEqual(expected)
    await Promise.resolve()
    expect(told).toEqual(['start', 'end', 'over'])
    const { kind, target, message, channel, request } = invocation
    expect([...contexts]).toEqual([expect.objectContaining({ kind, target, message, channel, request })])
    const refused = new Error('refused')
    await expect(read(traced(dumpOf([], refused).dump))).rejects.toBe(refused)
    await Promise.resolve()
    expect(told.slice(3)).toEqual(['start', 'end', 'error', 'over'])
  })

  it('a loop: from the first read to the end, whatever is read in between', async () => {
    const { told } = published()
    const iterator = traced(dumpOf([1, 2]).dump)[Symbol.asyncIterator]()
    expect((iterator as AsyncIterableIterator<unknown>)[Symbol.asyncIterator]()).toBe(iterator)
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    expect(await iterator.next()).toEqual({ done: false, value: 2 })
    await Promise.resolve()
    expect(told).toEqual(['start', 'end'])
    expect(await iterator.next()).toStrictEqual({ done: true, value: undefined })
    await Promise.resolve()
    expect(told).toEqual(['start', 'end', 'over'])
  })

  it('a loop that fails', async () => {
    const { told } = published()
    const gone = new Error('gone')
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const row of traced(dumpOf([1], gone).dump)) seen.push(row)
    })()
    await expect(reading).rejects.toBe(gone)
    await Promise.resolve()
    expect([seen, told]).toEqual([[1], ['start', 'end', 'error', 'over']])
  })

  it('a loop that is left, after the first row or before', async () => {
    const { told } = published()
    const { dump, left } = dumpOf([1, 2])
    const iterator = traced(dump)[Symbol.asyncIterator]()
    await iterator.next()
    expect(await iterator.return?.()).toStrictEqual({ done: true, value: undefined })
    await Promise.resolve()
    expect([left(), told]).toEqual([1, ['start', 'end', 'over']])
    const unread = {
      ...dump,
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no')) }),
    }
    const before = traced(unread as unknown as AnyDump)[Symbol.asyncIterator]()
    await before.return?.()
    expect(told).toHaveLength(3)
  })
})

describe('traced subscriptions', () => {
  const subscribe = (ready: Promise<void>) => {
    let asked = 0
    const stream = {
      get ready() {
        asked++
        return ready
      },
    } as unknown as EventStream<unknown>
    expect(tracing.events?.(invocation, () => stream)).toBe(stream)
    return () => asked
  }

  it('end when VPP has confirmed them or refused', async () => {
    const { told } = published()
    const confirmed = new Deferred<void>()
    subscribe(confirmed.promise)
    expect(told).toEqual(['start', 'end'])
    confirmed.resolve()
    await confirmed.promise
    await Promise.resolve()
    expect(told).toEqual(['start', 'end', 'over'])
    const refused = Promise.reject(new Error('refused'))
    refused.catch(() => {})
    subscribe(refused)
    await new Promise((resolve) => setImmediate(resolve))
    expect(told.slice(3)).toEqual(['start', 'end', 'error', 'over'])
  })

  it('are left alone without subscribers', () => {
    expect(subscribe(Promise.resolve())()).toBe(0)
  })
})
