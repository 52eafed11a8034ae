/** Senders that wait until nothing is queued any more. */
export class Drain {
  readonly #queued: () => number
  readonly #waiters: (() => void)[] = []

  /** @param queued how many requests wait to be written */
  constructor(queued: () => number) {
    this.#queued = queued
  }

  /** Settles when nothing is queued. */
  wait(): Promise<void> {
    if (this.#queued() === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
    })
  }

  /** To be called whenever something has left the queue. */
  check(): void {
    if (this.#waiters.length === 0 || this.#queued() > 0) return
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}
