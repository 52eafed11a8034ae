import { onAbort } from './abort.ts'

/** Those who wait until nothing is left of something. */
export class Drain {
  readonly #left: () => number
  readonly #waiters = new Set<() => void>()

  /** @param left how much is left, such as requests that wait to be written */
  constructor(left: () => number) {
    this.#left = left
  }

  /** Who waits; for tests of leaks. */
  get waiters(): number {
    return this.#waiters.size
  }

  /** Settles when nothing is left; rejects with the reason of the signal. */
  wait(signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    if (this.#left() === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const done = () => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      const aborted = () => {
        this.#waiters.delete(done)
        reject(signal?.reason as Error)
      }
      this.#waiters.add(done)
      if (signal !== undefined) onAbort(signal, aborted)
    })
  }

  /** To be called whenever there may be less left. */
  check(): void {
    if (this.#waiters.size === 0 || this.#left() > 0) return
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const done of waiters) done()
  }
}
