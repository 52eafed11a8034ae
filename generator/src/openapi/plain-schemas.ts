import type { JsonSchema } from './json-schema.ts'
import type { EnumShape, FormShape, ScalarShape } from './shape.ts'

type Integer = EnumShape['base']

const RANGES: Readonly<Record<Integer, readonly [least: number, most: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
}

/** Doubles that JSON's numbers lack are spelled out. */
const DOUBLE: JsonSchema = {
  anyOf: [{ type: 'number' }, { type: 'string', enum: ['NaN', 'Infinity', '-Infinity', '-0'] }],
}

/** Largest count that a field of this type can hold. */
export function mostOf(type: unknown): number {
  return RANGES[type as Integer]?.[1] ?? RANGES.u32[1]
}

/** A value of a built-in type. */
export function scalarSchema(type: ScalarShape): JsonSchema {
  switch (type) {
    case 'bool':
      return { type: 'boolean' }
    case 'f64':
      return DOUBLE
    case 'u64':
      return { type: 'string', pattern: '^[0-9]{1,20}$' }
    case 'i64':
      return { type: 'string', pattern: '^-?[0-9]{1,19}$' }
    default: {
      const [minimum, maximum] = RANGES[type]
      return { type: 'integer', minimum, maximum }
    }
  }
}

/** Text; `size` is that of the field with its NUL, 0 for a length prefix. */
export function textSchema(size: number, limit: number | undefined): JsonSchema {
  const most = Math.min(size === 0 ? Infinity : size - 1, limit === undefined ? Infinity : limit - 1)
  return { type: 'string', ...(most === Infinity ? {} : { maxLength: most }) }
}

/** Bytes as `0x…`: exactly so many, or at most. */
export function bytesSchema(count: { readonly exactly: number } | { readonly most: number }): JsonSchema {
  const repeat = 'exactly' in count ? `{${count.exactly}}` : '*'
  const limit = 'most' in count && count.most < 0xffffffff ? { maxLength: 2 + 2 * count.most } : {}
  return { type: 'string', pattern: `^0x([0-9a-fA-F]{2})${repeat}$`, ...limit }
}

/** Bytes as `0x…` of a fixed array that may be given short. */
export function shortBytesSchema(most: number): JsonSchema {
  return { type: 'string', pattern: `^0x([0-9a-fA-F]{2}){0,${most}}$` }
}

/** A key: base64 as `wg` prints it, or hex digits of at most so many bytes; `0x…` too. */
export function keySchema(text: 'base64' | 'hex', bytes: number): JsonSchema {
  return text === 'base64'
    ? { type: 'string', pattern: `^([A-Za-z0-9+/]{43}=|0x([0-9a-fA-F]{2}){${bytes}})$` }
    : { type: 'string', pattern: `^(0x)?([0-9a-fA-F]{2}){0,${bytes}}$` }
}

/** The name of a member, or a number, because VPP checks neither; of flags a list of these. */
export function enumSchema({ base, flags, members }: EnumShape): JsonSchema {
  const names = Object.keys(members)
  const number = scalarSchema(base)
  const one = names.length === 0 ? number : { anyOf: [{ type: 'string', enum: names } as const, number] }
  return flags ? { type: 'array', items: one } : one
}

/** What no usual spelling expresses: the family's number, and the bytes. */
const RAW_ADDRESS = text('af:[0-9]{1,3}:[0-9a-fA-F]+')
const RAW_PREFIX = text('af:[0-9]{1,3}:[0-9a-fA-F]+/[0-9]{1,3}')
const IP4_PREFIX = text('([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}')
const IP6_PREFIX = text('[0-9a-fA-F:]*:[0-9a-fA-F:.]*/[0-9]{1,3}')

function text(pattern: string): JsonSchema {
  return { type: 'string', pattern: `^${pattern}$` }
}

const FORMS: Readonly<Record<FormShape, JsonSchema>> = {
  'ip4-address': { type: 'string', format: 'ipv4' },
  'ip6-address': { type: 'string', format: 'ipv6' },
  address: { anyOf: [{ type: 'string', format: 'ipv4' }, { type: 'string', format: 'ipv6' }, RAW_ADDRESS] },
  'ip4-prefix': { anyOf: [IP4_PREFIX, RAW_PREFIX] },
  'ip6-prefix': { anyOf: [IP6_PREFIX, RAW_PREFIX] },
  prefix: { anyOf: [IP4_PREFIX, IP6_PREFIX, RAW_PREFIX] },
  'mac-address': { type: 'string', pattern: '^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$' },
  timestamp: { ...DOUBLE, description: 'Seconds since 1970-01-01T00:00Z.' },
  timedelta: { ...DOUBLE, description: 'Seconds.' },
  'interface-index': {
    type: 'integer',
    minimum: -1,
    maximum: 0xffffffff,
    description: 'Index of an interface; 4294967295, or -1, for none.',
  },
}

/** A value in a friendly form. */
export function formSchema(form: FormShape): JsonSchema {
  return FORMS[form]
}
