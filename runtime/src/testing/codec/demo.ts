import type {
  EnumValue,
  Flags,
  Ip4Address,
  Ip4Prefix,
  Ip6Address,
  Ip6Prefix,
  IpAddress,
  IpPrefix,
  MacAddress,
  MessageDescriptor,
  StructDescriptor,
  Timestamp as Time,
  UnionDescriptor,
} from '../../codegen/v1.ts'
import {
  defineAlias,
  defineEnum,
  defineForm,
  defineMessage,
  defineStruct,
  defineUnion,
  Message,
  Struct,
  Union,
} from '../../codegen/v1.ts'

/** A module with every construct, hand-written as the generator would write it. */

export const Color = defineEnum('color', 'u16', { RED: 4, BLUE: 5 })
export type Color = EnumValue<typeof Color>

export const Level = defineEnum('level', 'i8', { LOW: -1, MIDDLE: 0, HIGH: 1 })
export type Level = EnumValue<typeof Level>

export const Bits = defineEnum('bits', 'u8', { A: 1, B: 2, C: 128, AB: 3 }, { flags: true })
export type Bits = Flags<typeof Bits>

export const WideBits = defineEnum('wide_bits', 'u32', { LOW: 1, TOP: 0x80000000 }, { flags: true })
export type WideBits = Flags<typeof WideBits>

export const AddressFamily = defineEnum('address_family', 'u8', { ADDRESS_IP4: 0, ADDRESS_IP6: 1 })
export const Ip4 = defineAlias('ip4_address', 'u8', 4, 'ip4-address')
export const Ip6 = defineAlias('ip6_address', 'u8', 16, 'ip6-address')
export const Mac = defineAlias('mac_address', 'u8', 6, 'mac-address')
export const Index = defineAlias('interface_index', 'u32', undefined, 'interface-index')
export const Stamp = defineAlias('timestamp', 'f64', undefined, 'timestamp')
export const Delta = defineAlias('timedelta', 'f64', undefined, 'timedelta')
export const Key = defineAlias('key', 'u8', 4)
export const Tone = defineAlias('tone', Color)
export const ToneAgain = defineAlias('tone_again', Tone)

export class AddressUnion extends Union<AddressUnion, IpAddress> {
  declare ip4: Ip4Address
  declare ip6: Ip6Address
  static ip4(value: Ip4Address): AddressUnion {
    return new AddressUnion({ ip4: value })
  }
  static ip6(value: Ip6Address): AddressUnion {
    return new AddressUnion({ ip6: value })
  }
  static readonly descriptor: UnionDescriptor<AddressUnion> = defineUnion(AddressUnion, 'address_union', 16, [
    ['ip4', 'ip4', Ip4, undefined, 0],
    ['ip6', 'ip6', Ip6, undefined, 1],
  ])
}

export const Address = defineForm('address', 'address', [
  ['af', 'af', AddressFamily],
  ['un', 'un', AddressUnion, undefined, { discriminator: 'af' }],
])
export const Prefix = defineForm('prefix', 'prefix', [
  ['address', 'address', Address],
  ['len', 'len', 'u8'],
])
export const AddressWithPrefix = defineAlias('address_with_prefix', Prefix, undefined, 'prefix')
export const Prefix4 = defineForm('ip4_prefix', 'ip4-prefix', [
  ['address', 'address', Ip4],
  ['len', 'len', 'u8'],
])
export const Prefix6 = defineForm('ip6_prefix', 'ip6-prefix', [
  ['address', 'address', Ip6],
  ['len', 'len', 'u8'],
])

export class Pair extends Struct<Pair> {
  declare a: number
  declare c: Color
  static readonly descriptor: StructDescriptor<Pair> = defineStruct(Pair, 'pair', [
    ['a', 'a', 'u16'],
    ['c', 'c', Color],
  ])
}

export const PairAlias = defineAlias('pair_alias', Pair)

export class Inner extends Union<Inner> {
  declare tiny: number
  declare pair: Pair
  static readonly descriptor: UnionDescriptor<Inner> = defineUnion(Inner, 'inner', 4, [
    ['tiny', 'tiny', 'u8'],
    ['pair', 'pair', Pair],
  ])
}

export class Wide extends Struct<Wide> {
  declare x: number
  declare inner: Inner
  declare odd: number
  static readonly descriptor: StructDescriptor<Wide> = defineStruct(Wide, 'wide', [
    ['x', 'x', 'u32'],
    ['inner', 'inner', Inner],
    ['odd', 'odd', 'u8'],
  ])
}

/** Nine bytes, so that the last word is not full. */
export class Outer extends Union<Outer> {
  declare wide: Wide
  declare mac: MacAddress
  declare colors: Color[]
  declare key: Uint8Array
  static readonly descriptor: UnionDescriptor<Outer> = defineUnion(Outer, 'outer', 9, [
    ['wide', 'wide', Wide, undefined, 4],
    ['mac', 'mac', Mac, undefined, 5],
    ['colors', 'colors', Color, 2, 6],
    ['key', 'key', Key],
  ])
}

/** Large enough to be copied in loops. */
export class Big extends Union<Big> {
  declare data: Uint8Array
  declare pairs: Pair[]
  static readonly descriptor: UnionDescriptor<Big> = defineUnion(Big, 'big', 70, [
    ['data', 'data', 'u8', 70],
    ['pairs', 'pairs', PairAlias, 3],
  ])
}

export class Tagged extends Struct<Tagged> {
  declare kind: Color
  declare value: Outer
  static readonly descriptor: StructDescriptor<Tagged> = defineStruct(Tagged, 'tagged', [
    ['kind', 'kind', ToneAgain],
    ['value', 'value', Outer, undefined, { discriminator: 'kind' }],
  ])
}

export class Defaults extends Struct<Defaults> {
  declare index: number
  declare ratio: number
  static readonly descriptor: StructDescriptor<Defaults> = defineStruct(Defaults, 'defaults', [
    ['index', 'index', Index, undefined, { default: 0xffffffff }],
    ['ratio', 'ratio', 'f64', undefined, { default: 1 }],
  ])
}

export class Auth extends Struct<Auth> {
  declare method: number
  declare data: Uint8Array
  static readonly descriptor: StructDescriptor<Auth> = defineStruct(Auth, 'auth', [
    ['method', 'method', 'u8'],
    ['data_len', 'dataLen', 'u32'],
    ['data', 'data', 'u8', 'data_len'],
  ])
}

export class Profile extends Struct<Profile> {
  declare name: string
  declare auth: Auth
  static readonly descriptor: StructDescriptor<Profile> = defineStruct(Profile, 'profile', [
    ['name', 'name', 'string', 8],
    ['auth', 'auth', Auth],
  ])
}

export class Ping extends Message<Ping> {
  static readonly descriptor: MessageDescriptor<Ping> = defineMessage(Ping, 'ping', '51077d14', 'request', [])
}

export class Numbers extends Message<Numbers> {
  declare u8: number
  declare i8: number
  declare u16: number
  declare i16: number
  declare u32: number
  declare i32: number
  declare u64: bigint
  declare i64: bigint
  declare f64: number
  declare yes: boolean
  declare no: boolean
  static readonly descriptor: MessageDescriptor<Numbers> = defineMessage(
    Numbers,
    'numbers',
    '00000001',
    'none',
    [
      ['u8', 'u8', 'u8'],
      ['i8', 'i8', 'i8'],
      ['u16', 'u16', 'u16'],
      ['i16', 'i16', 'i16'],
      ['u32', 'u32', 'u32'],
      ['i32', 'i32', 'i32'],
      ['u64', 'u64', 'u64'],
      ['i64', 'i64', 'i64'],
      ['f64', 'f64', 'f64'],
      ['yes', 'yes', 'bool'],
      ['no', 'no', 'bool'],
    ],
  )
}

export class Texts extends Message<Texts> {
  declare name: string
  declare after: number
  declare reply: string
  static readonly descriptor: MessageDescriptor<Texts> = defineMessage(Texts, 'texts', '00000002', 'none', [
    ['name', 'name', 'string', 8],
    ['after', 'after', 'u8'],
    ['reply', 'reply', 'string', 0, { limit: 101 }],
  ])
}

export class Bytes extends Message<Bytes> {
  declare key: Uint8Array
  declare data: Uint8Array
  static readonly descriptor: MessageDescriptor<Bytes> = defineMessage(Bytes, 'bytes', '00000003', 'none', [
    ['key', 'key', 'u8', 4],
    ['n', 'n', 'u8'],
    ['data', 'data', 'u8', 'n'],
  ])
}

export class Pairs extends Message<Pairs> {
  declare flag: number
  declare mtu: number[]
  declare fixed: Pair[]
  declare pairs: Pair[]
  static readonly descriptor: MessageDescriptor<Pairs> = defineMessage(Pairs, 'pairs', '00000004', 'reply', [
    ['count', 'count', 'u16'],
    ['flag', 'flag', 'u8'],
    ['mtu', 'mtu', 'u32', 2],
    ['fixed', 'fixed', PairAlias, 2],
    ['pairs', 'pairs', Pair, 'count', { limit: 300 }],
  ])
}

export class Legacy extends Message<Legacy> {
  declare a: number
  declare rest: number[]
  static readonly descriptor: MessageDescriptor<Legacy> = defineMessage(
    Legacy,
    'legacy',
    '00000005',
    'none',
    [
      ['a', 'a', 'u32'],
      ['rest', 'rest', 'u16', '*'],
    ],
  )
}

export class LegacyBytes extends Message<LegacyBytes> {
  declare rest: Uint8Array
  static readonly descriptor: MessageDescriptor<LegacyBytes> = defineMessage(
    LegacyBytes,
    'legacy_bytes',
    '00000006',
    'none',
    [['rest', 'rest', 'u8', '*']],
  )
}

export class Enums extends Message<Enums> {
  declare color: Color
  declare level: Level
  declare bits: Bits
  declare wide: WideBits
  declare colors: Color[]
  declare bitsList: Bits[]
  static readonly descriptor: MessageDescriptor<Enums> = defineMessage(Enums, 'enums', '00000007', 'none', [
    ['color', 'color', ToneAgain],
    ['level', 'level', Level],
    ['bits', 'bits', Bits],
    ['wide', 'wide', WideBits],
    ['colors', 'colors', Color, 2],
    ['n', 'n', 'u32'],
    ['bits_list', 'bitsList', Bits, 'n'],
  ])
}

export class Forms extends Message<Forms> {
  declare ip4: Ip4Address
  declare ip6: Ip6Address
  declare address: IpAddress
  declare prefix: IpPrefix
  declare withPrefix: IpPrefix
  declare prefix4: Ip4Prefix
  declare prefix6: Ip6Prefix
  declare mac: MacAddress
  declare time: Time
  declare delta: number
  declare index: number
  static readonly descriptor: MessageDescriptor<Forms> = defineMessage(Forms, 'forms', '00000008', 'none', [
    ['ip4', 'ip4', Ip4],
    ['ip6', 'ip6', Ip6],
    ['address', 'address', Address],
    ['prefix', 'prefix', Prefix],
    ['with_prefix', 'withPrefix', AddressWithPrefix],
    ['prefix4', 'prefix4', Prefix4],
    ['prefix6', 'prefix6', Prefix6],
    ['mac', 'mac', Mac],
    ['time', 'time', Stamp],
    ['delta', 'delta', Delta],
    ['index', 'index', Index],
  ])
}

export class Unions extends Message<Unions> {
  declare outer: Outer
  declare address: AddressUnion
  declare tagged: Tagged
  declare big: Big
  declare list: Inner[]
  static readonly descriptor: MessageDescriptor<Unions> = defineMessage(
    Unions,
    'unions',
    '00000009',
    'none',
    [
      ['outer', 'outer', Outer],
      ['address', 'address', AddressUnion],
      ['tagged', 'tagged', Tagged],
      ['big', 'big', Big],
      ['n', 'n', 'u8'],
      ['list', 'list', Inner, 'n'],
    ],
  )
}

export class Aliases extends Message<Aliases> {
  declare key: Uint8Array
  declare pair: Pair
  declare keys: Uint8Array[]
  declare macs: MacAddress[]
  static readonly descriptor: MessageDescriptor<Aliases> = defineMessage(
    Aliases,
    'aliases',
    '0000000a',
    'none',
    [
      ['key', 'key', Key],
      ['pair', 'pair', PairAlias],
      ['keys', 'keys', Key, 2],
      ['n', 'n', 'u8'],
      ['macs', 'macs', Mac, 'n'],
    ],
  )
}

export class Nested extends Message<Nested> {
  declare id: number
  declare profile: Profile
  static readonly descriptor: MessageDescriptor<Nested> = defineMessage(
    Nested,
    'nested',
    '0000000b',
    'none',
    [
      ['id', 'id', 'u32'],
      ['profile', 'profile', Profile],
    ],
  )
}

export class WithDefaults extends Message<WithDefaults> {
  declare isAdd: boolean
  declare cookie: bigint
  declare color: Color
  declare nested: Defaults
  declare several: Defaults[]
  declare last: number
  static readonly descriptor: MessageDescriptor<WithDefaults> = defineMessage(
    WithDefaults,
    'with_defaults',
    '0000000c',
    'request',
    [
      ['is_add', 'isAdd', 'bool', undefined, { default: true }],
      ['cookie', 'cookie', 'u64', undefined, { default: 7n }],
      ['color', 'color', Color, undefined, { default: 5 }],
      ['nested', 'nested', Defaults],
      ['several', 'several', Defaults, 2],
      ['last', 'last', 'i32', undefined, { default: -1 }],
    ],
  )
}

export class Noticed extends Message<Noticed> {
  declare pid: number
  static readonly descriptor: MessageDescriptor<Noticed> = defineMessage(
    Noticed,
    'noticed',
    '0000000d',
    'event',
    [['pid', 'pid', 'u32']],
  )
}
