import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PackedMap } from './packed-map.ts'
import { PackedValues } from './packed-values.ts'

function mapOf(values = new PackedValues()): PackedMap<unknown> {
  return new PackedMap<unknown>({
    write: (value, to) => values.write(value, to),
    read: (_key, from) => values.read(from),
  })
}

const key = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((at) => `0/10.${at >> 8}.${at & 255}.0/24`),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const part = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const value = fc.oneof(
  fc.record({ table: fc.nat(), prefix: fc.string(), paths: fc.array(part, { maxLength: 2 }) }),
  fc.dictionary(fc.string({ maxLength: 2 }), fc.oneof(part, fc.constant(undefined)), { maxKeys: 4 }),
  part,
  fc.constantFrom(undefined, 1n, new Date(0), new Map([[1, 2]])),
)

describe('a map of bytes', () => {
  it('has what a map has', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.option(value)), { maxLength: 200 }), (changes) => {
        const model = new Map<string, unknown>()
        const map = mapOf()
        for (const [at, now] of changes) {
          if (now === null) expect(map.delete(at)).toBe(model.delete(at))
          else {
            map.set(at, now)
            model.set(at, now)
          }
          expect(map.get(at)).toEqual(model.get(at))
          expect(map.has(at)).toBe(model.has(at))
          expect(map.size).toBe(model.size)
        }
        expect(new Map(map)).toEqual(model)
        expect(new Set(map.keys())).toEqual(new Set(model.keys()))
      }),
      { numRuns: 200 },
    )
  })

  it('lets others have their turn while nothing differs', () => {
    const values = new PackedValues()
    const [map, other] = [mapOf(values), mapOf(values)]
    for (let at = 0; at < 10_000; at++) for (const it of [map, other]) it.set(`key ${at}`, { n: at })
    const none = Array.from({ length: Math.floor(10_000 / 64) }, () => undefined)
    expect([...map.unlike(other)]).toEqual(none)
    expect([...map.missingIn(other)]).toEqual(none)
  })

  it('tells what another one does not have', () => {
    const entries = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 1 })), { maxLength: 60 })
    fc.assert(
      fc.property(entries, entries, (ones, others) => {
        const values = new PackedValues()
        const [map, other] = [mapOf(values), mapOf(values)]
        const model = new Map(ones)
        const otherModel = new Map(others)
        for (const [at, n] of model) map.set(at, { n })
        for (const [at, n] of otherModel) other.set(at, { n })
        const unlike = [...map.unlike(other)].filter((it) => it !== undefined)
        const missing = [...map.missingIn(other)].filter((it) => it !== undefined)
        const wanted = [...model].filter(([at, n]) => otherModel.get(at) !== n).map(([at]) => at)
        expect(unlike.sort()).toEqual(wanted.sort())
        const absent = [...model.keys()].filter((at) => !otherModel.has(at))
        expect(missing.sort()).toEqual(absent.sort())
      }),
      { numRuns: 100 },
    )
  })

  it('can be changed while somebody goes through it', () => {
    const map = mapOf()
    for (let at = 0; at < 5000; at++) map.set(`k${at}`, { at })
    const seen = new Set<string>()
    for (const [name, now] of map) {
      expect(seen.has(name)).toBe(false)
      seen.add(name)
      // Longer than before, so that all are moved now and then.
      map.set(name, { ...(now as object), text: 'x'.repeat(50) })
      if (seen.size % 2 === 0) map.delete(name)
    }
    expect(seen.size).toBe(5000)
    expect(map.size).toBe(2500)
  })

  it('keeps what many say once', () => {
    const map = mapOf()
    const lists = Array.from({ length: 3 }, (_, at) => [{ nextHop: `10.0.0.${at}`, weight: 1 }])
    for (let at = 0; at < 100; at++) map.set(`k${at}`, { paths: [...(lists[at % 3] as object[])] })
    const read = new Set([...map.values()].map((it) => (it as { paths: object }).paths))
    expect(read.size).toBe(3)
  })
})
