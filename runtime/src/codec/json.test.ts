import { describe, expect, it } from 'vitest'
import { Union } from './classes.ts'
import { defineUnion } from './define.ts'
import type { UnionDescriptor } from './descriptor.ts'
import type { JsonValue } from './json.ts'
import type { TestMessage } from '../testing/codec/cases.ts'
import { WIRE_CASES } from '../testing/codec/cases.ts'
import {
  AddressUnion,
  Enums,
  Forms,
  Numbers,
  Outer,
  Pairs,
  Tagged,
  Unions,
  WithDefaults,
} from '../testing/codec/demo.ts'

interface JsonClass extends TestMessage {
  fromJSON(json: JsonValue): object
}

describe('JSON', () => {
  it.each(WIRE_CASES)('loses nothing of $name', ({ type, value, decoded = value }) => {
    const message = new type(decoded as never)
    const text = JSON.stringify(message)
    expect((type as JsonClass).fromJSON(JSON.parse(text) as JsonValue)).toStrictEqual(message)
  })

  it('spells what JSON numbers lack', () => {
    const json = new Numbers({ u64: 2n ** 64n - 1n, i64: -1n, f64: -0 }).toJSON()
    expect(json).toMatchObject({ u64: '18446744073709551615', i64: '-1', f64: '-0', yes: false })
    for (const f64 of [NaN, Infinity, -Infinity, -0, 5e-324]) {
      const back = Numbers.fromJSON(JSON.parse(JSON.stringify(new Numbers({ f64 }))) as JsonValue)
      expect(back.f64).toBe(f64)
    }
  })

  it('names enum values and flags, and keeps what has no name', () => {
    expect(
      new Enums({ color: 5, level: 9, bits: 193, wide: 0x80000002, colors: [4, 0xffff] }).toJSON(),
    ).toEqual({
      color: 'BLUE',
      level: 9,
      bits: ['A', 'C', 64],
      wide: ['TOP', 2],
      colors: ['RED', 65535],
      bitsList: [],
    })
  })

  it('shows bytes in hex, forms as text, times in seconds', () => {
    expect(new Forms({ address: '10.0.0.1', time: new Date(1500) }).toJSON()).toMatchObject({
      address: '10.0.0.1',
      mac: '00:00:00:00:00:00',
      prefix: '0.0.0.0/0',
      time: 1.5,
      delta: 0,
    })
    expect(new Unions({ outer: { key: Uint8Array.of(1, 2, 3, 4) } }).toJSON()).toMatchObject({
      outer: { key: '0x01020304' },
    })
  })

  it('shows a union by the arm of its discriminator', () => {
    const value = Outer.fromBytes(Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0, 0))
    expect(new Tagged({ kind: 5, value }).toJSON()).toEqual({
      kind: 'BLUE',
      value: { mac: '01:02:03:04:00:00' },
    })
    expect(new Tagged({ kind: 6, value }).toJSON()).toEqual({ kind: 6, value: { colors: [0x102, 0x304] } })
    expect(new Tagged({ kind: 77, value }).toJSON()).toEqual({
      kind: 77,
      value: { wide: { x: 0x01020304, inner: { tiny: 0 }, odd: 0 } },
    })
  })

  it('shows a union by another arm, or as bytes, when the arm does not reproduce all bytes', () => {
    const value = Outer.fromBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))
    expect(new Tagged({ kind: 5, value }).toJSON()).toEqual({
      kind: 'BLUE',
      value: { wide: { x: 0x01020304, inner: { pair: { a: 0x506, c: 0x708 } }, odd: 9 } },
    })
    const big = new Unions({ big: { data: new Uint8Array(70).fill(1) } }).toJSON() as { big: JsonValue }
    expect(big.big).toEqual({ data: `0x${'01'.repeat(70)}` })
    expect(AddressUnion.ip6('1::').toJSON()).toEqual({ ip6: '1::' })
    expect(AddressUnion.fromBytes(AddressUnion.ip6('1::').bytes).toJSON()).toEqual({ ip4: '0.1.0.0' })
    expect(AddressUnion.fromBytes(AddressUnion.ip6('1::1').bytes).toJSON()).toEqual({ ip6: '1::1' })
  })

  it('does not take one NaN for another in the bytes of a union', () => {
    class Doubles extends Union<Doubles> {
      declare f: number
      declare bits: bigint
      static readonly descriptor: UnionDescriptor<Doubles> = defineUnion(Doubles, 'doubles', 8, [
        ['f', 'f', 'f64'],
        ['bits', 'bits', 'u64'],
      ])
    }
    expect(new Doubles({ f: NaN }).toJSON()).toEqual({ f: 'NaN' })
    const strange = new Doubles({ bits: 0x0100_0000_0000_ff7fn })
    expect(strange.f).toBeNaN()
    expect(strange.toJSON()).toEqual({ bits: String(0x0100_0000_0000_ff7fn) })
  })

  it('takes partial input with defaults', () => {
    expect(WithDefaults.fromJSON({ cookie: 8 })).toEqual(new WithDefaults({ cookie: 8n }))
    expect(Unions.fromJSON({ address: '10.0.0.1' })).toEqual(new Unions({ address: '10.0.0.1' }))
    expect(Outer.fromJSON({ bytes: '0x010203040506070809' }).bytes).toHaveLength(9)
  })

  it.each<[JsonClass, JsonValue, string]>([
    [Numbers, { u64: 'x' }, 'numbers: u64: expected a 64-bit integer as decimal text, received "x"'],
    [Numbers, { u64: 1e300 }, 'numbers: u64: expected a 64-bit integer as decimal text, received 1e+300'],
    [Numbers, { x: 1 }, 'numbers: x: expected a field of numbers'],
    [Numbers, null, 'numbers: expected an object with fields of numbers, received null'],
    [Numbers, [], 'numbers: expected an object with fields of numbers, received an array of 0'],
    [
      Pairs,
      { pairs: [{}, { a: 1, z: 1 }] },
      'pairs: pairs[1].z: expected a field of pair (a, c), received 1',
    ],
    [Pairs, { pairs: {} }, 'pairs: pairs: expected an array, received an object'],
    [Unions, { outer: { bytes: '0x01' } }, 'unions: outer: expected 9 bytes, received "0x01"'],
    [
      Unions,
      { outer: { bytes: 'zz' } },
      "unions: outer: expected bytes as '0x…' with two hex digits each, received",
    ],
    [
      Unions,
      { outer: { key: '0x0' } },
      "unions: outer.key: expected bytes as '0x…' with two hex digits each",
    ],
    [
      Unions,
      { outer: { wide: { x: -1 } } },
      'unions: outer.wide.x: expected an integer from 0 to 4294967295',
    ],
    [Unions, { outer: { bytes: '0x010203040506070809', key: '0x0' } }, 'unions: outer: expected'],
    [Unions, { outer: {} }, 'unions: outer: expected a MAC address'],
  ])('refuses %o %j', (type, json, text) => {
    expect(() => type.fromJSON(json)).toThrow(text)
  })
})
