/** When a reading was taken, and of which VPP. */
export interface Reading {
  /** Milliseconds of a monotonic clock, such as `performance.now()`. */
  readonly time: number
  /** {@link ConnectionInfo.generation}: counters of two VPPs are not compared. */
  readonly generation: number
}

/**
 * Makes rates per second out of counters that are read again and again. A counter that is smaller than before was
 * cleared (`clear interfaces`) and has counted from zero since; VPP's counters do not wrap within a lifetime. After a
 * restart, and for a counter that is new, the first rate comes with the second reading.
 */
export class RateMeter<K> {
  #values = new Map<K, bigint>()
  #reading: Reading | undefined

  /** Takes a reading. Returns the rates since the one before, for those that have one. */
  update(values: Iterable<readonly [K, bigint]>, reading: Reading): Map<K, number> {
    const last = this.#reading
    const seconds = last === undefined ? 0 : (reading.time - last.time) / 1000
    const comparable = seconds > 0 && reading.generation === last?.generation
    const rates = new Map<K, number>()
    const next = new Map<K, bigint>()
    for (const [key, value] of values) {
      const before = this.#values.get(key)
      next.set(key, value)
      if (comparable && before !== undefined) rates.set(key, Number(growth(before, value)) / seconds)
    }
    this.#values = next
    this.#reading = reading
    return rates
  }
}

/** By how much a counter has grown between two readings, allowing for a clear between them. */
export function growth(before: bigint, after: bigint): bigint {
  return after >= before ? after - before : after
}
