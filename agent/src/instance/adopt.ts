import { declarationOf, type Declaration } from '../desired/declaration.ts'
import { API_ORIGIN, type DeclaredItems } from '../desired/declared-items.ts'
import { isEqual } from '../desired/effective-table.ts'
import type { Item } from '../kinds/item.ts'
import { idOf, type ItemRef } from '../model/item-ref.ts'
import type { Dump, NotDumped, Strange } from '../reconcile/dump.ts'

/** How what VPP has is taken over. */
export interface AdoptOptions {
  /** Who declares it; default `API_ORIGIN`. */
  readonly origin?: string | undefined
  /** Who asks, for the history; default: the origin. */
  readonly author?: string | undefined
  /** Items for what VPP does not report of them, as the secrets of memifs. */
  readonly given?: readonly Item[] | undefined
  /** Only items of these kinds; default: of all. */
  readonly only?: ReadonlySet<string> | undefined
}

/** What was taken over. */
export interface Adopted {
  readonly items: Dump['items']
  readonly leftOut: readonly NotDumped[]
  /** Items that were not declared before. */
  readonly declared: readonly ItemRef[]
  /** Objects that were not the agent's before. */
  readonly objects: number
}

/** Operations of a change beside those on items and objects. */
const RESERVED = 8
/** Operations of one change, where the store takes more. */
const MOST_OPERATIONS = 1000

/**
 * Declares what is not declared yet, and records that it is the agent's, each item together with its objects: one that
 * is declared alone would be blocked, and an object that is the agent's alone would be removed.
 */
export async function adopt(
  declared: DeclaredItems,
  { items, leftOut, strange }: Dump,
  { origin = API_ORIGIN, author }: AdoptOptions,
): Promise<Adopted> {
  const put: Declaration[] = []
  const taken = new Set<string>()
  for (const written of items) {
    const declaration = declarationOf(written, 'a dump', declared.kinds)
    const kept = declared.state.keptOf(declaration.ref)
    // What is declared otherwise is not what VPP has: an apply may change it.
    if (kept !== undefined && !isEqual(kept.item, declaration.item)) continue
    taken.add(idOf(declaration.ref))
    if (kept === undefined) put.push(declaration)
  }
  const objects = strange.filter((it) => it.items.every((ref) => taken.has(idOf(ref))))
  const comment = 'taken over as VPP has it'
  const most = Math.min(declared.mostOperations, MOST_OPERATIONS) - RESERVED
  for (const some of changesOf(put, objects, most)) {
    await declared.change({ origin, author, comment, ...some })
  }
  return { items, leftOut, declared: put.map(({ ref }) => ref), objects: objects.length }
}

interface Some {
  readonly put: Declaration[]
  readonly adopts: ItemRef[]
}

/** What is to be written, in batches, an object with an item that it is part of where both have room. */
function changesOf(put: readonly Declaration[], objects: readonly Strange[], most: number): Some[] {
  const parts = new Map<string, Strange[]>()
  for (const object of objects) {
    const [first] = object.items
    const name = first === undefined ? '' : idOf(first)
    parts.set(name, [...(parts.get(name) ?? []), object])
  }
  const changes: Some[] = [{ put: [], adopts: [] }]
  const roomFor = (count: number): Some => {
    const last = changes.at(-1)
    if (last !== undefined && last.put.length + last.adopts.length + count <= most) return last
    const next: Some = { put: [], adopts: [] }
    changes.push(next)
    return next
  }
  for (const declaration of put) {
    const own = parts.get(idOf(declaration.ref)) ?? []
    parts.delete(idOf(declaration.ref))
    roomFor(Math.min(1 + own.length, most)).put.push(declaration)
    for (const object of own) roomFor(1).adopts.push(object)
  }
  // Of items that are declared already.
  for (const object of [...parts.values()].flat()) roomFor(1).adopts.push(object)
  return changes.filter((it) => it.put.length + it.adopts.length > 0)
}
