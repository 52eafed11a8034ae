/** Types that need no definition. */
export const BUILTIN_TYPES = [
  'u8',
  'u16',
  'u32',
  'u64',
  'i8',
  'i16',
  'i32',
  'i64',
  'f64',
  'bool',
  'string',
] as const

/** A type that needs no definition. */
export type BuiltinType = (typeof BUILTIN_TYPES)[number]

/** Words before `define`, `typedef` and `union`. They steer VPP's C output only, except `autoreply`. */
export const FLAGS = [
  'manual_print',
  'manual_endian',
  'dont_trace',
  'typeonly',
  'autoendian',
  'autoreply',
] as const

/** A word before `define`, `typedef` or `union`. */
export type Flag = (typeof FLAGS)[number]

/** Integers that an enum can be stored in. An `enumflag` takes the unsigned ones. */
export const ENUM_BASES = ['u8', 'u16', 'u32', 'i8', 'i16', 'i32'] as const

/** An integer that an enum can be stored in. */
export type EnumBase = (typeof ENUM_BASES)[number]

/** Reserved words that are allowed as the name of a field. */
export const FIELD_NAME_WORDS = ['type', 'severity', 'description', 'counters', 'paths'] as const

/** Words that start a statement. */
export const STATEMENT_WORDS = [
  'option',
  'import',
  'define',
  'typedef',
  'union',
  'enum',
  'enumflag',
  'service',
  'counters',
  'paths',
] as const
