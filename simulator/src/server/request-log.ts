/** One request that came in. */
export interface LoggedRequest {
  /** Wire name of the message. */
  readonly message: string
  /** Its fields. */
  readonly request: Readonly<Record<string, unknown>>
  /** Which client, counted from 1. */
  readonly connection: number
  readonly context: number
}

interface Waiter {
  readonly message: string | undefined
  readonly resolve: (request: LoggedRequest) => void
}

/** The last requests of all clients, oldest first. Bounded: older ones are forgotten, the counts are not. */
export class RequestLog implements Iterable<LoggedRequest> {
  readonly #capacity: number
  readonly #ring: LoggedRequest[] = []
  readonly #counts = new Map<string, number>()
  readonly #waiters = new Set<Waiter>()
  #next = 0

  /** @param capacity requests that are kept; 0 keeps none and only counts */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How many requests of a kind there were, or how many altogether, since the start or the last `clear`. */
  count(message?: string): number {
    if (message !== undefined) return this.#counts.get(message) ?? 0
    let all = 0
    for (const count of this.#counts.values()) all += count
    return all
  }

  /** Those that are kept of one kind. */
  of(message: string): LoggedRequest[] {
    return [...this].filter((logged) => logged.message === message)
  }

  /** The next request, or the next of one kind. */
  next(message?: string): Promise<LoggedRequest> {
    return new Promise((resolve) => this.#waiters.add({ message, resolve }))
  }

  /** Forgets requests and counts. */
  clear(): void {
    this.#ring.length = 0
    this.#next = 0
    this.#counts.clear()
  }

  *[Symbol.iterator](): Iterator<LoggedRequest> {
    yield* this.#ring.slice(this.#next)
    yield* this.#ring.slice(0, this.#next)
  }

  /** Notes a request. */
  add(logged: LoggedRequest): void {
    this.#counts.set(logged.message, (this.#counts.get(logged.message) ?? 0) + 1)
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(logged)
    } else if (this.#capacity > 0) {
      this.#ring[this.#next] = logged
      this.#next = (this.#next + 1) % this.#capacity
    }
    if (this.#waiters.size > 0) this.#wake(logged)
  }

  #wake(logged: LoggedRequest): void {
    for (const waiter of this.#waiters) {
      if (waiter.message !== undefined && waiter.message !== logged.message) continue
      this.#waiters.delete(waiter)
      waiter.resolve(logged)
    }
  }
}
