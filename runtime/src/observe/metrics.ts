/** Where gauges are read. */
export interface Gauges {
  inFlight(): number
  queued(): number
  abandoned(): number
}

/** Counters of one connection, for an exporter to read in place. Numbers only grow, but for the gauges. */
export class Metrics {
  /** Requests written. */
  requests = 0
  /** Calls that ended well. */
  replies = 0
  /** Calls that failed, by error code; `VPP_DECODE` also counts events that could not be read. */
  readonly failures: Record<string, number> = {}
  /** Replies that came under the name of another message, and were read as what was expected. */
  misnamed = 0
  /** Messages that belonged to no call: late replies, rest of an abandoned dump, events without a subscriber. */
  unmatched = 0
  /** Messages with an id that VPP did not announce. */
  unknown = 0
  /** Events delivered to a subscription. */
  events = 0
  /** Events dropped because their reader was slow. */
  eventsDropped = 0
  /** Connections made after the first. */
  reconnects = 0
  /** Times that a health probe was not answered, nor anything else received, in time. */
  missedProbes = 0

  readonly #gauges: Gauges

  constructor(gauges: Gauges) {
    this.#gauges = gauges
  }

  /** Gauge: calls that were sent and have not ended. */
  get inFlight(): number {
    return this.#gauges.inFlight()
  }

  /** Gauge: requests that wait to be written. */
  get queued(): number {
    return this.#gauges.queued()
  }

  /** Gauge: requests whose calls timed out or were aborted, and that VPP has not answered. They count as outstanding. */
  get abandoned(): number {
    return this.#gauges.abandoned()
  }

  /** Counts a failed call. */
  countFailure(code: string): void {
    this.failures[code] = (this.failures[code] ?? 0) + 1
  }
}
