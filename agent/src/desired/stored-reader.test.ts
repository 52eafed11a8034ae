import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../kinds/built-in.ts'
import { readStored, storedText } from './declaration.ts'
import { StoredReader } from './stored-reader.ts'

const prefix = fc.oneof(
  fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]) => `10.${a}.${b}.0/24`),
  fc.constantFrom('0.0.0.0/0', '10.0.0.1/32', '203.0.113.254/32', '2001:db8::/32', '10.0.0.1/24', 'x'),
)
const path = fc.record(
  {
    nextHop: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1'),
    interface: fc.constantFrom('a', 'b"'),
  },
  { requiredKeys: ['nextHop', 'interface'] },
)
/** Fields that may stand anywhere, once or twice. */
const field = fc.oneof(
  fc.array(path, { maxLength: 2 }).map((paths) => `"paths":${JSON.stringify(paths)}`),
  fc.constantFrom('"table":7', '"drop":true', '"other":1', '"kind":"vrf"'),
  prefix.map((name) => `"prefix":"${name}"`),
  prefix.map((name) => `"x\\"prefix":"${name}"`),
)
const item = fc
  .tuple(prefix, fc.array(field, { maxLength: 3 }), fc.array(field, { maxLength: 2 }))
  .map(([name, before, behind]) => ({
    name,
    given: `{${['"kind":"route"', ...before, `"prefix":"${name}"`, ...behind].join(',')}}`,
  }))
const origin = fc.oneof(fc.constantFrom('api', '10.0.0.0/24'), prefix)
const others = fc.array(fc.record({ origin, given: item.map(({ given }) => given) }), { maxLength: 1 })
const stored = fc
  .record({ key: prefix, item, origin, others })
  .map(({ key, item: { name, given }, origin: who, others: more }) => ({
    // As a rule the key is that of the item.
    keys: [`0/${name}`, `0/${key}`],
    text: storedText({ origin: who, given }, more),
  }))

function outcomeOf(read: () => unknown): unknown {
  try {
    return JSON.stringify(read())
  } catch (error) {
    return (error as Error).message
  }
}

describe('a reader of stored values', () => {
  it('reads what each says', () => {
    fc.assert(
      fc.property(fc.array(stored, { minLength: 1, maxLength: 40 }), (values) => {
        const reader = new StoredReader(KINDS)
        for (const { keys, text } of values) {
          for (const key of keys) {
            const expected = outcomeOf(() => readStored(text, `route ${key}`, KINDS))
            expect(outcomeOf(() => reader.read({ kind: 'route', key }, text))).toBe(expected)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps paths of those that are alike once', () => {
    const reader = new StoredReader(KINDS)
    const [one, two] = ['20.0.0.0/24', '20.0.1.0/24'].map((name) => {
      const given = `{"kind":"route","prefix":"${name}","paths":[{"nextHop":"192.0.2.1","interface":"a"}]}`
      return reader.read({ kind: 'route', key: `0/${name}` }, storedText({ origin: 'api', given }, []))
    })
    expect(one?.item).toMatchObject({ prefix: '20.0.0.0/24', paths: [{ nextHop: '192.0.2.1' }] })
    expect(two?.item).toMatchObject({ prefix: '20.0.1.0/24' })
    const pathsOf = (found: typeof one) => (found?.item as { paths: unknown } | undefined)?.paths
    expect(pathsOf(one)).toBe(pathsOf(two))
  })
})
