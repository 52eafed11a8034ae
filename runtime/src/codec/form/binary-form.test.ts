import * as fc from 'fast-check'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { formatAddress, formatPrefix } from './address.ts'
import { BinaryAddress, IP4_ADDRESS, IP6_ADDRESS } from './binary-address.ts'
import type { BinaryCodec } from './binary-codec.ts'
import { BinaryMac } from './binary-mac.ts'
import { BinaryPrefix, IP4_PREFIX, IP6_PREFIX } from './binary-prefix.ts'

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

it('differs by each of its parts alone', () => {
  const parts = [
    '2001:db8:1:2:3:4:5:6',
    '2001:db9:1:2:3:4:5:6',
    '2001:db8:1:3:3:4:5:6',
    '2001:db8:1:2:3:5:5:6',
  ]
  const texts = [...parts, '2001:db8:1:2:3:4:5:7', '::', '0.0.0.0', '0.0.0.1', `af:7:${'00'.repeat(16)}`]
  const raw = (word: number) => `af:0:${'00000000'.repeat(word)}00000001${'00000000'.repeat(3 - word)}/40`
  const prefixTexts = [0, 1, 2, 3].map(raw).concat('10.0.0.0/8', '10.0.0.0/9', '::/0', '0.0.0.0/0', '::/8')
  const lists = [
    texts.map((text) => BinaryAddress.parse(text)),
    prefixTexts.map((text) => BinaryPrefix.parse(text)),
  ] as BinaryAddress[][]
  for (const list of lists) {
    expect(new Set(list.map(({ key }) => key)).size).toBe(list.length)
    for (const [i, one] of list.entries())
      for (const [j, other] of list.entries()) {
        expect([String(one), String(other), one.equals(other), one.compare(other) === 0]).toEqual([
          String(one),
          String(other),
          i === j,
          i === j,
        ])
      }
  }
})

it('says its family', () => {
  expect(
    ['10.0.0.1', '::1', `af:2:${'00'.repeat(16)}`].map((text) => BinaryAddress.parse(text).family),
  ).toEqual([4, 6, undefined])
  expect(['10.0.0.0/8', '::/0'].map((text) => BinaryPrefix.parse(text).family)).toEqual([4, 6])
})

it('is shown in the colour of what is special, where there are colours', () => {
  const value = BinaryAddress.parse('10.0.0.1')
  expect(inspect(value, { colors: true })).toBe('\u001B[36m10.0.0.1\u001B[39m')
  const shown = value as unknown as Record<symbol, (depth: number) => string>
  expect(shown[inspect.custom]?.(0)).toBe('10.0.0.1')
})

it('goes into a field of one family only when it is of that family', () => {
  const fits = (codec: BinaryCodec, text: string, type: typeof BinaryAddress | typeof BinaryPrefix) => {
    const bytes = new Uint8Array(18)
    return codec.write(bytes, new DataView(bytes.buffer), 0, type.parse(text) as never)
  }
  const addresses = ['10.0.0.1', '::', '::1', `af:2:${'00'.repeat(16)}`]
  expect(addresses.map((text) => fits(IP4_ADDRESS, text, BinaryAddress))).toEqual([true, false, false, false])
  expect(addresses.map((text) => fits(IP6_ADDRESS, text, BinaryAddress))).toEqual([false, true, true, false])
  const networks = [
    '10.0.0.0/8',
    '::/0',
    `af:0:${'0a'.repeat(4)}${'00'.repeat(12)}/40`,
    `af:0:${'0a'.repeat(16)}/40`,
  ]
  expect(networks.map((text) => fits(IP4_PREFIX, text, BinaryPrefix))).toEqual([true, false, true, false])
  expect(networks.map((text) => fits(IP6_PREFIX, text, BinaryPrefix))).toEqual([false, true, false, false])
})
