/** Counters of something that has them, and since when they are its own. */
interface Before {
  readonly identity: string
  readonly values: Float64Array
}

/**
 * Rates of counters that are read again and again. There is none for what was not there before, for what stands for
 * something else now, and for counters that have become smaller: they were cleared at an unknown time. Differences
 * beyond 2^53 lose their last digits.
 */
export class CounterRates<K> {
  #before = new Map<K, Before>()

  /**
   * Takes a reading.
   * @param counters by key, with what says whether it is the same thing as before
   * @param seconds since the reading before; undefined: that one is of another VPP, or too old
   * @param beganAtZero what was not there before had counted nothing
   * @returns rates per second
   */
  update(
    counters: Iterable<readonly [key: K, identity: string, values: Float64Array]>,
    seconds: number | undefined,
    beganAtZero = false,
  ): Map<K, Float64Array> {
    const rates = new Map<K, Float64Array>()
    const next = new Map<K, Before>()
    for (const [key, identity, values] of counters) {
      const before = this.#before.get(key)
      next.set(key, { identity, values })
      const comparable = before === undefined ? beganAtZero : before.identity === identity
      if (seconds === undefined || !comparable) continue
      const growth = values.map((value, at) => (value - (before?.values[at] ?? 0)) / seconds)
      if (growth.every((value) => value >= 0)) rates.set(key, growth)
    }
    this.#before = next
    return rates
  }
}
