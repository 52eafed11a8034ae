import { setTimeout as delay } from 'node:timers/promises'
import { StatsClient } from '@vpp-ts/stats'

/** Milliseconds that the first caller waits for the connection. */
const PATIENCE = 300
/** Milliseconds until a socket that cannot be used, such as one without permission, is tried again. */
const RETRY_INTERVAL = 5000

/** The stats of one VPP for all who read them. Connects when the first one asks. */
export class StatsSource {
  readonly #path: string
  readonly #ended = new AbortController()
  #client: StatsClient | undefined
  #opening: Promise<void> | undefined
  #failure: Error | undefined
  #retryAt = 0

  /** @param path of the stats socket; empty: there is none */
  constructor(path: string) {
    this.#path = path
  }

  /** Why there is no client; undefined when there is one, or may be soon. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** A client that is connected; undefined while VPP's stats cannot be read. */
  async client(): Promise<StatsClient | undefined> {
    if (this.#client === undefined) await this.#open()
    return this.#client?.connection === undefined ? undefined : this.#client
  }

  async close(): Promise<void> {
    this.#ended.abort()
    await this.#opening
    await this.#client?.close()
  }

  async #open(): Promise<void> {
    if (this.#path === '' || this.#ended.signal.aborted) return
    if (this.#opening !== undefined || performance.now() < this.#retryAt) return
    this.#opening = this.#connect()
    await Promise.race([this.#opening, delay(PATIENCE)])
  }

  async #connect(): Promise<void> {
    const { signal } = this.#ended
    try {
      this.#client = await StatsClient.connect(this.#path, {
        connectTimeout: Infinity,
        reconnectTimeout: 1000,
        signal,
      })
      this.#failure = undefined
      // The last word of a client that is closed while it connects.
      if (signal.aborted) await this.#client.close()
    } catch (error) {
      if (signal.aborted) return
      this.#failure = error as Error
      this.#retryAt = performance.now() + RETRY_INTERVAL
    } finally {
      this.#opening = undefined
    }
  }
}
