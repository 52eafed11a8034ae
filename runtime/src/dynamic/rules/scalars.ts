// Copied from generator/src/rules by `npm run generate`. Do not edit.

/** Bytes of every built-in type of a fixed size. */
export const SCALAR_SIZE = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f64: 8,
  bool: 1,
} as const

/** A built-in type of a fixed size. */
export type ScalarName = keyof typeof SCALAR_SIZE

/** Integers that an enum can be stored in. An `enumflag` takes the unsigned ones. */
export const ENUM_BASES = ['u8', 'u16', 'u32', 'i8', 'i16', 'i32'] as const

/** An integer that an enum can be stored in. */
export type EnumBaseName = (typeof ENUM_BASES)[number]

/** True for the name of a built-in type of a fixed size. */
export function isScalar(name: unknown): name is ScalarName {
  return typeof name === 'string' && Object.hasOwn(SCALAR_SIZE, name)
}

/** True for the name of a type that needs no definition. */
export function isBuiltin(name: string): name is ScalarName | 'string' {
  return isScalar(name) || name === 'string'
}

/** True for an integer that an enum can be stored in. */
export function isEnumBase(name: unknown): name is EnumBaseName {
  return ENUM_BASES.some((base) => base === name)
}

/**
 * The value that a member of an enum has on the wire; undefined when the base type is too narrow. A negative member of an
 * unsigned enum is stored as its complement: -1 in a `u8` is 255.
 */
export function memberValue(value: number, base: EnumBaseName): number | undefined {
  const bits = Number(base.slice(1))
  const highest = 2 ** (base.startsWith('i') ? bits - 1 : bits) - 1
  if (!Number.isInteger(value) || value > highest || value < -(2 ** (bits - 1))) return undefined
  return value < 0 && base.startsWith('u') ? value + 2 ** bits : value
}

/** Whether the members of an enum are bits: VPP declares most sets of flags as plain enums. */
export function isFlagSet(name: string, isEnumflag: boolean): boolean {
  return isEnumflag || name.endsWith('_flags')
}
