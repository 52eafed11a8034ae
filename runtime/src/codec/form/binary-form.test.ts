import * as fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatAddress, formatPrefix } from './address.ts'
import { BinaryAddress } from './binary-address.ts'
import { BinaryMac } from './binary-mac.ts'
import { BinaryPrefix } from './binary-prefix.ts'

const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })

/** Addresses of every family, many with equal parts. */
const addresses = fc
  .tuple(fc.constantFrom(0, 0, 1, 1, 7), fc.constantFrom(0, 0xff, 0x80), bytesOf(16), fc.nat(16))
  .map(([family, fill, tail, kept]) => {
    const bytes = new Uint8Array(17).fill(fill)
    bytes.set(tail.subarray(kept), 1 + kept)
    bytes[0] = family
    return formatAddress(bytes, 0)
  })

const prefixes = fc
  .tuple(fc.constantFrom(0, 1, 7), bytesOf(16), fc.nat(255))
  .map(([family, rest, length]) => {
    const bytes = Uint8Array.from([family, ...rest, length])
    return formatPrefix(bytes, 0)
  })

const macs = bytesOf(6).map((bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':'),
)

type Kind = typeof BinaryAddress | typeof BinaryPrefix | typeof BinaryMac

describe.each<[string, Kind, fc.Arbitrary<string>]>([
  ['addresses', BinaryAddress, addresses],
  ['prefixes', BinaryPrefix, prefixes],
  ['MAC addresses', BinaryMac, macs],
])('%s in binary form', (_, type, texts) => {
  it('are their text when read as text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const value = type.parse(text)
        expect(String(value)).toBe(text)
        expect(`${value}`).toBe(text)
        expect(JSON.stringify({ value })).toBe(JSON.stringify({ value: text }))
        expect(inspect(value)).toBe(text)
      }),
    )
  })

  it('are equal, and have equal keys, exactly when their texts are', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const [a, b] = [type.parse(one), type.parse(other)] as [BinaryMac, BinaryMac]
        expect(a.equals(b)).toBe(one === other)
        expect(a.key === b.key).toBe(one === other)
        expect(a.compare(b) === 0).toBe(one === other)
        expect(a.compare(type.parse(one) as BinaryMac)).toBe(0)
        expect(a.key).toBe(type.parse(one).key)
        expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) + 0)
      }),
      { numRuns: 500 },
    )
  })

  it('refuse what is none', () => {
    for (const text of ['', 'nonsense', '10.0.0.256', '1:2', '02:fe:00:00:00:0g', '10.0.0.0/33'])
      expect(() => type.parse(text)).toThrow(RangeError)
  })

  it('are made by parsing alone', () => {
    expect(() => Reflect.construct(type, [])).toThrow(/parse/)
  })
})

it('sorts by family, address and length', () => {
  const sorted = [
    '10.0.0.0/8',
    '10.0.0.0/24',
    '10.0.0.1/8',
    '200.0.0.0/8',
    '::/0',
    '2001:db8::/32',
    'ff00::/8',
  ]
  const parsed = sorted.map((text) => BinaryPrefix.parse(text))
  expect(
    parsed
      .toReversed()
      .toSorted((a, b) => a.compare(b))
      .map(String),
  ).toEqual(sorted)
})

it('takes apart and puts together', () => {
  const prefix = BinaryPrefix.parse('2001:db8::1/64')
  expect([prefix.family, prefix.length, String(prefix.address)]).toEqual([6, 64, '2001:db8::1'])
  expect(BinaryPrefix.of(BinaryAddress.parse('10.1.2.3'), 24).equals(BinaryPrefix.parse('10.1.2.3/24'))).toBe(
    true,
  )
  expect(() => BinaryPrefix.of(BinaryAddress.parse('10.1.2.3'), 33)).toThrow(RangeError)
  expect(BinaryPrefix.parse('10.1.2.3').length).toBe(32)
  expect(BinaryAddress.parse(`af:9:${'00'.repeat(16)}`).family).toBeUndefined()
})

it('takes bytes', () => {
  expect(String(BinaryAddress.fromBytes(Uint8Array.of(10, 0, 0, 1)))).toBe('10.0.0.1')
  const mapped = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1])
  expect(String(BinaryAddress.fromBytes(mapped))).toBe('::ffff:10.0.0.1')
  expect(String(BinaryMac.fromBytes(Uint8Array.of(2, 0xfe, 0, 0, 0, 1)))).toBe('02:fe:00:00:00:01')
  expect(() => BinaryAddress.fromBytes(new Uint8Array(5))).toThrow(/4 or 16 bytes, not 5/)
  expect(() => BinaryMac.fromBytes(new Uint8Array(5))).toThrow(/6 bytes, not 5/)
})

it('is a number as a key where 53 bits are enough', () => {
  expect(BinaryPrefix.parse('255.255.255.255/32').key).toBe(0xffff_ffff * 0x1_0000 + 32)
  expect(BinaryMac.parse('ff:ff:ff:ff:ff:ff').key).toBe(2 ** 48 - 1)
  expect(BinaryAddress.parse('::1').key).toBe('::1')
})
