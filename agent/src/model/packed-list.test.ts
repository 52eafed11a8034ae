import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PackedList } from './packed-list.ts'
import { PackedValues } from './packed-values.ts'

describe('a list of bytes', () => {
  it('has what was put into it, in order', () => {
    const value = fc.oneof(
      fc.record({ text: fc.string(), many: fc.constantFrom('x', 'x'.repeat(200_000), 'x'.repeat(300_000)) }),
      fc.jsonValue(),
      fc.constantFrom(1n, undefined, new Date(0)),
    )
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), (given) => {
        const clean = given.map((it) => (typeof it === 'object' && !(it instanceof Date) ? plain(it) : it))
        const values = new PackedValues()
        const list = new PackedList<unknown>({
          write: (it, to) => values.write(it, to),
          read: (from) => values.read(from),
        })
        for (const one of clean) list.push(one)
        expect(list.length).toBe(clean.length)
        expect([...list]).toEqual(clean)
        expect([...list]).toEqual(clean)
      }),
      { numRuns: 100 },
    )
  })
})

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
