import { BUILTIN_TYPES, type SchemaType, type SchemaValue } from './module.ts'

/** What a default is a value of: a built-in type, and the names of values when it stands for an enum. */
interface Target {
  readonly scalar: string
  readonly members: ReadonlyMap<string, number>
}

/** Numbers that a double would round are text: see `exactDefaults`. */
const DIGITS = /^-?\d{16,}$/
/** A default that a double may not hold. */
const LONG_DEFAULT = /("default"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g

/** The text of a definition with long defaults as text, which JSON parsers do not round. */
export function exactDefaults(text: string): string {
  return text.replace(LONG_DEFAULT, '$1"$2"')
}

const NO_MEMBERS: ReadonlyMap<string, number> = new Map()

/**
 * A declared default as a value of the field's type. VPP writes the text `"true"` and the number 4294967295 for
 * booleans, `false` for integers, and any bit pattern for numbers; integers are cut to their width.
 *
 * Undefined when it cannot be made sense of, or the field is not a scalar.
 *
 * @param type bare name of the field's type
 * @param types all types that the module knows
 */
export function coerceDefault(
  value: SchemaValue | undefined,
  type: string,
  types: ReadonlyMap<string, SchemaType>,
): number | bigint | boolean | undefined {
  if (value === undefined || value === null) return undefined
  const target = targetOf(type, types)
  if (target === undefined) return undefined
  const number = numberOf(value, target.members)
  if (number === undefined) return undefined
  const exact = typeof value === 'string' && DIGITS.test(value) ? BigInt(value) : undefined
  if (target.scalar === 'bool') return number !== 0
  if (target.scalar === 'f64') return number
  if (!Number.isInteger(number)) return undefined
  const bits = Number(target.scalar.slice(1))
  const cut = target.scalar.startsWith('u')
    ? BigInt.asUintN(bits, exact ?? BigInt(number))
    : BigInt.asIntN(bits, exact ?? BigInt(number))
  return bits === 64 ? cut : Number(cut)
}

function targetOf(name: string, types: ReadonlyMap<string, SchemaType>): Target | undefined {
  let type = name
  // As many steps as there are types: aliases may lead in a circle.
  for (let steps = 0; steps <= types.size; steps++) {
    if (BUILTIN_TYPES.has(type)) return type === 'string' ? undefined : { scalar: type, members: NO_MEMBERS }
    const found = types.get(type)
    if (found?.kind === 'enum') return { scalar: found.base, members: new Map(found.members) }
    if (found?.kind !== 'alias' || found.length !== undefined) return undefined
    type = found.type
  }
  return undefined
}

function numberOf(
  value: string | number | boolean,
  members: ReadonlyMap<string, number>,
): number | undefined {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return value
  if (value === 'true' || value === 'false') return Number(value === 'true')
  return members.get(value) ?? (DIGITS.test(value) ? Number(value) : undefined)
}
