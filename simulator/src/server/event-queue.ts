import { AsyncLocalStorage } from 'node:async_hooks'
import type { Call } from './call.ts'

/** A group of events that VPP's own process collects before it sends any; `flush` sends what was collected. */
export interface EventBatch {
  flush(): void
}

/**
 * Holds events back until the answer to the request that caused them is out, as VPP does: there every event is sent by
 * a separate process, which runs when the API has handled what was read from the socket. So events of requests that
 * arrive together leave after all their answers, and an interface that changed twice meanwhile is told of once.
 */
export class EventQueue {
  /** The call that runs: all that an asynchronous handler does is inside it. */
  readonly #current = new AsyncLocalStorage<Call>()
  readonly #held = new Map<Call, (() => void)[]>()
  readonly #batch: EventBatch
  #ready: (() => void)[] = []
  #scheduled = false

  /** @param batch told after the ready events were taken, to send what it has collected of them */
  constructor(batch: EventBatch) {
    this.#batch = batch
  }

  /** Carries a request out; what happens inside, later too, is caused by it. */
  within<T>(call: Call, act: () => T): T {
    return this.#current.run(call, act)
  }

  /** Adds an event. `send` is called when its time has come. */
  add(send: () => void): void {
    const call = this.#current.getStore()
    if (call === undefined || call.settled) {
      this.#ready.push(send)
      this.#schedule()
      return
    }
    const held = this.#held.get(call)
    if (held === undefined) this.#held.set(call, [send])
    else held.push(send)
  }

  /** The answer of a call is out, or will never be. */
  release(call: Call): void {
    call.settled = true
    const held = this.#held.get(call)
    if (held === undefined) return
    this.#held.delete(call)
    this.#ready.push(...held)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // Runs when all messages that have arrived are handled.
    queueMicrotask(() => {
      this.#scheduled = false
      const ready = this.#ready
      this.#ready = []
      for (const send of ready) send()
      this.#batch.flush()
    })
  }
}
