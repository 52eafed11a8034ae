import { VppHttpError } from './errors.ts'

/** A response under way, as the backlog sees it. */
export interface BackloggedResponse {
  /** Bytes that wait to be sent. */
  readonly writableLength: number
}

/**
 * What waits in memory for slow clients, all responses together. VPP sends a dump as a whole and cannot be held up
 * without holding up every other call; so when too much waits, the client with most of it is disconnected.
 */
export class Backlog {
  readonly #limit: number
  readonly #responses = new Map<BackloggedResponse, (error: VppHttpError) => void>()

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** @param cut ends the response */
  add(response: BackloggedResponse, cut: (error: VppHttpError) => void): void {
    this.#responses.set(response, cut)
  }

  delete(response: BackloggedResponse): void {
    this.#responses.delete(response)
  }

  /** Cuts clients off until what waits is within the limit. */
  check(): void {
    let waiting = 0
    for (const { writableLength } of this.#responses.keys()) waiting += writableLength
    while (waiting > this.#limit) {
      const [fullest, cut] = [...this.#responses].reduce((one, other) =>
        other[0].writableLength > one[0].writableLength ? other : one,
      )
      const { writableLength } = fullest
      waiting -= writableLength
      this.#responses.delete(fullest)
      cut(
        new VppHttpError(
          'HTTP_SLOW_CLIENT',
          `the client reads too slowly: ${writableLength} bytes are buffered for it, and the limit for all clients is ${this.#limit}; see backlogLimit`,
        ),
      )
    }
  }
}
