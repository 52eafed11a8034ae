import type { Desired } from '../kinds/descriptor.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import { inTurns } from '../model/turns.ts'
import { mayBeMany } from './difference.ts'
import type { WantedObjects } from './wanted.ts'

/** A desired object, or one that is needed but not declared. */
export interface GraphNode {
  /** `kind key` */
  readonly id: string
  readonly kind: string
  readonly key: string
  /** Items that it belongs to; none for one that is not declared. */
  readonly items: readonly ItemRef[]
  readonly isDeclared: boolean
}

/** One object needs another one, which is made before it. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** False where it only comes after it where that one is declared. */
  readonly isNeed: boolean
}

/** Desired objects and their dependencies. */
export interface ObjectGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Objects that are left out: more than were asked for. */
  readonly omitted: number
}

/** What of it is wanted. */
export interface GraphOptions {
  /** Kinds of objects; default: all but those of which there may be very many. */
  readonly only?: ReadonlySet<string> | undefined
  /** Objects at most. */
  readonly limit: number
}

/** The objects that are desired, and those that they need. */
export async function objectGraph(
  kinds: Kinds,
  wanted: WantedObjects,
  { only, limit }: GraphOptions,
): Promise<ObjectGraph> {
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  let omitted = 0
  for (const kind of kinds.objects.keys()) {
    if (only === undefined ? isVast(kinds, kind) : !only.has(kind)) continue
    await inTurns(wanted.of(kind), (object) => {
      const { key } = object
      if (nodes.size >= limit) omitted++
      else
        nodes.set(idOf(object), {
          id: idOf(object),
          kind,
          key,
          items: itemsOf(kinds, object),
          isDeclared: true,
        })
    })
  }
  // Those that are added for what needs them bring nothing further.
  const shown = Array.from(nodes.values())
  for (const { kind, key, id } of shown) {
    const object = wanted.desired(kind, key)
    if (object === undefined) continue
    const { dependsOn, awaits } = kinds.object(kind)
    for (const to of dependsOn(object.value)) {
      add(nodes, to, kinds, wanted)
      edges.push({ from: id, to, isNeed: true })
    }
    for (const to of awaits?.(object.value) ?? []) {
      if (nodes.has(to)) edges.push({ from: id, to, isNeed: false })
    }
  }
  return { nodes: [...nodes.values()], edges, omitted }
}

/** Objects that are alike but for a name: too many for a picture. */
function isVast(kinds: Kinds, kind: string): boolean {
  return mayBeMany(kinds, kind) && kinds.item(kind).alike !== undefined
}

function itemsOf(kinds: Kinds, object: Desired): readonly ItemRef[] {
  return kinds.object(object.kind).itemsOf(object)
}

function add(nodes: Map<string, GraphNode>, id: string, kinds: Kinds, wanted: WantedObjects): void {
  if (nodes.has(id)) return
  const { kind, key } = splitId(id)
  const object = wanted.desired(kind, key)
  const items = object === undefined ? [] : itemsOf(kinds, object)
  nodes.set(id, { id, kind, key, items, isDeclared: object !== undefined })
}
