/** Something that several wait for, until it happens or their time is over. */
export class Bell {
  #waiters = new Set<() => void>()

  /** Wakes all who wait. */
  ring(): void {
    const waiters = this.#waiters
    this.#waiters = new Set()
    for (const wake of waiters) wake()
  }

  /** Settles at the next ring, after `timeout` ms, or when the signal aborts. */
  wait(timeout: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        this.#waiters.delete(done)
        resolve()
      }
      const timer = Number.isFinite(timeout) ? setTimeout(done, timeout) : undefined
      if (signal?.aborted === true) done()
      else {
        signal?.addEventListener('abort', done, { once: true })
        this.#waiters.add(done)
      }
    })
  }
}
