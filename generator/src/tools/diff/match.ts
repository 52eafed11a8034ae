/** Things of two releases that belong together. */
export interface Matches<T> {
  readonly pairs: readonly (readonly [before: T, after: T])[]
  /** Pairs whose names differ. */
  readonly renamed: readonly (readonly [before: T, after: T])[]
  readonly removed: readonly T[]
  readonly added: readonly T[]
}

/**
 * Matches by name, then what is left over by shape.
 *
 * @param shapeOf what a thing looks like without its name; undefined: it looks like too many others to be told by it
 */
export function match<T>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
  shapeOf: (item: T, side: 'before' | 'after') => string | undefined,
): Matches<T> {
  const byName = new Map(after.map((item) => [nameOf(item), item]))
  const names = new Set(before.map(nameOf))
  const pairs: (readonly [T, T])[] = []
  const gone: T[] = []
  for (const item of before) {
    const same = byName.get(nameOf(item))
    if (same === undefined) gone.push(item)
    else pairs.push([item, same])
  }
  const fresh = after.filter((item) => !names.has(nameOf(item)))
  const renamed = byShape(gone, fresh, shapeOf)
  const taken = new Set(renamed.flat())
  return {
    pairs,
    renamed,
    removed: gone.filter((item) => !taken.has(item)),
    added: fresh.filter((item) => !taken.has(item)),
  }
}

/** Pairs of one shape, where there is one candidate on each side. */
function byShape<T>(
  gone: readonly T[],
  fresh: readonly T[],
  shapeOf: (item: T, side: 'before' | 'after') => string | undefined,
): (readonly [T, T])[] {
  const old = groupBy(gone, (item) => shapeOf(item, 'before'))
  const now = groupBy(fresh, (item) => shapeOf(item, 'after'))
  const found: (readonly [T, T])[] = []
  for (const [shape, [item, ...others]] of old) {
    const [same, ...rivals] = now.get(shape) ?? []
    if (item !== undefined && same !== undefined && others.length === 0 && rivals.length === 0)
      found.push([item, same])
  }
  return found
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** Items of a list that must move to get from one order to another: all but the longest run that keeps its order. */
export function movedItems<T>(before: readonly T[], after: readonly T[]): T[] {
  const place = new Map(after.map((item, index) => [item, index]))
  const order = before.map((item) => place.get(item) ?? -1)
  const lengths = order.map(() => 1)
  const previous = order.map(() => -1)
  let last = order.length === 0 ? -1 : 0
  for (let i = 0; i < order.length; i++) {
    for (let j = 0; j < i; j++) {
      const longer = (order[j] ?? 0) < (order[i] ?? 0) && (lengths[j] ?? 0) + 1 > (lengths[i] ?? 0)
      if (!longer) continue
      lengths[i] = (lengths[j] ?? 0) + 1
      previous[i] = j
    }
    if ((lengths[i] ?? 0) > (lengths[last] ?? 0)) last = i
  }
  const kept = new Set<number>()
  for (let at = last; at !== -1; at = previous[at] ?? -1) kept.add(at)
  return before.filter((_, index) => !kept.has(index))
}
