import type { ItemRef } from '../model/item-ref.ts'
import type { Packing } from '../model/packed-map.ts'
import { RefMap, RefSet } from '../model/ref-map.ts'
import { ITEM_STATES, type ItemError, type ItemState, type ItemStatus } from './item-status.ts'
import type { EventLog } from './event-log.ts'

/** What keeps an item from being as it should be. */
export interface Trouble {
  readonly state: Exclude<ItemState, 'applied' | 'pending'>
  readonly error: ItemError | undefined
  readonly attempts: number
}

/**
 * Times are counted from here in memory: milliseconds since 1970 would be an object each for a million items. Set a
 * little before the first, so that none is 0.
 */
const EPOCH = Date.now() - 1

/**
 * A state with its time. Applied and pending items, and deleted ones that have not been tried, are a number each, since
 * there may be a million of them.
 */
type Entry = number | (Trouble & { readonly since: number })

/** Added to the time of deleted items that have not been tried: times are whole. */
const REMOVING = 0.5

const ENTRIES: Packing<Entry> = {
  write(entry, to) {
    if (typeof entry !== 'number') return false
    to.putNumber(entry)
    return true
  },
  read: (_key, from) => from.number(),
}

/** How all items of an instance stand. */
export class ItemStatuses {
  /** Of applied items the time since when, of pending ones the same below zero, of deleted ones with a fraction. */
  readonly #entries = new RefMap<string, Entry>(() => ENTRIES)
  readonly #troubled = new RefSet()
  readonly #events: EventLog
  /** Tried and not as they should be, by state. */
  readonly #troubles = new Map<ItemState, number>()
  #pending = 0
  #removing = 0
  /** What was applied up to then is not known to be so any more. */
  #forgotten = 0
  /** The latest time of an applied item: what comes to be applied within the millisecond of `forget` is told apart. */
  #latest = 0
  /** By kind of items, why nothing is known of them. */
  #reasons: ReadonlyMap<string, ItemError> = new Map()

  /** @param events receives items that have reached or left their desired state */
  constructor(events: EventLog) {
    this.#events = events
  }

  get({ kind, key }: ItemRef): ItemStatus | undefined {
    const entry = this.#entries.get(kind, key)
    return entry === undefined ? undefined : this.#statusOf({ kind, key }, entry)
  }

  list(): ItemStatus[] {
    return Array.from(this.#entries.entries(), ([kind, key, entry]) => this.#statusOf({ kind, key }, entry))
  }

  /** Items that were tried and are not as they should be. */
  problems(): ItemStatus[] {
    return Array.from(this.#troubled.values(), (ref) => this.get(ref)).filter((it) => it !== undefined)
  }

  /**
   * Items in force that are not known to be as they should be, and deleted ones that have not been tried; `undefined` now
   * and then.
   */
  *pending(): Iterable<ItemRef | undefined> {
    if (this.untried === 0) return
    for (const [kind, key, entry] of this.#entries.entries()) {
      const isUntried = typeof entry === 'number' && (isRemoving(entry) || this.#isPending(entry))
      yield isUntried ? { kind, key } : undefined
    }
  }

  /** Items that have not been tried since they were put or deleted. */
  get untried(): number {
    return this.#pending + this.#removing
  }

  /** True when an item has not been tried since it was put or deleted. */
  isUntried({ kind, key }: ItemRef): boolean {
    const entry = this.#entries.get(kind, key)
    return typeof entry === 'number' && (isRemoving(entry) || this.#isPending(entry))
  }

  counts(): Record<ItemState, number> {
    const counts = Object.fromEntries(ITEM_STATES.map((state) => [state, 0])) as Record<ItemState, number>
    for (const [state, count] of this.#troubles) counts[state] = count
    counts.removing += this.#removing
    counts.pending = this.#pending
    counts.applied = this.#entries.size - this.#pending - this.#removing - this.#troubled.size
    return counts
  }

  /** What VPP has is not known any more. */
  forget(): void {
    this.#forgotten = Math.max(timeOf(), this.#latest)
    this.#pending = this.#entries.size - this.#removing - this.#troubled.size
    // Those that are to be removed are put back, and must not come again.
    const troubled = [...this.#troubled.values()]
    for (const ref of troubled) {
      const entry = this.#entries.get(ref.kind, ref.key)
      if (typeof entry !== 'object' || entry.state === 'frozen') continue
      if (entry.state !== 'removing') this.#set(ref, -this.#forgotten)
      else this.#set(ref, timeOf(entry.since) + REMOVING)
    }
  }

  /** Why VPP's state is unknown for these kinds of items: pending ones are reported with it. */
  unlooked(reasons: ReadonlyMap<string, ItemError>): void {
    this.#reasons = reasons
  }

  /** Items were put, or put again, or deleted and VPP may still have them. */
  declared(refs: Iterable<ItemRef>, exists: (ref: ItemRef) => boolean): void {
    const now = timeOf()
    for (const ref of refs) {
      if (exists(ref)) this.#set(ref, -now)
      else if (this.#entries.has(ref.kind, ref.key)) {
        this.#set(ref, now + REMOVING)
      }
    }
  }

  /** An item is as it should be. */
  applied(ref: ItemRef): void {
    const before = this.#entries.get(ref.kind, ref.key)
    if (typeof before === 'number' && !isRemoving(before) && !this.#isPending(before)) return
    const now = new Date()
    const time = Math.max(timeOf(now.getTime()), this.#forgotten + 1)
    this.#latest = Math.max(this.#latest, time)
    this.#set(ref, time)
    this.#events.add({ type: 'item', item: ref, state: 'applied', message: undefined }, now)
  }

  /** An item is not as it should be. */
  troubled(ref: ItemRef, trouble: Trouble): void {
    const before = this.get(ref)
    const same = before?.state === trouble.state
    const now = new Date()
    this.#set(ref, { ...trouble, since: (same ? before.since : now).getTime() })
    const { state, error } = trouble
    if (same && before.error?.message === error?.message) return
    if (state !== 'removing')
      this.#events.add({ type: 'item', item: ref, state, message: error?.message }, now)
  }

  /** VPP does not have a deleted item any more. */
  removed({ kind, key }: ItemRef): void {
    if (!this.#entries.has(kind, key)) return
    this.#drop({ kind, key })
    this.#events.add({ type: 'item', item: { kind, key }, state: 'removed', message: undefined })
  }

  #set(ref: ItemRef, entry: Entry): void {
    this.#uncount(ref)
    const { kind, key } = ref
    this.#entries.set(kind, key, entry)
    if (typeof entry === 'object') {
      this.#troubled.add(ref)
      this.#countTrouble(entry.state, 1)
    } else if (isRemoving(entry)) this.#removing++
    else if (this.#isPending(entry)) this.#pending++
  }

  #drop(ref: ItemRef): void {
    this.#uncount(ref)
    this.#entries.delete(ref.kind, ref.key)
  }

  #uncount({ kind, key }: ItemRef): void {
    const entry = this.#entries.get(kind, key)
    if (entry === undefined) return
    if (typeof entry === 'object') {
      this.#troubled.delete(kind, key)
      this.#countTrouble(entry.state, -1)
    } else if (isRemoving(entry)) this.#removing--
    else if (this.#isPending(entry)) this.#pending--
  }

  #countTrouble(state: ItemState, change: number): void {
    this.#troubles.set(state, (this.#troubles.get(state) ?? 0) + change)
  }

  #isPending(entry: number): boolean {
    return entry <= this.#forgotten
  }

  #statusOf({ kind, key }: ItemRef, entry: Entry): ItemStatus {
    if (typeof entry === 'object') {
      const { state, error, attempts, since } = entry
      return { kind, key, state, error, since: new Date(since), attempts }
    }
    if (isRemoving(entry)) {
      const since = new Date(entry - REMOVING + EPOCH)
      return { kind, key, state: 'removing', error: undefined, since, attempts: 0 }
    }
    const isPending = this.#isPending(entry)
    const since = isPending ? Math.max(-entry, this.#forgotten) : entry
    const state = isPending ? 'pending' : 'applied'
    const error = isPending ? this.#reasons.get(kind) : undefined
    return { kind, key, state, error, since: new Date(since + EPOCH), attempts: 0 }
  }
}

function isRemoving(entry: number): boolean {
  return !Number.isInteger(entry)
}

/** Above 0, also when the clock is set back. */
function timeOf(now = Date.now()): number {
  return Math.max(1, now - EPOCH)
}
