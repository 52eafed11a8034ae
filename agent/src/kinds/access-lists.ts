import { name as anyName } from '../model/fields.ts'
import type { Actual, WantedView } from './descriptor.ts'
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
  wanted: Pick<WantedView, 'made'>,
  readRule: (rule: R) => V,
): Actual<{ name: string; rules: V[] }>[] {
  const marked = new Set(details.map(({ tag }) => readAclTag(tag)))
  const adopted = adoptedNames(details, marked)
  const taken = new Set<string>()
  return details.map(({ aclIndex, tag, r }) => {
    const taking = adopted.get(aclIndex)
    const isAdopted = taking !== undefined && wanted.made(kind, taking) === true
    const name = isAdopted ? taking : readAclTag(tag)
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

/**
 * Names that lists without the agent's mark go by once it has taken them over: their tags, where these are names and no
 * two lists have one, or else their numbers.
 */
function adoptedNames(
  details: readonly Dumped<unknown>[],
  marked: ReadonlySet<string | undefined>,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  const taken = new Set(marked)
  for (const { aclIndex, tag } of details) {
    if (readAclTag(tag) !== undefined) continue
    const name = anyName.safeParse(tag).success && !taken.has(tag) ? tag : `acl-${aclIndex}`
    taken.add(name)
    names.set(aclIndex, name)
  }
  return names
}
