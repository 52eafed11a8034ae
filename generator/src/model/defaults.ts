import type { SchemaValue } from '../schema/module.ts'
import type { EnumBase, Scalar, TypeUse } from './model.ts'

/**
 * A declared default as a value of the field's type. VPP writes the text `"true"` and the number 4294967295 for
 * booleans, `false` for integers, and any bit pattern for numbers; integers are cut to their width.
 *
 * Undefined when it cannot be made sense of, or the field is no scalar.
 */
export function coerceDefault(
  value: SchemaValue | undefined,
  use: TypeUse,
): number | bigint | boolean | undefined {
  if (value === undefined || value === null) return undefined
  const target = targetOf(use)
  if (target === undefined) return undefined
  const number = numberOf(value, target.members)
  if (number === undefined) return undefined
  if (target.scalar === 'bool') return number !== 0
  if (target.scalar === 'f64') return number
  if (!Number.isInteger(number)) return undefined
  const bits = Number(target.scalar.slice(1))
  const cut = target.scalar.startsWith('u')
    ? BigInt.asUintN(bits, BigInt(number))
    : BigInt.asIntN(bits, BigInt(number))
  return bits === 64 ? cut : Number(cut)
}

interface Target {
  readonly scalar: Scalar | EnumBase
  readonly members: ReadonlyMap<string, number>
}

const NO_MEMBERS: ReadonlyMap<string, number> = new Map()

function targetOf(use: TypeUse): Target | undefined {
  if (use.kind === 'scalar') return { scalar: use.scalar, members: NO_MEMBERS }
  if (use.kind === 'string') return undefined
  const { type } = use
  if (type.kind === 'alias' && type.length === undefined) return targetOf(type.use)
  if (type.kind !== 'enum') return undefined
  return { scalar: type.base, members: new Map(type.members.map(({ wireName, value }) => [wireName, value])) }
}

function numberOf(
  value: string | number | boolean,
  members: ReadonlyMap<string, number>,
): number | undefined {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return value
  if (value === 'true' || value === 'false') return Number(value === 'true')
  return members.get(value)
}
