import type { EnumBase, ScalarType, TypeRef } from '../codec/descriptor.ts'
import { isObject } from './document.ts'

const SCALARS: ReadonlySet<string> = new Set<ScalarType>([
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
])
const ENUM_BASES: ReadonlySet<string> = new Set<EnumBase>(['u8', 'u16', 'u32', 'i8', 'i16', 'i32'])

/** True for the name of a built-in type of fixed size. */
export function isScalar(name: string): name is ScalarType {
  return SCALARS.has(name)
}

/** True for the name of a type that an enum can be based on. */
export function isEnumBase(name: unknown): name is EnumBase {
  return typeof name === 'string' && ENUM_BASES.has(name)
}

/**
 * A default as a value of its field's type. Documents write `true` as the text `"true"`, booleans also as numbers, and
 * `~0` as 4294967295 whatever the width. Undefined when it is no value of the type.
 */
export function coerceDefault(type: TypeRef, value: unknown): number | bigint | boolean | string | undefined {
  if (type === 'string') return typeof value === 'string' ? value : undefined
  if (typeof type === 'string') return coerceScalar(type, value)
  const { descriptor } = type
  if (descriptor.kind === 'alias')
    return descriptor.length === undefined ? coerceDefault(descriptor.type, value) : undefined
  if (descriptor.kind !== 'enum') return undefined
  if (typeof value === 'string' && Object.hasOwn(descriptor.members, value)) return descriptor.members[value]
  return coerceScalar(descriptor.base, value)
}

function coerceScalar(type: ScalarType, value: unknown): number | bigint | boolean | undefined {
  if (isObject(value) || Array.isArray(value)) return undefined
  const number = value === 'true' ? 1 : value === 'false' ? 0 : Number(value)
  if (Number.isNaN(number)) return undefined
  switch (type) {
    case 'bool':
      return number !== 0
    case 'f64':
      return number
    case 'u64':
      return Number.isInteger(number) ? BigInt.asUintN(64, exact(value, number)) : undefined
    case 'i64':
      return Number.isInteger(number) ? BigInt.asIntN(64, exact(value, number)) : undefined
    default:
      return Number.isInteger(number) ? toWidth(type, number) : undefined
  }
}

/** Digits are text where a double would round them. */
function exact(value: unknown, number: number): bigint {
  return BigInt(typeof value === 'string' && /^-?\d+$/.test(value) ? value : number)
}

function toWidth(type: EnumBase, value: number): number {
  const bits = Number(type.slice(1))
  const wrapped = type.startsWith('u')
    ? BigInt.asUintN(bits, BigInt(value))
    : BigInt.asIntN(bits, BigInt(value))
  return Number(wrapped)
}
