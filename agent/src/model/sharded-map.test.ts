import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ShardedMap } from './sharded-map.ts'

describe('a map in parts', () => {
  it('has what a map has, also when it is divided', () => {
    const key = fc.integer({ min: 0, max: 20_000 }).map((at) => `0/10.${at >> 8}.${at & 255}.0/24`)
    const change = fc.tuple(key, fc.option(fc.integer()))
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 50 }),
        fc.constantFrom(0, 8190, 20_000),
        (changes, filled) => {
          const model = new Map<string, number>()
          for (let at = 0; at < filled; at++) model.set(`0/10.${at >> 8}.${at & 255}.0/24`, at)
          const map = filledWith(model)
          for (const [at, value] of changes) {
            if (value === null) expect(map.delete(at)).toBe(model.delete(at))
            else {
              map.set(at, value)
              model.set(at, value)
            }
            expect(map.get(at)).toBe(model.get(at))
            expect(map.has(at)).toBe(model.has(at))
          }
          expect(map.size).toBe(model.size)
          expect(new Map(map)).toEqual(model)
          expect([...map.keys()].length).toBe(model.size)
          expect([...map.values()].length).toBe(model.size)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('goes on with what it had when it is divided while somebody goes through it', () => {
    const map = new ShardedMap<number>()
    for (let at = 0; at < 8192; at++) map.set(`k${at}`, at)
    const seen: number[] = []
    for (const value of map.values()) {
      if (seen.length === 10) map.set('more', -1)
      seen.push(value)
    }
    expect(seen.filter((value) => value >= 0)).toHaveLength(8192)
  })
})

function filledWith(entries: Iterable<readonly [string, number]>): ShardedMap<number> {
  const map = new ShardedMap<number>()
  for (const [key, value] of entries) map.set(key, value)
  return map
}
