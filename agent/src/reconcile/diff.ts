import { OBJECT_KINDS } from '../model/plan.ts'
import { handlerOf } from '../kinds/handlers.ts'
import { objectId, type Actual, type Desired, type Kind } from '../kinds/object.ts'
import { RefMap } from '../model/ref-map.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import type { DesiredObjects } from './decompose.ts'

/** Something to be done to VPP. */
export interface Change {
  readonly action: 'create' | 'update' | 'replace' | 'delete'
  readonly kind: Kind
  readonly key: string
  /** What it is to become; undefined for `delete`. */
  readonly desired: Desired | undefined
  /** What it is; undefined for `create`. */
  readonly actual: Actual | undefined
}

/**
 * What has to be done for VPP to have `desired`.
 * @param removed what else is to go: default everything of the agent that is not desired
 */
export function diff(desired: DesiredObjects, snapshot: Snapshot, removed?: Iterable<Actual>): Change[] {
  const changes = new RefMap<Kind, Change>()
  for (const object of desired.values()) {
    const change = changeTo(object, snapshot.get(object.kind, object.key))
    if (change !== undefined) changes.set(object.kind, object.key, change)
  }
  for (const actual of removed ?? ownedBy(snapshot)) {
    const { kind, key } = actual
    if (!desired.has(kind, key)) {
      changes.set(kind, key, { action: 'delete', kind, key, desired: undefined, actual })
    }
  }
  takeDown(changes, desired, snapshot)
  return [...changes.values()]
}

function* ownedBy(snapshot: Snapshot): Iterable<Actual> {
  for (const object of snapshot) if (object.owned) yield object
}

function changeTo(desired: Desired, actual: Actual | undefined): Change | undefined {
  const { kind, key } = desired
  // A bridge domain of somebody else is not changed: VPP refuses to make it again, and that is what the user is told.
  if (actual === undefined || (kind === 'bridge-domain' && !actual.owned)) {
    return { action: 'create', kind, key, desired, actual: undefined }
  }
  const action = compare(desired, actual)
  return action === 'same' ? undefined : { action, kind, key, desired, actual }
}

function compare(desired: Desired, actual: Actual): 'same' | 'update' | 'replace' {
  if (desired.value === actual.value) return 'same'
  const handler = handlerOf(desired.kind)
  if (handler.compare !== undefined) return handler.compare(desired, actual)
  if (JSON.stringify(desired.value) === JSON.stringify(actual.value)) return 'same'
  return handler.update === undefined ? 'replace' : 'update'
}

/** What stands on something that goes has to go before it, and is made again on what comes in its place. */
function takeDown(changes: RefMap<Kind, Change>, desired: DesiredObjects, snapshot: Snapshot): void {
  const going = [...changes.values()].filter(({ action }) => action === 'delete' || action === 'replace')
  const relevant = going.filter(({ kind }) => kind !== 'route' && kind !== 'neighbour' && kind !== 'address')
  if (relevant.length === 0) return
  const dependants = snapshot.dependants()
  const queue = relevant.map(({ kind, key }) => objectId(kind, key))
  for (const id of queue) {
    for (const actual of dependants.get(id) ?? []) {
      const { kind, key } = actual
      const known = changes.get(kind, key)?.action
      if (!actual.owned || known === 'delete' || known === 'replace') continue
      if (!takesDown(kind, id)) continue
      const wanted = desired.get(kind, key)
      const action = wanted === undefined ? 'delete' : 'replace'
      changes.set(kind, key, { action, kind, key, desired: wanted, actual })
      queue.push(objectId(kind, key))
    }
  }
}

/** A binding changes to other access lists while it stands; only with its interface it goes. */
function takesDown(kind: Kind, id: string): boolean {
  return kind !== 'acl-binding' || !id.startsWith('acl ')
}

/** Kinds whose objects go only when everything else is done: others let go of them while they are changed. */
const LATE: ReadonlySet<Kind> = new Set(['acl', 'table'])

/** Changes in the order in which they can be made: each step at once, one step after the other. */
export interface Steps {
  /** What goes, or goes to be made anew. */
  readonly removals: readonly (readonly Change[])[]
  /** What is made or changed. */
  readonly changes: readonly (readonly Change[])[]
  /** What goes last. */
  readonly late: readonly (readonly Change[])[]
}

/** Puts changes in order. */
export function stepsOf(changes: readonly Change[]): Steps {
  const leaves = ({ action, kind }: Change): boolean =>
    action === 'replace' || (action === 'delete' && !LATE.has(kind))
  return {
    removals: byRank(changes.filter(leaves)).reverse(),
    changes: byRank(changes.filter(({ action }) => action !== 'delete')),
    late: byRank(changes.filter(({ action, kind }) => action === 'delete' && LATE.has(kind))).reverse(),
  }
}

/** All changes in the order of the steps. */
export function inOrder(changes: readonly Change[]): Change[] {
  const { removals, changes: made, late } = stepsOf(changes)
  return [...new Set([removals, made, late].flat(2))]
}

function byRank(changes: readonly Change[]): Change[][] {
  const ranks: (Change[] | undefined)[] = []
  for (const change of changes) {
    const rank = rankOf(change)
    const step = ranks[rank]
    if (step === undefined) ranks[rank] = [change]
    else step.push(change)
  }
  return ranks.filter((step) => step !== undefined)
}

/** Place of a kind, those first that others stand on; VLANs stand on other interfaces. */
function rankOf({ kind, desired, actual }: Change): number {
  const value = (desired ?? actual)?.value
  const isVlan = kind === 'interface' && value !== undefined && 'type' in value && value.type === 'vlan'
  return OBJECT_KINDS.indexOf(kind) * 2 + (isVlan ? 1 : 0)
}
