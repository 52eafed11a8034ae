import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainRoute } from './plain.ts'
import { routeSchema } from './schema.ts'

const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 255, 256, -1, -0, 1.5, 0xffff_fffe, 0xffff_ffff, '1', null, undefined),
)
const octet = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map(String),
  fc.constantFrom('0', '00', '256', '', 'a', '1 '),
)
const address = fc.oneof(
  fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom('0.0.0.0', '::', '10.0.0.1%1', 1),
)
const length = fc.oneof(fc.integer({ min: 0, max: 33 }).map(String), fc.constantFrom('', '08', '-1', 'x'))
const prefix = fc.oneof(
  fc.tuple(address, length).map((parts) => parts.join('/')),
  address,
)
const path = fc.record(
  {
    nextHop: address,
    interface: fc.constantFrom('', 'lan', 'x'.repeat(63), 'x'.repeat(64), 7),
    weight: number,
    preference: number,
    table: number,
    other: number,
  },
  { requiredKeys: [] },
)
const good = fc.record(
  { nextHop: fc.ipV4(), interface: fc.constant('lan'), weight: number, preference: number },
  { requiredKeys: ['nextHop', 'interface'] },
)
const network = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.${a}.${b}.0/24`)
const goodRoute = fc.record(
  { kind: fc.constant('route'), paths: fc.array(good, { maxLength: 3 }), table: number, prefix: network },
  { requiredKeys: ['kind', 'paths', 'prefix'] },
)
const route = fc.record(
  {
    kind: fc.constant('route'),
    prefix,
    paths: fc.oneof(fc.array(fc.oneof(good, path), { maxLength: 3 }), fc.constantFrom(null, 'lan')),
    table: number,
    drop: fc.boolean(),
    other: number,
  },
  { requiredKeys: ['kind'] },
)

describe('a plain route', () => {
  it('is read as by its schema, or left to it', () => {
    let read = 0
    fc.assert(
      fc.property(fc.oneof(route, goodRoute), (value) => {
        const plain = plainRoute(value)
        if (plain === undefined) return
        read++
        const result = routeSchema.safeParse(value)
        expect(result.success).toBe(true)
        // In the same order too, since items are compared by their JSON.
        expect(JSON.stringify(plain)).toBe(JSON.stringify(result.data))
      }),
      { numRuns: 5000 },
    )
    expect(read).toBeGreaterThan(50)
  })

  it('is what a full table is made of', () => {
    const value = { kind: 'route', prefix: '20.1.2.0/24', paths: [{ nextHop: '10.0.0.2', interface: 'wan' }] }
    expect(plainRoute(value)).toEqual(routeSchema.parse(value))
  })
})
