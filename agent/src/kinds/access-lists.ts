import type { Actual } from './descriptor.ts'
import { readAclTag } from './mark.ts'

/** An access list as VPP dumps it, of either kind. */
interface Dumped<R> {
  readonly aclIndex: number
  readonly tag: string
  readonly r: readonly R[]
}

/** Access lists of VPP as objects: by the name in their tag where the agent made them, else by their number. */
export function accessLists<R, V>(
  kind: string,
  details: readonly Dumped<R>[],
  readRule: (rule: R) => V,
): Actual<{ name: string; rules: V[] }>[] {
  const taken = new Set<string>()
  return details.map(({ aclIndex, tag, r }) => {
    const name = readAclTag(tag)
    const first = name !== undefined && !taken.has(name)
    if (first) taken.add(name)
    return {
      kind,
      // A second one of the name is one too many; others have their number.
      key: first ? name : `${name ?? ''}~${aclIndex}`,
      foreign: name === undefined,
      value: { name: name ?? tag, rules: r.map(readRule) },
      index: aclIndex,
    }
  })
}
