/** Patience with a heartbeat whose interval is not known yet: VPP's default is 10 s. */
const UNKNOWN_INTERVAL = 12_000
const MISSED_BEATS = 3
const LEAST_PATIENCE = 1000

/**
 * Tells from the heartbeat whether VPP still updates the segment. The interval (`statseg { update-interval }`) is
 * not published, so it is measured.
 */
export class HeartbeatWatch {
  #value: bigint | undefined
  #changedAt = 0
  #interval: number | undefined

  /** Takes a reading at `now` (milliseconds of a monotonic clock); true while VPP is alive as far as known. */
  observe(value: bigint | undefined, now: number): boolean {
    if (value !== this.#value) {
      const beats = this.#value === undefined || value === undefined ? 0n : value - this.#value
      // Two readings far apart may have several beats between them.
      if (beats > 0n) this.#interval = (now - this.#changedAt) / Number(beats)
      this.#value = value
      this.#changedAt = now
      return true
    }
    const patience = Math.max((this.#interval ?? UNKNOWN_INTERVAL) * MISSED_BEATS, LEAST_PATIENCE)
    return now - this.#changedAt <= patience
  }

  /** Milliseconds between beats as measured; undefined before the second beat. */
  get interval(): number | undefined {
    return this.#interval
  }
}
