import type { ItemKind, ItemRef } from '../kinds/item.ts'
import { RefMap } from '../model/ref-map.ts'
import { itemOf, type Actual } from '../kinds/object.ts'
import type { Outcome } from '../reconcile/execute.ts'
import type { ItemError, ItemStatus } from './item-status.ts'
import type { EventLog } from './event-log.ts'

/** How all items of an instance stand. */
export class ItemStatuses {
  readonly #statuses = new RefMap<ItemKind, ItemStatus>()
  readonly #events: EventLog

  /** @param events is told of items that came to be as they should be, or not to be */
  constructor(events: EventLog) {
    this.#events = events
  }

  get({ kind, key }: ItemRef): ItemStatus | undefined {
    return this.#statuses.get(kind, key)
  }

  list(): ItemStatus[] {
    return [...this.#statuses.values()]
  }

  /** Items that are not as they should be. */
  problems(): ItemStatus[] {
    const problems: ItemStatus[] = []
    for (const status of this.#statuses.values()) {
      if (status.state !== 'applied' && status.state !== 'pending') problems.push(status)
    }
    return problems
  }

  counts(): Record<ItemStatus['state'], number> {
    const counts = { applied: 0, pending: 0, waiting: 0, failed: 0, removing: 0 }
    for (const { state } of this.#statuses.values()) counts[state]++
    return counts
  }

  /** Nobody knows any more what VPP has. */
  forget(): void {
    const now = new Date()
    for (const status of this.#statuses.values()) this.#enter(status, 'pending', undefined, now)
  }

  /** Items were put, or put anew, or deleted and VPP may have them still. */
  declared(refs: Iterable<ItemRef>, exists: (ref: ItemRef) => boolean): void {
    const now = new Date()
    for (const ref of refs) {
      if (exists(ref)) this.#enter(ref, 'pending', undefined, now)
      else if (this.get(ref) !== undefined) this.#enter(ref, 'removing', undefined, now)
    }
  }

  /**
   * Takes what came of an attempt.
   * @param there all items that the attempt was about
   * @param gone items that were deleted before it
   */
  take(there: Iterable<ItemRef>, gone: Iterable<ItemRef>, outcomes: readonly Outcome[]): void {
    const now = new Date()
    const troubles = troublesOf(outcomes)
    for (const ref of there) {
      const trouble = troubles.get(ref.kind, ref.key)
      if (trouble === undefined) this.#enter(ref, 'applied', undefined, now)
      else this.#enter(ref, trouble.result === 'waiting' ? 'waiting' : 'failed', trouble.error, now)
    }
    for (const ref of gone) {
      const trouble = troubles.get(ref.kind, ref.key)
      if (trouble === undefined) this.#remove(ref)
      else this.#enter(ref, 'removing', trouble.error, now)
    }
  }

  #remove({ kind, key }: ItemRef): void {
    if (!this.#statuses.delete(kind, key)) return
    this.#events.add({ type: 'item', item: { kind, key }, state: 'removed', message: undefined })
  }

  #enter(ref: ItemRef, state: ItemStatus['state'], error: ItemError | undefined, now: Date): void {
    const { kind, key } = ref
    const before = this.#statuses.get(kind, key)
    const tried = state === 'failed' || state === 'waiting' || (state === 'removing' && error !== undefined)
    const attempts = tried ? (before?.attempts ?? 0) + 1 : 0
    const same = before?.state === state
    if (same && !tried) return
    const since = same ? before.since : now
    this.#statuses.set(kind, key, { kind, key, state, error, since, attempts })
    const known = same && before.error?.message === error?.message
    if (!known && (state === 'applied' || state === 'failed' || state === 'waiting')) {
      this.#events.add({ type: 'item', item: ref, state, message: error?.message }, now)
    }
  }
}

/** What went wrong, by item; a refusal says more than a wait. */
function troublesOf(outcomes: readonly Outcome[]): RefMap<ItemKind, Outcome> {
  const troubles = new RefMap<ItemKind, Outcome>()
  for (const outcome of outcomes) {
    if (outcome.result === 'applied') continue
    for (const { kind, key } of itemsOf(outcome)) {
      if (troubles.get(kind, key)?.result !== 'failed') troubles.set(kind, key, outcome)
    }
  }
  return troubles
}

function itemsOf({ change }: Outcome): ItemRef[] {
  const object = (change.desired ?? change.actual) as Actual | undefined
  if (object === undefined) return []
  const item = itemOf(object)
  if (item !== undefined) return [item]
  return object.refs
    .filter((ref) => ref.startsWith('acl '))
    .map((ref) => ({ kind: 'acl', key: ref.slice('acl '.length) }))
}
