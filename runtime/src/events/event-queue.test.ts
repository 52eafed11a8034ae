import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue, type Overflow } from './event-queue.ts'

type Event = { readonly n: number }

function filled(overflow: Overflow, count: number, capacity = 3): EventQueue<Event> {
  const queue = new EventQueue<Event>('demo_event', capacity, overflow)
  for (let n = 1; n <= count; n++) queue.push({ n })
  return queue
}

/** What the reader gets until the end or an error. */
async function readAll(queue: EventQueue<Event>): Promise<(number | string)[]> {
  const found: (number | string)[] = []
  try {
    for (;;) {
      const { done, value } = await queue.next()
      if (done === true) return found
      found.push(value.n)
    }
  } catch (error) {
    return [...found, (error as { code: string }).code]
  }
}

describe('EventQueue', () => {
  it.each<[Overflow, (number | string)[], number]>([
    ['drop-oldest', [3, 4, 5], 2],
    ['drop-newest', [1, 2, 3], 2],
    ['error', [1, 2, 3, 'VPP_EVENTS_LOST'], 1],
  ])('with %s, five events for a buffer of three become %j', async (overflow, expected, dropped) => {
    const queue = filled(overflow, 5)
    queue.end()
    expect(await readAll(queue)).toEqual(expected)
    expect(queue.dropped).toBe(dropped)
  })

  it('says of each event whether one was lost for it', () => {
    const queue = filled('drop-oldest', 2)
    expect(queue.push({ n: 3 })).toBe(true)
    expect(queue.push({ n: 4 })).toBe(false)
  })

  it('hands an event to a reader who waits, past the buffer', async () => {
    const queue = new EventQueue<Event>('demo_event', 1, 'error')
    const reads = [queue.next(), queue.next(), queue.next()]
    for (const n of [1, 2, 3]) queue.push({ n })
    expect((await Promise.all(reads)).map(({ value }) => value?.n)).toEqual([1, 2, 3])
    expect(queue.dropped).toBe(0)
  })

  it('ends those who wait, and tells an error once', async () => {
    const queue = filled('drop-oldest', 0)
    const reads = Promise.allSettled([queue.next(), queue.next()])
    const error = new Error('over')
    queue.end(error)
    queue.end(new Error('again'))
    expect(await reads).toEqual([
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ])
    expect(await queue.next()).toEqual({ done: true, value: undefined })
    expect(queue.push({ n: 9 })).toBe(true)
    expect(await queue.next()).toEqual({ done: true, value: undefined })
  })

  it('loses nothing unless it says so, whatever the order of pushes and reads', async () => {
    const steps = fc.array(fc.boolean(), { maxLength: 100 })
    const policies = fc.constantFrom<Overflow>('drop-oldest', 'drop-newest')
    const property = fc.asyncProperty(
      steps,
      policies,
      fc.integer({ min: 1, max: 5 }),
      async (list, overflow, capacity) => {
        const queue = new EventQueue<Event>('demo_event', capacity, overflow)
        const reads: Promise<IteratorResult<Event, undefined>>[] = []
        let pushed = 0
        for (const push of list) {
          if (push) queue.push({ n: ++pushed })
          else reads.push(queue.next())
        }
        queue.end()
        const early = (await Promise.all(reads)).flatMap(({ value }) =>
          value === undefined ? [] : [value.n],
        )
        const found = [...early, ...(await readAll(queue))] as number[]
        expect(found.length + queue.dropped).toBe(pushed)
        expect(found).toEqual(found.toSorted((a, b) => a - b))
        expect(new Set(found).size).toBe(found.length)
      },
    )
    await fc.assert(property, { numRuns: 200 })
  })
})
