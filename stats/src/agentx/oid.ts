/** Object identifier of SNMP: its numbers in order, such as `[1, 3, 6, 1, 2, 1, 2, 2]` for ifTable. */
export type Oid = readonly number[]

/** Negative when `one` comes before `other` in a walk, 0 when they are the same. */
export function compareOids(one: Oid, other: Oid): number {
  const shared = Math.min(one.length, other.length)
  for (let at = 0; at < shared; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

/** `1.3.6.1`, as tools of SNMP write it. */
export function formatOid(oid: Oid): string {
  return oid.join('.')
}
