/** Part of an interval that is left to chance, so that many agents do not look at once. */
const JITTER = 0.1

/** When VPP is looked at again without a reported change: each kind once per interval, one after another. */
export class LookSchedule {
  readonly #kinds: readonly string[]
  readonly #step: number
  #at = 0
  #next: number

  /** @param interval milliseconds; 0 for never */
  constructor(kinds: readonly string[], interval: number) {
    this.#kinds = kinds
    this.#step = interval === 0 || kinds.length === 0 ? Infinity : interval / kinds.length
    this.#next = this.#later()
  }

  /** Time of `performance.now()` at which the next kind is looked at. */
  get next(): number {
    return this.#next
  }

  /** The kind to look at now; undefined when it is not time. */
  take(): string | undefined {
    if (performance.now() < this.#next) return undefined
    const kind = this.#kinds[this.#at % this.#kinds.length]
    this.#at++
    this.#next = this.#later()
    return kind
  }

  #later(): number {
    return performance.now() + this.#step * (1 - JITTER * Math.random())
  }
}
