import { Timestamp } from '../../codegen/v1.ts'
import type { MessageDescriptor } from '../../codec/descriptor.ts'
import {
  AddressUnion,
  Aliases,
  Bytes,
  Enums,
  Forms,
  Inner,
  Legacy,
  LegacyBytes,
  Nested,
  Noticed,
  Numbers,
  Outer,
  Pair,
  Pairs,
  Ping,
  Texts,
  Unions,
  WithDefaults,
} from './demo.ts'

/** A message class, as far as the cases need to know it. */
export interface TestMessage {
  new (init?: never): object
  readonly descriptor: MessageDescriptor
}

/** One message and its bytes. */
export interface WireCase {
  readonly name: string
  readonly type: TestMessage
  /** What is encoded. */
  readonly value: object
  /** The bytes, header included: id 0x0102, client index 0x80000001, context 0x11223344. */
  readonly hex: string
  /** What decoding gives, as an input of the constructor; absent when it is `value`. */
  readonly decoded?: object
  /** True when encoding cannot give these bytes, such as with garbage behind a NUL. */
  readonly decodeOnly?: boolean
}

const spaceless = (text: string): string => text.replaceAll(/\s+/g, '')
const zeros = (bytes: number): string => '00'.repeat(bytes)

/** Header numbers of every case. */
export const HEADER = { id: 0x0102, clientIndex: 0x80000001, context: 0x11223344 } as const

const NO_FORMS = {
  ip4: `${zeros(4)}`,
  ip6: zeros(16),
  address: zeros(17),
  prefix: zeros(18),
  withPrefix: zeros(18),
  prefix4: zeros(5),
  prefix6: zeros(17),
  mac: zeros(6),
  time: zeros(8),
  delta: zeros(8),
  index: zeros(4),
}

/** Bytes of a `forms` message in which only some fields are not zero. */
function forms(fields: Partial<typeof NO_FORMS>): string {
  return `0102${Object.values({ ...NO_FORMS, ...fields }).join('')}`
}

/** Bytes of a `unions` message in which only some fields are not zero. */
function unions(fields: {
  outer?: string
  address?: string
  tagged?: string
  big?: string
  list?: string
}): string {
  const { outer = zeros(9), address = zeros(16), tagged = zeros(11), big = zeros(70), list = '00' } = fields
  return `0102${outer}${address}${tagged}${big}${list}`
}

/**
 * Bytes marked "papi" were made by vpp_papi 2.4 from the same definition; the others follow from the protocol.
 */
const written: readonly WireCase[] = [
  { name: 'a request without fields', type: Ping, value: {}, hex: '0102 80000001 11223344' },
  { name: 'an event', type: Noticed, value: { pid: 0xcafebabe }, hex: '0102 80000001 cafebabe' },
  {
    name: 'integers (papi)',
    type: Numbers,
    value: {
      u8: 200,
      i8: -2,
      u16: 0x1234,
      i16: -3,
      u32: 0xfffffffe,
      i32: -4,
      u64: 2n ** 64n - 1n,
      i64: -(2n ** 53n) - 1n,
    },
    hex: `0102 c8fe1234fffdfffffffefffffffcffffffffffffffffffdfffffffffffff ${zeros(10)}`,
  },
  {
    name: 'f64, little-endian, and bool (papi)',
    type: Numbers,
    value: { f64: 42.5, yes: true, no: false },
    hex: `0102 ${zeros(30)} 0000000000404540 01 00`,
  },
  { name: 'a negative zero', type: Numbers, value: { f64: -0 }, hex: `0102 ${zeros(37)} 80 0000` },
  {
    name: 'any bool above 0 is true',
    type: Numbers,
    value: { yes: true, no: true },
    hex: `0102 ${zeros(38)} 02ff`,
    decodeOnly: true,
  },
  {
    name: 'fixed and variable strings (papi)',
    type: Texts,
    value: { name: 'loop0', after: 7, reply: 'show version' },
    hex: '0102 6c6f6f7030000000 07 0000000c 73686f772076657273696f6e',
  },
  { name: 'empty strings', type: Texts, value: {}, hex: `0102 ${zeros(13)}` },
  {
    name: 'UTF-8',
    type: Texts,
    value: { name: 'süß', after: 1, reply: '日本🚀' },
    hex: '0102 73c3bcc39f000000 01 0000000a e697a5e69cacf09f9a80',
  },
  {
    name: 'a string that fills its field',
    type: Texts,
    value: { name: '1234567', reply: 'x'.repeat(100) },
    hex: `0102 3132333435363700 00 00000064 ${'78'.repeat(100)}`,
  },
  {
    name: 'bytes that are no UTF-8 survive',
    type: Texts,
    value: { name: 'a\udcff\udcc3', reply: '\udced\udca0\udc80' },
    hex: '0102 61ffc30000000000 00 00000003 eda080',
  },
  {
    name: 'garbage behind a NUL is not read',
    type: Texts,
    value: { name: 'ab' },
    hex: '0102 616200ff61626364 00 00000000',
    decodeOnly: true,
  },
  {
    name: 'a fixed string without a NUL is read whole',
    type: Texts,
    value: { name: '12345678' },
    hex: '0102 3132333435363738 00 00000000',
    decodeOnly: true,
  },
  {
    name: 'fixed and counted bytes (papi)',
    type: Bytes,
    value: { key: Uint8Array.of(1, 2, 3, 4), data: Uint8Array.of(0xaa, 0xbb, 0xcc) },
    hex: '0102 01020304 03 aabbcc',
  },
  { name: 'no bytes', type: Bytes, value: {}, hex: '0102 00000000 00' },
  {
    name: 'a tail is ignored',
    type: Bytes,
    value: { data: Uint8Array.of(9) },
    hex: '0102 00000000 01 09 ffffff',
    decodeOnly: true,
  },
  {
    name: 'arrays, with the count further ahead (papi)',
    type: Pairs,
    value: {
      flag: 9,
      mtu: [9000, 0xffffffff],
      fixed: [{ a: 7, c: 4 }, {}],
      pairs: [
        { a: 1, c: 4 },
        { a: 2, c: 5 },
      ],
    },
    hex: '0102 11223344 0002 09 00002328 ffffffff 00070004 00000000 0001000400020005',
  },
  {
    name: 'empty arrays',
    type: Pairs,
    value: { pairs: [] },
    hex: `0102 11223344 ${zeros(19)}`,
  },
  {
    name: 'a legacy array up to the end (papi)',
    type: Legacy,
    value: { a: 1, rest: [1, 2, 0x0304] },
    hex: '0102 00000001 000100020304',
  },
  {
    name: 'a legacy array with half an element behind it',
    type: Legacy,
    value: { a: 1, rest: [1] },
    hex: '0102 00000001 0001 05',
    decodeOnly: true,
  },
  { name: 'legacy bytes', type: LegacyBytes, value: { rest: Uint8Array.of(1, 2) }, hex: '0102 0102' },
  {
    name: 'enums and flags (papi)',
    type: Enums,
    value: { color: 5, level: -1, bits: 131, wide: 0x80000001, colors: [4, 0xffff], bitsList: [1, 64] },
    hex: '0102 0005 ff 83 80000001 0004 ffff 00000002 0140',
  },
  {
    name: 'names instead of numbers',
    type: Enums,
    value: {
      color: 'BLUE',
      level: 'LOW',
      bits: ['A', 'B', 128],
      wide: ['TOP', 'LOW'],
      bitsList: ['A', [64]],
    },
    hex: '0102 0005 ff 83 80000001 0000 0000 00000002 0140',
    decoded: { color: 5, level: -1, bits: 131, wide: 0x80000001, bitsList: [1, 64] },
  },
  {
    name: 'a MAC address (papi)',
    type: Forms,
    value: { mac: '02:fe:00:01:02:0f' },
    hex: forms({ mac: '02fe0001020f' }),
  },
  {
    name: 'other spellings of a MAC address',
    type: Forms,
    value: { mac: '02FE.0001.020F' },
    hex: forms({ mac: '02fe0001020f' }),
    decoded: { mac: '02:fe:00:01:02:0f' },
  },
  {
    name: 'an interface index (papi)',
    type: Forms,
    value: { index: 0xffffffff },
    hex: forms({ index: 'ffffffff' }),
  },
  {
    name: 'no interface as -1',
    type: Forms,
    value: { index: -1 },
    hex: forms({ index: 'ffffffff' }),
    decoded: { index: 0xffffffff },
  },
  {
    name: 'an IPv4 address (papi)',
    type: Forms,
    value: { ip4: '192.168.17.200', address: '10.0.0.1' },
    hex: forms({ ip4: 'c0a811c8', address: `000a000001${zeros(12)}` }),
  },
  {
    name: 'an IPv6 address (papi)',
    type: Forms,
    value: { ip6: 'fe80::1', address: '2001:db8::1' },
    hex: forms({ ip6: `fe80${zeros(13)}01`, address: `0120010db8${zeros(11)}01` }),
  },
  {
    name: 'addresses as bytes',
    type: Forms,
    value: {
      ip4: Uint8Array.of(1, 2, 3, 4),
      address: Uint8Array.of(5, 6, 7, 8),
      mac: Uint8Array.of(1, 2, 3, 4, 5, 6),
    },
    hex: forms({ ip4: '01020304', address: `0005060708${zeros(12)}`, mac: '010203040506' }),
    decoded: { ip4: '1.2.3.4', address: '5.6.7.8', mac: '01:02:03:04:05:06' },
  },
  {
    name: 'an address of an unknown family',
    type: Forms,
    value: { address: `af:7:${'ab'.repeat(16)}` },
    hex: forms({ address: `07${'ab'.repeat(16)}` }),
  },
  {
    name: 'IPv4 prefixes with host bits (papi)',
    type: Forms,
    value: { prefix: '10.1.2.3/24', withPrefix: '10.1.2.3/24', prefix4: '10.0.0.0/8' },
    hex: forms({
      prefix: `000a010203${zeros(12)}18`,
      withPrefix: `000a010203${zeros(12)}18`,
      prefix4: '0a00000008',
    }),
  },
  {
    name: 'IPv6 prefixes (papi)',
    type: Forms,
    value: { prefix: '2001:db8::/32', prefix6: 'fe80::/10' },
    hex: forms({ prefix: `0120010db8${zeros(12)}20`, prefix6: `fe80${zeros(14)}0a` }),
  },
  {
    name: 'prefixes without a length are hosts',
    type: Forms,
    value: { prefix: '10.0.0.1', withPrefix: '::1', prefix4: '10.0.0.1', prefix6: '::1' },
    hex: forms({
      prefix: `000a000001${zeros(12)}20`,
      withPrefix: `01${zeros(15)}0180`,
      prefix4: '0a00000120',
      prefix6: `${zeros(15)}0180`,
    }),
    decoded: { prefix: '10.0.0.1/32', withPrefix: '::1/128', prefix4: '10.0.0.1/32', prefix6: '::1/128' },
  },
  {
    name: 'impossible prefix lengths survive',
    type: Forms,
    value: {
      prefix: `af:0:0a000001${zeros(12)}/33`,
      withPrefix: `af:9:${zeros(16)}/255`,
      prefix4: 'af:0:0a000000/33',
      prefix6: `af:1:${zeros(16)}/129`,
    },
    hex: forms({
      prefix: `000a000001${zeros(12)}21`,
      withPrefix: `09${zeros(16)}ff`,
      prefix4: '0a00000021',
      prefix6: `${zeros(16)}81`,
    }),
  },
  {
    name: 'a timestamp (papi)',
    type: Forms,
    value: { time: new Timestamp(1700000000.123456), delta: 0.25 },
    hex: forms({ time: 'b4e60740fc54d941', delta: '000000000000d03f' }),
  },
  {
    name: 'a timestamp as text',
    type: Forms,
    value: { time: '2023-11-14T22:13:20.123456Z' },
    hex: forms({ time: 'b4e60740fc54d941' }),
    decoded: { time: new Timestamp(1700000000.123456) },
  },
  {
    name: 'a timestamp as Date, before 1970',
    type: Forms,
    value: { time: new Date(-250) },
    hex: forms({ time: '000000000000d0bf' }),
    decoded: { time: new Timestamp(-0.25) },
  },
  {
    name: 'a union by its short arm (papi)',
    type: Unions,
    value: { outer: { mac: '01:02:03:04:05:06' } },
    hex: unions({ outer: '010203040506000000' }),
  },
  {
    name: 'a union in a struct in a union (papi)',
    type: Unions,
    value: { outer: { wide: { x: 0x01020304, inner: { pair: { a: 0x0a0b, c: 4 } }, odd: 0xee } } },
    hex: unions({ outer: '010203040a0b0004ee' }),
  },
  {
    name: 'a union in a struct in a union by its short arm (papi)',
    type: Unions,
    value: { outer: { wide: { x: 1, inner: { tiny: 0xee } } } },
    hex: unions({ outer: '00000001ee00000000' }),
  },
  {
    name: 'a union by an array arm',
    type: Unions,
    value: { outer: { colors: ['RED', 5] } },
    hex: unions({ outer: '000400050000000000' }),
    decoded: { outer: { colors: [4, 5] } },
  },
  {
    name: 'a union by an alias arm',
    type: Unions,
    value: { outer: { key: Uint8Array.of(1, 2, 3, 0x84) } },
    hex: unions({ outer: '010203840000000000' }),
  },
  {
    name: 'bytes of a union that no one reads survive',
    type: Unions,
    value: {
      outer: Outer.fromBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 0x97, 0xa8, 0xb9)),
      list: [Inner.fromBytes(Uint8Array.of(1, 2, 3, 4))],
    },
    hex: unions({ outer: '01020304050697a8b9', list: '0101020304' }),
  },
  {
    name: 'an address union by text',
    type: Unions,
    value: { address: '10.0.0.2' },
    hex: unions({ address: `0a000002${zeros(12)}` }),
    decoded: { address: { ip4: '10.0.0.2' } },
  },
  {
    name: 'an address union by IPv6 text',
    type: Unions,
    value: { address: 'fe80::2' },
    hex: unions({ address: `fe80${zeros(13)}02` }),
    decoded: { address: AddressUnion.ip6('fe80::2') },
  },
  {
    name: 'a discriminator that follows from the arm',
    type: Unions,
    value: { tagged: { value: { mac: '01:02:03:04:05:06' } } },
    hex: unions({ tagged: '0005010203040506000000' }),
    decoded: { tagged: { kind: 5, value: { mac: '01:02:03:04:05:06' } } },
  },
  {
    name: 'a discriminator that is given wins',
    type: Unions,
    value: { tagged: { kind: 99, value: { mac: '01:02:03:04:05:06' } } },
    hex: unions({ tagged: '0063010203040506000000' }),
  },
  {
    name: 'a discriminator that follows from the arm of an instance',
    type: Unions,
    value: { tagged: { value: new Outer({ colors: [1, 2] }) } },
    hex: unions({ tagged: '0006000100020000000000' }),
    decoded: { tagged: { kind: 6, value: { colors: [1, 2] } } },
  },
  {
    name: 'a large union',
    type: Unions,
    value: { big: { data: Uint8Array.from({ length: 70 }, (_, index) => index + 100) } },
    hex: unions({ big: Array.from({ length: 70 }, (_, index) => (index + 100).toString(16)).join('') }),
  },
  {
    name: 'a large union by an alias arm',
    type: Unions,
    value: { big: { pairs: [{ a: 1, c: 4 }, new Pair({ a: 2 }), {}] } },
    hex: unions({ big: `00010004 00020000 ${zeros(62)}` }),
    decoded: { big: { pairs: [{ a: 1, c: 4 }, { a: 2 }, {}] } },
  },
  {
    name: 'aliases of arrays and structs (papi)',
    type: Aliases,
    value: {
      key: Uint8Array.of(0x61, 0x62, 0x63, 0x64),
      pair: { a: 7, c: 4 },
      keys: [Uint8Array.of(0x77, 0x78, 0x79, 0x7a), Uint8Array.of(0x31, 0x32, 0x33, 0x34)],
      macs: ['00:00:00:00:00:00', '00:00:00:00:00:01'],
    },
    hex: `0102 61626364 00070004 7778797a 31323334 02 ${zeros(11)}01`,
  },
  {
    name: 'a variable array two structs down (papi)',
    type: Nested,
    value: { id: 3, profile: { name: 'p', auth: { method: 2, data: Uint8Array.of(0x0a, 0x0b) } } },
    hex: '0102 00000003 7000000000000000 02 00000002 0a0b',
  },
  {
    name: 'defaults, nested ones too',
    type: WithDefaults,
    value: {},
    hex: `0102 80000001 11223344 01 0000000000000007 0005
      ffffffff 000000000000f03f ffffffff 000000000000f03f ffffffff 000000000000f03f ffffffff`,
    decoded: {},
  },
  {
    name: 'what overrides defaults, zero included',
    type: WithDefaults,
    value: { isAdd: false, cookie: 0n, color: 0, nested: { index: 0 }, several: [{ ratio: 0 }, {}], last: 0 },
    hex: `0102 80000001 11223344 00 0000000000000000 0000
      00000000 000000000000f03f ffffffff 0000000000000000 ffffffff 000000000000f03f 00000000`,
  },
]

/** Every construct of the API language with literal bytes. */
export const WIRE_CASES: readonly WireCase[] = written.map((each) => ({ ...each, hex: spaceless(each.hex) }))
