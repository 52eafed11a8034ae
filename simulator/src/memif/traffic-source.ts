/** What a traffic source sends. */
export interface TrafficOptions {
  /** Sent in turn, over and over. */
  readonly packets: readonly Uint8Array[]
  /** Packets a second, spread over every millisecond; default 1000. */
  readonly packetsPerSecond?: number
  /** Ends after so many packets; without it, when stopped. */
  readonly count?: number
  /** Tx queue of the peer; default 0. */
  readonly queue?: number
}

/** Packets that can become due at once, after the event loop was held up. */
const MOST_AT_ONCE = 4096

/** Sends packets at a rate, as a network does: what there is no room for is lost. */
export class TrafficSource implements Disposable {
  /** Resolves when it has ended, by its count or by `stop`. */
  readonly done: Promise<void>
  readonly #send: (packets: readonly Uint8Array[]) => number
  readonly #options: Required<Omit<TrafficOptions, 'queue'>>
  readonly #timer: NodeJS.Timeout
  readonly #started = performance.now()
  #finish: () => void = () => {}
  #due = 0
  #sent = 0

  /**
   * `send` gives the number of packets it had room for.
   *
   * @throws RangeError when there are no packets, or the rate or the count is not above 0
   */
  constructor(options: TrafficOptions, send: (packets: readonly Uint8Array[]) => number) {
    const { packets, packetsPerSecond = 1000, count = Infinity } = options
    if (packets.length === 0 || !(packetsPerSecond > 0) || !(count > 0)) {
      throw new RangeError(
        `a traffic source needs packets, a rate and a count above 0, ` +
          `not ${packets.length} packets, ${packetsPerSecond} a second and ${count}`,
      )
    }
    this.#options = { packets, packetsPerSecond, count }
    this.#send = send
    this.done = new Promise((resolve) => (this.#finish = resolve))
    this.#timer = setInterval(() => this.#tick(), 1)
  }

  /** Packets sent so far. */
  get sent(): number {
    return this.#sent
  }

  /** Packets that there was no room for, or no link. */
  get lost(): number {
    return this.#due - this.#sent
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#finish()
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #tick(): void {
    const { packets, packetsPerSecond, count } = this.#options
    const elapsed = (performance.now() - this.#started) / 1000
    const total = Math.min(Math.floor(elapsed * packetsPerSecond), count, this.#due + MOST_AT_ONCE)
    const burst = Array.from(
      { length: total - this.#due },
      (_, n) => packets[(this.#due + n) % packets.length]!,
    )
    this.#due = total
    if (burst.length > 0) this.#sent += this.#send(burst)
    if (this.#due >= count) this.stop()
  }
}
