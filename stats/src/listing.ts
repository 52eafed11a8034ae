import type { StatIdentity, StatType } from './entries.ts'
import { Kind } from './segment/layout.ts'
import type { Directory } from './segment/directory.ts'

/** One line of a listing. */
export interface StatListing extends StatIdentity {
  /** What {@link StatsClient.dump} would give, except that a symlink is listed as one. */
  readonly type: StatType
  /** For a symlink: the entry it points to and the column of it that it shows. */
  readonly link: { readonly target: number; readonly column: number } | undefined
}

const TYPES: Partial<Record<number, StatType>> = {
  [Kind.SCALAR]: 'scalar',
  [Kind.GAUGE]: 'gauge',
  [Kind.SIMPLE]: 'simple',
  [Kind.COMBINED]: 'combined',
  [Kind.NAMES]: 'names',
  [Kind.SYMLINK]: 'symlink',
  [Kind.ERROR]: 'simple',
  [Kind.HISTOGRAM]: 'histogram',
  [Kind.RING]: 'ring',
}

/** The live entries whose name is wanted. */
export function listEntries(directory: Directory, wanted: (name: string) => boolean): StatListing[] {
  const list: StatListing[] = []
  directory.names.forEach((name, index) => {
    if (name === '' || !wanted(name)) return
    const kind = directory.kinds[index] ?? Kind.UNKNOWN
    list.push({
      index,
      name,
      type: TYPES[kind] ?? 'unknown',
      link: kind === Kind.SYMLINK ? directory.link(index) : undefined,
    })
  })
  return list
}
