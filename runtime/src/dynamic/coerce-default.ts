import type { TypeRef } from '../codec/descriptor.ts'
import { coerceScalar } from './rules/defaults.ts'

/** A default as a value of its field's type. Undefined when it is not a value of the type. */
export function coerceDefault(type: TypeRef, value: unknown): number | bigint | boolean | undefined {
  if (type === 'string') return undefined
  if (typeof type === 'string') return coerceScalar(value, type)
  const { descriptor } = type
  if (descriptor.kind === 'alias')
    return descriptor.length === undefined ? coerceDefault(descriptor.type, value) : undefined
  if (descriptor.kind !== 'enum') return undefined
  return coerceScalar(value, descriptor.base, new Map(Object.entries(descriptor.members)))
}
