/** A field that is another than before. */
export interface FieldDifference {
  /** Path of the field, as `paths.0.nextHop`; empty for the whole. */
  readonly field: string
  /** Null where there was none. */
  readonly from: unknown
  /** Null if it is removed. */
  readonly to: unknown
}

/** What differs between two values, field by field. */
export function fieldDifferences(from: unknown, to: unknown): FieldDifference[] {
  const found: FieldDifference[] = []
  compare('', from, to, found)
  return found
}

function compare(field: string, from: unknown, to: unknown, found: FieldDifference[]): void {
  if (JSON.stringify(from ?? null) === JSON.stringify(to ?? null)) return
  const [before, after] = [partsOf(from), partsOf(to)]
  if (before === undefined && after === undefined) {
    found.push({ field, from: from ?? null, to: to ?? null })
    return
  }
  // A value that becomes several fields, or the other way round.
  if ((before === undefined && from != null) || (after === undefined && to != null)) {
    found.push({ field, from: from ?? null, to: to ?? null })
    return
  }
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    compare(field === '' ? name : `${field}.${name}`, before?.[name], after?.[name], found)
  }
}

/** Fields of a value; undefined for one that is shown as a whole, such as a list of words. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value) && value.every((it) => typeof it !== 'object' || it === null)) return undefined
  return value as Readonly<Record<string, unknown>>
}
