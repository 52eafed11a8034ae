/** One message that went over the connection. */
export interface TraceRecord {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly direction: 'sent' | 'received'
  /** Wire name. */
  readonly message: string
  /** 0 for events. */
  readonly context: number
  /** The channel that the call belongs to; 0 for calls by an RPC client. */
  readonly channel: number
  /** The message, id included; `decodeMessage` reads it. Of a dump the request only, not the ping behind it. */
  readonly bytes: Buffer
}

/** How long the calls of one request took, in ms. Quantiles are taken from the newest durations. */
export interface CallStatistics {
  readonly message: string
  readonly count: number
  readonly minimum: number
  readonly mean: number
  readonly maximum: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

/** Durations kept for quantiles. */
const SAMPLES = 1024

class Durations {
  count = 0
  sum = 0
  minimum = Infinity
  maximum = 0
  readonly samples: number[] = []

  add(duration: number): void {
    this.samples[this.count % SAMPLES] = duration
    this.count++
    this.sum += duration
    if (duration < this.minimum) this.minimum = duration
    if (duration > this.maximum) this.maximum = duration
  }

  summary(message: string): CallStatistics {
    const sorted = this.samples.toSorted((a, b) => a - b)
    const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
    const { count, sum, minimum, maximum } = this
    const spread = { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) }
    return { message, count, minimum, mean: sum / count, maximum, ...spread }
  }
}

/**
 * The last messages of a connection and the durations of its calls. Messages are kept as bytes and
 * decoded by who looks at them.
 */
export class Trace {
  /** Most records kept; the oldest make room. */
  readonly capacity: number
  readonly #records: TraceRecord[] = []
  readonly #durations = new Map<string, Durations>()
  #written = 0

  constructor(capacity: number) {
    this.capacity = capacity
  }

  /** Records of all messages there were, also of those no longer kept. */
  get total(): number {
    return this.#written
  }

  add(record: TraceRecord): void {
    if (this.capacity === 0) return
    this.#records[this.#written % this.capacity] = record
    this.#written++
  }

  addDuration(message: string, duration: number): void {
    let durations = this.#durations.get(message)
    if (durations === undefined) this.#durations.set(message, (durations = new Durations()))
    durations.add(duration)
  }

  /** What is kept, oldest first; of one channel if it is named. */
  records(channel?: number): TraceRecord[] {
    const start = this.#written > this.capacity ? this.#written % this.capacity : 0
    const ordered = [...this.#records.slice(start), ...this.#records.slice(0, start)]
    return channel === undefined ? ordered : ordered.filter((record) => record.channel === channel)
  }

  /** Durations by request, the most frequent first. */
  statistics(): CallStatistics[] {
    const all = [...this.#durations].map(([message, durations]) => durations.summary(message))
    return all.toSorted((a, b) => b.count - a.count)
  }

  clear(): void {
    this.#records.length = 0
    this.#durations.clear()
    this.#written = 0
  }
}
