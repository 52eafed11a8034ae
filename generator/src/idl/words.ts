import { isScalar, SCALAR_SIZE, type ScalarName } from '../rules/scalars.ts'

/** Types that need no definition. */
export const BUILTIN_TYPES = [...(Object.keys(SCALAR_SIZE) as ScalarName[]), 'string'] as const

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

/** True for a type that can count the elements of an array: any integer, signed or not. Aliases of them count too. */
export function isCountType(name: string): boolean {
  return isScalar(name) && name !== 'bool' && name !== 'f64'
}
