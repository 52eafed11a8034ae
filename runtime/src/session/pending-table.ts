import type { Pending } from './pending.ts'

/**
 * Calls by context. Contexts count upwards through all of 1 … 2^32-1, so that a reply that comes after its call was
 * given up meets no other call; one that is still in use is passed over.
 */
export class PendingTable {
  /** A context that is never used besides 0: events have this client's handle in its place. */
  avoided = 0

  #slots: (Pending | undefined)[]
  #mask: number
  #nextContext: number
  #size = 0

  /**
   * @param capacity most calls at a time
   * @param firstContext where counting begins
   */
  constructor(capacity: number, firstContext = 1) {
    let slots = 16
    while (slots < capacity * 2) slots *= 2
    this.#slots = Array.from({ length: slots }, () => undefined)
    this.#mask = slots - 1
    this.#nextContext = firstContext >>> 0
  }

  get size(): number {
    return this.#size
  }

  /** Gives the call a context and keeps it. There must be room: the caller counts. */
  add(pending: Pending): number {
    let context = this.#nextContext
    while (context === 0 || context === this.avoided || this.#slots[context & this.#mask] !== undefined) {
      context = (context + 1) >>> 0
    }
    this.#nextContext = (context + 1) >>> 0
    pending.context = context
    this.#slots[context & this.#mask] = pending
    this.#size++
    return context
  }

  get(context: number): Pending | undefined {
    const pending = this.#slots[context & this.#mask]
    return pending !== undefined && pending.context === context ? pending : undefined
  }

  remove(pending: Pending): void {
    if (this.get(pending.context) !== pending) return
    this.#slots[pending.context & this.#mask] = undefined
    this.#size--
  }

  /** Takes all calls out, oldest first. */
  takeAll(): Pending[] {
    const all = this.#slots.filter((pending) => pending !== undefined)
    this.#slots.fill(undefined)
    this.#size = 0
    return all.toSorted((a, b) => a.started - b.started)
  }
}
