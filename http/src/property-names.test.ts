import { describe, expect, it } from 'vitest'
import { inPropertyNames } from './property-names.ts'

describe('names of fields', () => {
  it.each([
    [{ sw_if_index: 1 }, { swIfIndex: 1 }],
    [{ swIfIndex: 1 }, { swIfIndex: 1 }],
    [
      { route: { paths: [{ nh: { address: { ip4: 'x' } }, sw_if_index: 2 }] } },
      { route: { paths: [{ nh: { address: { ip4: 'x' } }, swIfIndex: 2 }] } },
    ],
    [
      { is_ipv6: true, l3_cast: 0, v1_2: 3 },
      { isIpv6: true, l3Cast: 0, v1_2: 3 },
    ],
    [
      { name_: 1, _end: 2, constructor_: 3 },
      { name_: 1, _end: 2, constructor_: 3 },
    ],
    [
      [1, 'a_b', null, true],
      [1, 'a_b', null, true],
    ],
  ])('may be of VPP or of bindings: %j', (given, expected) => {
    expect(inPropertyNames(given)).toEqual(expected)
  })

  it('may not be both at once', () => {
    expect(() => inPropertyNames({ swIfIndex: 1, sw_if_index: 2 })).toThrow(
      'swIfIndex is given twice, also as sw_if_index',
    )
  })

  it('are not looked for in what no message can be', () => {
    expect(() => inPropertyNames(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as never)).toThrow(
      '64 levels',
    )
  })

  it('cannot be those of every object', () => {
    const json = inPropertyNames(JSON.parse('{"__proto__":{"a_b":1}}') as never)
    expect(Object.hasOwn(json as object, '__proto__')).toBe(true)
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype)
  })
})
