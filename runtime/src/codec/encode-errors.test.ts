import { describe, expect, it } from 'vitest'
import { VppError } from '../errors/vpp-error.ts'
import { codecOf } from './codec.ts'
import { VppEncodeError } from './errors.ts'
import type { TestMessage } from '../testing/codec/cases.ts'
import {
  Aliases,
  Bytes,
  Enums,
  Forms,
  Legacy,
  Nested,
  Numbers,
  Pair,
  Pairs,
  Ping,
  Tagged,
  Texts,
  Unions,
  WithDefaults,
} from '../testing/codec/demo.ts'
import { ByteWriter } from './writer.ts'

const long = 'x'.repeat(101)

/** Message, value, path of the field that is refused, and the text behind it. */
const REFUSED: readonly [type: TestMessage, value: unknown, path: string, text: string][] = [
  [Numbers, { u8: 256 }, 'u8', 'expected an integer from 0 to 255, received 256'],
  [Numbers, { u8: -1 }, 'u8', 'expected an integer from 0 to 255, received -1'],
  [Numbers, { u8: 1.5 }, 'u8', 'expected an integer from 0 to 255, received 1.5'],
  [Numbers, { u8: NaN }, 'u8', 'expected an integer from 0 to 255, received NaN'],
  [Numbers, { u8: '7' }, 'u8', 'expected an integer from 0 to 255, received "7"'],
  [Numbers, { u8: 7n }, 'u8', 'expected an integer from 0 to 255, received 7n'],
  [Numbers, { u8: true }, 'u8', 'expected an integer from 0 to 255, received true'],
  [Numbers, { u8: null }, 'u8', 'expected an integer from 0 to 255, received null'],
  [Numbers, { u8: [7] }, 'u8', 'expected an integer from 0 to 255, received an array of 1'],
  [Numbers, { i8: 128 }, 'i8', 'expected an integer from -128 to 127, received 128'],
  [Numbers, { i8: -129 }, 'i8', 'expected an integer from -128 to 127, received -129'],
  [Numbers, { u16: 65536 }, 'u16', 'expected an integer from 0 to 65535, received 65536'],
  [Numbers, { i16: 32768 }, 'i16', 'expected an integer from -32768 to 32767, received 32768'],
  [Numbers, { u32: 2 ** 32 }, 'u32', 'expected an integer from 0 to 4294967295, received 4294967296'],
  [Numbers, { u32: -1 }, 'u32', 'expected an integer from 0 to 4294967295, received -1'],
  [
    Numbers,
    { i32: 2 ** 31 },
    'i32',
    'expected an integer from -2147483648 to 2147483647, received 2147483648',
  ],
  [
    Numbers,
    { i32: Infinity },
    'i32',
    'expected an integer from -2147483648 to 2147483647, received Infinity',
  ],
  [Numbers, { u64: 1 }, 'u64', 'expected a bigint from 0n to 2n ** 64n - 1n, received 1'],
  [Numbers, { u64: -1n }, 'u64', 'expected a bigint from 0n to 2n ** 64n - 1n, received -1n'],
  [Numbers, { u64: 2n ** 64n }, 'u64', `expected a bigint from 0n to 2n ** 64n - 1n, received ${2n ** 64n}n`],
  [
    Numbers,
    { i64: 2n ** 63n },
    'i64',
    `expected a bigint from -(2n ** 63n) to 2n ** 63n - 1n, received ${2n ** 63n}n`,
  ],
  [Numbers, { f64: '1' }, 'f64', 'expected a number, received "1"'],
  [Numbers, { yes: 1 }, 'yes', 'expected a boolean, received 1'],
  [
    Numbers,
    { nope: 1 },
    'nope',
    'expected a field of numbers (u8, i8, u16, i16, u32, i32, u64, i64, f64, yes, no), received 1',
  ],
  [Ping, { extra: 1 }, 'extra', 'expected a field of ping (it has none), received 1'],
  [Texts, { name: 5 }, 'name', 'expected a string, received 5'],
  [
    Texts,
    { name: '12345678' },
    'name',
    'expected text of at most 7 bytes in UTF-8 (this has 8), received "12345678"',
  ],
  [
    Texts,
    { name: 'äöüß' },
    'name',
    'expected text of at most 7 bytes in UTF-8 (this has 8), received "äöüß"',
  ],
  [Texts, { name: 'a\0b' }, 'name', 'expected text without NUL, which would end it, received "a\\u0000b"'],
  [
    Texts,
    { name: '\ud800' },
    'name',
    'expected well-formed text without lone surrogates, received "\\ud800"',
  ],
  [
    Texts,
    { reply: long },
    'reply',
    `expected text of at most 100 bytes in UTF-8 (this has 101), received "${'x'.repeat(60)}…"`,
  ],
  [Texts, { reply: Symbol('s') }, 'reply', 'expected a string, received Symbol(s)'],
  [Bytes, { key: Uint8Array.of(1) }, 'key', 'expected exactly 4 elements (this has 1), received (hidden)'],
  [Bytes, { key: [1, 2, 3, 4] }, 'key', 'expected a Uint8Array, received (hidden)'],
  [
    Bytes,
    { data: new Uint8Array(256) },
    'data',
    'expected at most 255 elements (this has 256), received 256 bytes',
  ],
  [
    Bytes,
    { n: 2, data: Uint8Array.of(1) },
    'n',
    'expected 1, the length of data (leave the count out), received 2',
  ],
  [Bytes, { n: 1 }, 'n', 'expected 0, the length of data (leave the count out), received 1'],
  [Pairs, { mtu: [1] }, 'mtu', 'expected exactly 2 elements (this has 1), received an array of 1'],
  [Pairs, { mtu: [1, -1] }, 'mtu[1]', 'expected an integer from 0 to 4294967295, received -1'],
  [Pairs, { mtu: [1, undefined] }, 'mtu[1]', 'expected an integer from 0 to 4294967295, received undefined'],
  [Pairs, { mtu: new Uint32Array(2) }, 'mtu', 'expected an array, received a Uint32Array'],
  [
    Pairs,
    { fixed: [{}, {}, {}] },
    'fixed',
    'expected exactly 2 elements (this has 3), received an array of 3',
  ],
  [
    Pairs,
    { pairs: Array.from({ length: 301 }, () => ({})) },
    'pairs',
    'expected at most 300 elements (this has 301), received an array of 301',
  ],
  [Pairs, { pairs: [{}, { a: 1, b: 2 }] }, 'pairs[1].b', 'expected a field of pair (a, c), received 2'],
  [Pairs, { pairs: [{}, { a: 65536 }] }, 'pairs[1].a', 'expected an integer from 0 to 65535, received 65536'],
  [
    Pairs,
    { pairs: [new Pair({}), null] },
    'pairs[1]',
    'expected an object with fields of pair, received null',
  ],
  [Pairs, { pairs: [[]] }, 'pairs[0]', 'expected an object with fields of pair, received an array of 0'],
  [
    Pairs,
    { pairs: [new Uint8Array(0)] },
    'pairs[0]',
    'expected an object with fields of pair, received 0 bytes',
  ],
  [Pairs, { pairs: { length: 1 } }, 'pairs', 'expected an array, received an object'],
  [Legacy, { rest: [1, 'x'] }, 'rest[1]', 'expected an integer from 0 to 65535, received "x"'],
  [
    Enums,
    { color: 65536 },
    'color',
    'expected a name of color (RED, BLUE) or an integer from 0 to 65535, received 65536',
  ],
  [
    Enums,
    { color: 'PINK' },
    'color',
    'expected a name of color (RED, BLUE) or an integer from 0 to 65535, received "PINK"',
  ],
  [
    Enums,
    { color: 'toString' },
    'color',
    'expected a name of color (RED, BLUE) or an integer from 0 to 65535, received "toString"',
  ],
  [
    Enums,
    { color: ['RED'] },
    'color',
    'expected a name of color (RED, BLUE) or an integer from 0 to 65535, received an array of 1',
  ],
  [
    Enums,
    { bits: ['A', 'Z'] },
    'bits',
    'expected names of bits (A, B, C, AB) or an integer from 0 to 255, received an array of 2',
  ],
  [
    Enums,
    { bits: 256 },
    'bits',
    'expected names of bits (A, B, C, AB) or an integer from 0 to 255, received 256',
  ],
  [Forms, { ip4: '::1' }, 'ip4', 'expected an IPv4 address like \'10.0.0.1\', received "::1"'],
  [Forms, { ip6: '10.0.0.1' }, 'ip6', 'expected an IPv6 address like \'2001:db8::1\', received "10.0.0.1"'],
  [
    Forms,
    { address: 'localhost' },
    'address',
    "expected an IP address like '10.0.0.1' or '2001:db8::1', received \"localhost\"",
  ],
  [
    Forms,
    { address: new Uint8Array(5) },
    'address',
    "expected an IP address like '10.0.0.1' or '2001:db8::1', received 5 bytes",
  ],
  [
    Forms,
    { address: 'af:256:00' },
    'address',
    "expected an IP address like '10.0.0.1' or '2001:db8::1', received \"af:256:00\"",
  ],
  [
    Forms,
    { prefix: '10.0.0.0/33' },
    'prefix',
    "expected an IP prefix like '10.0.0.0/8' or '2001:db8::/32', received \"10.0.0.0/33\"",
  ],
  [
    Forms,
    { prefix: '::/129' },
    'prefix',
    "expected an IP prefix like '10.0.0.0/8' or '2001:db8::/32', received \"::/129\"",
  ],
  [
    Forms,
    { prefix: '10.0.0.0/' },
    'prefix',
    "expected an IP prefix like '10.0.0.0/8' or '2001:db8::/32', received \"10.0.0.0/\"",
  ],
  [Forms, { prefix4: '::/8' }, 'prefix4', 'expected an IPv4 prefix like \'10.0.0.0/8\', received "::/8"'],
  [
    Forms,
    { prefix6: '10.0.0.0/8' },
    'prefix6',
    'expected an IPv6 prefix like \'2001:db8::/32\', received "10.0.0.0/8"',
  ],
  [
    Forms,
    { mac: '02:fe:00:00:00:01:aa:bb' },
    'mac',
    'expected a MAC address like \'02:fe:00:00:00:01\', received "02:fe:00:00:00:01:aa:bb"',
  ],
  [
    Forms,
    { mac: new Uint8Array(8) },
    'mac',
    "expected a MAC address like '02:fe:00:00:00:01', received 8 bytes",
  ],
  [
    Forms,
    { time: 'yesterday' },
    'time',
    'expected a Timestamp, a Date, a number of seconds or ISO 8601 text with an offset, received "yesterday"',
  ],
  [Forms, { delta: '1' }, 'delta', 'expected a number, received "1"'],
  [Forms, { index: -2 }, 'index', 'expected an integer from 0 to 4294967295, received -2'],
  [
    Unions,
    { outer: {} },
    'outer',
    "expected a MAC address like '02:fe:00:00:00:01', or an object with exactly one of wide, mac, colors, key, received an object",
  ],
  [
    Unions,
    { outer: { mac: '00:00:00:00:00:00', key: new Uint8Array(4) } },
    'outer',
    "expected a MAC address like '02:fe:00:00:00:01', or an object with exactly one of wide, mac, colors, key, received an object",
  ],
  [
    Unions,
    { outer: { fax: 1 } },
    'outer',
    "expected a MAC address like '02:fe:00:00:00:01', or an object with exactly one of wide, mac, colors, key, received an object",
  ],
  [
    Unions,
    { outer: { mac: 'x' } },
    'outer.mac',
    'expected a MAC address like \'02:fe:00:00:00:01\', received "x"',
  ],
  [
    Unions,
    { outer: { wide: { x: -1 } } },
    'outer.wide.x',
    'expected an integer from 0 to 4294967295, received -1',
  ],
  [
    Unions,
    { outer: { colors: [1] } },
    'outer.colors',
    'expected exactly 2 elements (this has 1), received an array of 1',
  ],
  [
    Unions,
    { address: '10.0.0' },
    'address',
    "expected an IPv4 address like '10.0.0.1', or an IPv6 address like '2001:db8::1', or an object with exactly one of ip4, ip6, received \"10.0.0\"",
  ],
  [
    Unions,
    { tagged: { value: { key: new Uint8Array(5) } } },
    'tagged.value.key',
    'expected exactly 4 elements (this has 5), received 5 bytes',
  ],
  [
    Unions,
    { list: [{ tiny: 1 }, { tiny: 256 }] },
    'list[1].tiny',
    'expected an integer from 0 to 255, received 256',
  ],
  [
    Aliases,
    { keys: [new Uint8Array(4), new Uint8Array(3)] },
    'keys[1]',
    'expected exactly 4 elements (this has 3), received 3 bytes',
  ],
  [
    Aliases,
    { macs: ['00:00:00:00:00:00', 'x'] },
    'macs[1]',
    'expected a MAC address like \'02:fe:00:00:00:01\', received "x"',
  ],
  [Nested, { profile: { auth: { data: 'x' } } }, 'profile.auth.data', 'expected a Uint8Array, received "x"'],
  [Nested, { profile: [] }, 'profile', 'expected an object with fields of profile, received an array of 0'],
  [
    WithDefaults,
    { several: [{}, { index: 1.5 }] },
    'several[1].index',
    'expected an integer from 0 to 4294967295, received 1.5',
  ],
]

describe.each(['compiled', 'interpreted'] as const)('the %s codec refuses', (engine) => {
  it.each(REFUSED)('%o %o', ({ descriptor }, value, path, text) => {
    const writer = new ByteWriter(64)
    writer.reserve(3)
    let error: unknown
    try {
      codecOf(descriptor, engine).encode(writer, value as object, 1, 2, 3)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(VppEncodeError)
    expect(error).toBeInstanceOf(VppError)
    expect(error).toMatchObject({
      name: 'VppEncodeError',
      code: 'VPP_ENCODE',
      messageName: descriptor.name,
      path,
    })
    expect((error as Error).message).toBe(`${descriptor.name}: ${path}: ${text}`)
    expect(writer.length).toBe(3)
    expect(writer.bytes.every((byte) => byte === 0)).toBe(true)
  })

  it.each([[null], [undefined], [5], ['x'], [[]], [new Uint8Array(1)], [() => 1]])(
    '%o as a message',
    (value) => {
      expect(() =>
        codecOf(Ping.descriptor, engine).encode(new ByteWriter(), value as never, 1, 2, 3),
      ).toThrow('ping: expected an object with fields of ping, received')
    },
  )

  it('values that an instance was given later', () => {
    const message = new Pairs({ pairs: [{ a: 1 }] })
    ;(message.pairs[0] as Pair).a = 70000
    expect(() => codecOf(Pairs.descriptor, engine).encode(new ByteWriter(), message, 1, 2, 3)).toThrow(
      'pairs: pairs[0].a: expected an integer from 0 to 65535, received 70000',
    )
    Object.assign(message, { pairs: [{ a: 1, z: 0 }] })
    expect(() => codecOf(Pairs.descriptor, engine).encode(new ByteWriter(), message, 1, 2, 3)).toThrow(
      'pairs: pairs[0].z: expected a field of pair (a, c), received 0',
    )
  })

  it('a deleted property no more than one that is left out', () => {
    const message: Partial<Numbers> = new Numbers({ u8: 9, u16: 1 })
    delete message.u8
    const writer = new ByteWriter()
    codecOf(Numbers.descriptor, engine).encode(writer, message, 1, 2, 3)
    expect(writer.bytes.toString('hex', 2, 6)).toBe('00000001')
  })
})

describe('a constructor', () => {
  it('refuses unknown names and shapes with the path', () => {
    expect(() => new Pairs({ pairs: [{}, { b: 2 } as never] })).toThrow(
      'pairs: pairs[1].b: expected a field of pair (a, c), received 2',
    )
    expect(() => new Pairs({ pairs: {} as never })).toThrow(
      'pairs: pairs: expected an array, received an object',
    )
    expect(() => new Tagged({ kind: 'PINK' as never })).toThrow(
      'tagged: kind: expected a name of color (RED, BLUE) or a number, received "PINK"',
    )
    expect(() => new Unions({ outer: { mac: 'x' } })).toThrow(
      'unions: outer.mac: expected a MAC address like \'02:fe:00:00:00:01\', received "x"',
    )
    expect(() => new Ping(null as never)).toThrow(
      'ping: expected an object with fields of ping, received null',
    )
  })
})
