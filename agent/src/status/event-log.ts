import type { ItemRef } from '../model/item-ref.ts'
import type { ItemState } from './item-status.ts'

/** Something that happened to an instance. */
export type InstanceEvent =
  /** The connection to VPP changed its state. */
  | { readonly type: 'connection'; readonly status: string; readonly message: string | undefined }
  /** This agent began or ceased to program the VPP. */
  | { readonly type: 'leadership'; readonly leading: boolean }
  /** An interface went up or down, or was deleted. */
  | {
      readonly type: 'link'
      readonly interface: string
      readonly swIfIndex: number
      readonly adminUp: boolean
      readonly linkUp: boolean
      readonly deleted: boolean
    }
  /** An item came to be as it should be, or not to be. */
  | {
      readonly type: 'item'
      readonly item: ItemRef
      readonly state: Exclude<ItemState, 'pending' | 'removing'> | 'removed'
      readonly message: string | undefined
    }
  /** VPP was changed behind the agent's back. */
  | {
      readonly type: 'drift'
      readonly item: ItemRef | undefined
      /** Object of VPP that differs. */
      readonly object: { readonly kind: string; readonly key: string }
      /** What is, or would be, done about it. */
      readonly action: 'create' | 'update' | 'replace' | 'delete'
      readonly repaired: boolean
    }
  /** A packet tool was used. */
  | {
      readonly type: 'diagnosis'
      readonly tool: 'trace' | 'clear' | 'capture'
      /** Of what, and how much. */
      readonly what: string
      /** What the token of the caller allows. */
      readonly role: string
    }
  /** A comparison with all that VPP has ended. */
  | {
      readonly type: 'resync'
      readonly duration: number
      readonly applied: number
      readonly failed: number
      readonly waiting: number
    }

/** An event with its number and time. */
export interface LoggedEvent {
  /** Counts from 1; greater for later events. */
  readonly id: number
  readonly at: Date
  readonly event: InstanceEvent
}

/** Events of a kind kept by default. */
const KEPT = 10_000

/** The last events of an instance, and those to come. */
export class EventLog {
  readonly #capacity: number
  readonly #listeners = new Set<(logged: LoggedEvent) => void>()
  /** By kind, so that an apply of many items does not push out what happened to links. */
  readonly #kept = new Map<InstanceEvent['type'], LoggedEvent[]>()
  #next = 1

  /** @param capacity events of each kind kept at least */
  constructor(capacity = KEPT) {
    this.#capacity = capacity
  }

  /** Id of the last event; 0 before the first. */
  get last(): number {
    return this.#next - 1
  }

  /** Adds an event. */
  add(event: InstanceEvent, at = new Date()): void {
    const logged = { id: this.#next++, at, event }
    const kept = this.#kept.get(event.type)
    if (kept === undefined) this.#kept.set(event.type, [logged])
    else {
      kept.push(logged)
      // Dropping half of twice the capacity costs less than dropping one a time.
      if (kept.length > this.#capacity * 2) kept.splice(0, kept.length - this.#capacity)
    }
    for (const listener of this.#listeners) listener(logged)
  }

  /** Events that are kept and came after the one with this id, oldest first. */
  after(id = 0): readonly LoggedEvent[] {
    return Array.from(this.#kept.values(), (kept) => kept.slice(kept.findLastIndex((it) => it.id <= id) + 1))
      .flat()
      .sort((one, other) => one.id - other.id)
  }

  /** Calls `listener` for every event to come; the result takes it away again. */
  listen(listener: (logged: LoggedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
