/**
 * A value without what is undefined, and without what is as a schema has it when it is left out: the way people would
 * write it.
 */
export function brief<T extends object>(fields: T, defaults: Partial<T> = {}): Partial<T> {
  const said = Object.entries(fields).filter(([name, value]) => {
    if (value === undefined) return false
    const usual = (defaults as Readonly<Record<string, unknown>>)[name]
    return usual === undefined || JSON.stringify(usual) !== JSON.stringify(value)
  })
  return Object.fromEntries(said) as Partial<T>
}

/** Values by what they have in common, in the order in which they come. */
export function grouped<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}
