/** Of what is known the mean, the least, the greatest and how many. */
export interface NaiveValue {
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly known: number
}

/** Every second by key, for good: what a ring is held to. */
export class NaiveHistory {
  readonly #seconds = new Map<string, Map<number, number>>()

  /** A whole second of the first field. */
  add(key: string, second: number, value: number): void {
    const seconds = this.#seconds.get(key) ?? new Map<number, number>()
    this.#seconds.set(key, seconds.set(second, value))
  }

  /** Forgets what came after a second, as a process that is killed. */
  dropFrom(second: number): void {
    for (const seconds of this.#seconds.values()) {
      for (const at of seconds.keys()) if (at >= second) seconds.delete(at)
    }
  }

  /** Value of some seconds; undefined when none is known. */
  value(key: string, first: number, count: number): NaiveValue | undefined {
    const seconds = this.#seconds.get(key)
    const known = Array.from({ length: count }, (_, at) => seconds?.get(first + at)).filter(
      (value) => value !== undefined,
    )
    if (known.length === 0) return undefined
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length
    return { mean, min: Math.min(...known), max: Math.max(...known), known: known.length }
  }
}
