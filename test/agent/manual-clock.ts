import type { HistoryClock } from '@vpp-ts/agent'

/** A clock that goes on when a test says so. */
export class ManualClock implements HistoryClock {
  #now: number
  #monotonic = 1000
  #work: (() => Promise<void>) | undefined
  #began: () => void = () => undefined
  /** Settles when somebody goes by the clock. */
  readonly began: Promise<void>

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.#now = now
    this.began = new Promise((resolve) => (this.#began = resolve))
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  every(_milliseconds: number, work: () => Promise<void>): () => void {
    this.#work = work
    this.#began()
    return () => (this.#work = undefined)
  }

  /** Some seconds go by, and what is done every second is done. @param each called before each */
  async run(seconds: number, each: () => void = () => undefined): Promise<void> {
    await this.began
    for (let second = 0; second < seconds; second++) {
      each()
      this.#now += 1000
      this.#monotonic += 1000
      await this.#work?.()
    }
  }

  /** The clock is set; the time that has gone by is what it was. */
  set(now: number): void {
    this.#now = now
  }

  /** Time goes by in which nothing is done. */
  pass(milliseconds: number): void {
    this.#now += milliseconds
    this.#monotonic += milliseconds
  }
}
