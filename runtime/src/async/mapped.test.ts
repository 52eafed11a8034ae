import { describe, expect, it } from 'vitest'
import { mapped } from './mapped.ts'

/** A source whose `next` waits until it is left. */
function waiting() {
  const told: string[] = []
  let end: (result: IteratorResult<number, undefined>) => void = () => {}
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        told.push('next')
        return new Promise((resolve) => {
          end = resolve
        })
      },
      return: () => {
        told.push('return')
        end({ done: true, value: undefined })
        return Promise.resolve({ done: true, value: undefined })
      },
    }),
  }
  return { source, told }
}

async function* numbers() {
  yield 1
  yield 2
}

describe('mapped', () => {
  it('gives the elements in their other form, then the end', async () => {
    const seen: string[] = []
    for await (const it of mapped(numbers(), (n) => `#${n}`)) seen.push(it)
    expect(seen).toEqual(['#1', '#2'])
  })

  it('can be left while next waits', async () => {
    const { source, told } = waiting()
    const iterator = mapped(source, String)
    const next = iterator.next()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await next).toEqual({ done: true, value: undefined })
    expect(told).toEqual(['next', 'return'])
  })

  it('can be left before the first read', async () => {
    const { source, told } = waiting()
    await mapped(source, String).return?.()
    expect(told).toEqual(['return'])
  })

  it('leaves the source when an element cannot be converted', async () => {
    let left = false
    const source = (async function* () {
      try {
        yield 1
        yield 2
      } finally {
        left = true
      }
    })()
    const iterator = mapped(source, () => {
      throw new Error('unreadable')
    })
    await expect(iterator.next()).rejects.toThrow('unreadable')
    expect(left).toBe(true)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})
