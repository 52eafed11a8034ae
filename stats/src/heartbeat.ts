/** Patience with a heartbeat whose interval is not known yet: VPP's default is 10 s. */
const UNKNOWN_INTERVAL = 12_000
const MISSED_BEATS = 3
const LEAST_PATIENCE = 1000

/**
 * Tells from the heartbeat whether VPP still updates the segment. The interval (`statseg { update-interval }`) is
 * not published, so it is measured: from one beat to another, never from the first look, which may be just before a beat.
 */
export class HeartbeatWatch {
  #value: bigint | undefined
  /** When the value was seen to change; of the first value, when it was first seen. */
  #since: number | undefined
  #beaten = false
  #interval: number | undefined

  /**
   * Takes a reading at `now` (milliseconds of a monotonic clock), undefined when there was none to be had; true while
   * VPP is alive as far as known.
   */
  observe(value: bigint | undefined, now: number): boolean {
    this.#since ??= now
    if (value !== undefined && value !== this.#value) this.#note(value, now)
    const patience = Math.max((this.#interval ?? UNKNOWN_INTERVAL) * MISSED_BEATS, LEAST_PATIENCE)
    return now - this.#since <= patience
  }

  /** Milliseconds between beats as measured; undefined before the third value. */
  get interval(): number | undefined {
    return this.#interval
  }

  /** Milliseconds since the value was seen to change last; undefined before the first reading. */
  age(now: number): number | undefined {
    return this.#since === undefined ? undefined : now - this.#since
  }

  #note(value: bigint, now: number): void {
    const beats = this.#value === undefined ? 0n : value - this.#value
    // Two readings far apart may have several beats between them.
    if (this.#beaten && beats > 0n) this.#interval = (now - (this.#since ?? now)) / Number(beats)
    this.#beaten = this.#value !== undefined
    this.#value = value
    this.#since = now
  }
}
