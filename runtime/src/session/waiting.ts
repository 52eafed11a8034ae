import { Queue } from '../async/queue.ts'
import type { Pending } from './pending.ts'

/** Calls that were settled while they waited are swept out when there are as many as this, and as many as still wait. */
const SWEEP_FROM = 64

/**
 * Calls that wait for room, oldest first. One that was settled meanwhile, by its deadline or an abort, does not count any
 * more, and what it holds is soon free: a VPP that hangs must not cost memory for calls that are no longer awaited.
 */
export class Waiting {
  readonly #queue = new Queue<Pending>()
  /** Settled calls that are still in the queue. */
  #over = 0

  /** Calls that wait. */
  get size(): number {
    return this.#queue.size - this.#over
  }

  /** Calls that memory is kept for; for tests of leaks. */
  get held(): number {
    return this.#queue.size
  }

  push(pending: Pending): void {
    pending.queued = true
    this.#queue.push(pending)
  }

  /** Takes the oldest call that still waits. */
  shift(): Pending | undefined {
    for (let pending = this.#queue.shift(); pending !== undefined; pending = this.#queue.shift()) {
      if (!pending.settled) {
        pending.queued = false
        return pending
      }
      this.#over--
    }
    return undefined
  }

  /** Takes all calls that still wait, oldest first. */
  takeAll(): Pending[] {
    this.#over = 0
    const all = this.#queue.takeAll()
    for (const pending of all) pending.queued = false
    return all.filter((pending) => !pending.settled)
  }

  /** To be told of each call that was settled while it waited here. */
  settled(pending: Pending): void {
    pending.queued = false
    this.#over++
    if (this.#over < Math.max(SWEEP_FROM, this.size)) return
    for (const waiting of this.takeAll()) this.push(waiting)
  }
}
