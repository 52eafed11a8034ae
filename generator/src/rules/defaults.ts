/** Numbers that a double would round are text: see `exactDefaults`. */
const DIGITS = /^-?\d{16,}$/
/** A default that a double may not hold. */
const LONG_DEFAULT = /("default"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g

/** The text of a definition with long defaults as text, which JSON parsers do not round. */
export function exactDefaults(text: string): string {
  return text.replace(LONG_DEFAULT, '$1"$2"')
}

/**
 * A declared default as a value of a built-in type. VPP writes the text `"true"` and the number 4294967295 for booleans,
 * `false` for integers, and any bit pattern for numbers; integers are cut to their width. Undefined when it is not a value
 * of the type.
 *
 * @param members values by name, when the type is that of an enum
 */
export function coerceScalar(
  value: unknown,
  scalar: string,
  members: ReadonlyMap<string, number> = new Map(),
): number | bigint | boolean | undefined {
  const number = numberOf(value, members)
  if (number === undefined) return undefined
  const exact = typeof value === 'string' && DIGITS.test(value) ? BigInt(value) : undefined
  if (scalar === 'bool') return number !== 0
  if (scalar === 'f64') return number
  if (!Number.isInteger(number)) return undefined
  const bits = Number(scalar.slice(1))
  const cut = scalar.startsWith('u')
    ? BigInt.asUintN(bits, exact ?? BigInt(number))
    : BigInt.asIntN(bits, exact ?? BigInt(number))
  return bits === 64 ? cut : Number(cut)
}

function numberOf(value: unknown, members: ReadonlyMap<string, number>): number | undefined {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  if (value === 'true' || value === 'false') return Number(value === 'true')
  return members.get(value) ?? (DIGITS.test(value) ? Number(value) : undefined)
}
