import { VppError, VppNotConnectedError, type VppConnection } from '@vpp-ts/runtime'
import { fetchSchema } from '@vpp-ts/runtime/dynamic'
import type { HttpRoute, RouteSource } from './route.ts'
import { schemaRoutes } from './schema-routes.ts'

type ConnectionState = VppConnection['state']

/** Time limit for fetching VPP's API, in milliseconds: it sends 3 MB. */
const FETCH_TIMEOUT = 30_000

/**
 * Routes of whatever VPP a connection leads to: the messages that it says it has, asked for again when another VPP has
 * taken its place. While it is not known, `find` and `all` throw what keeps it from being known.
 */
export class LiveRoutes implements RouteSource, AsyncDisposable {
  readonly #vpp: VppConnection
  readonly #left = new AbortController()
  readonly #states: AsyncIterableIterator<ConnectionState, undefined>
  readonly #following: Promise<void>
  #routes: RouteSource | undefined
  #error: unknown
  #fetching: Promise<void> | undefined
  #waiting: { resolve(): void; reject(error: unknown): void }[] = []

  private constructor(vpp: VppConnection) {
    this.#vpp = vpp
    this.#states = vpp.states()
    this.#following = this.#follow()
  }

  /** Follows a connection until it is closed, or until `close`. The connection stays the caller's. */
  static follow(vpp: VppConnection): LiveRoutes {
    return new LiveRoutes(vpp)
  }

  /**
   * Settles when the routes are known.
   * @throws VppError when VPP does not say what it has, or the connection is closed before it does
   */
  ready(): Promise<void> {
    if (this.#routes !== undefined) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
  }

  find(module: string, name: string): HttpRoute | undefined {
    return this.#known().find(module, name)
  }

  moduleOf(name: string): string | undefined {
    return this.#known().moduleOf(name)
  }

  all(): readonly HttpRoute[] {
    return this.#known().all()
  }

  /** Asks no more; settles when nothing is under way. */
  async close(): Promise<void> {
    this.#left.abort()
    await this.#states.return?.()
    await this.#following
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #known(): RouteSource {
    if (this.#routes !== undefined) return this.#routes
    // VPP was there but did not answer, perhaps being busy: the next request asks again.
    if (this.#vpp.state.status === 'connected' && !this.#left.signal.aborted) void this.#fetch()
    throw this.#error ?? new VppNotConnectedError(this.#vpp.target)
  }

  async #follow(): Promise<void> {
    for await (const state of this.#states) {
      if ('error' in state) this.#error = new VppNotConnectedError(this.#vpp.target, { cause: state.error })
      if (state.status !== 'connected') continue
      if (this.#routes === undefined || state.reason === 'restarted') await this.#fetch()
    }
    this.#error ??= new VppNotConnectedError(this.#vpp.target)
    this.#wake()
  }

  #wake(): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (this.#routes === undefined) reject(this.#error)
      else resolve()
    }
  }

  #fetch(): Promise<void> {
    this.#fetching ??= this.#ask().finally(() => {
      this.#fetching = undefined
    })
    return this.#fetching
  }

  async #ask(): Promise<void> {
    try {
      const { signal } = this.#left
      this.#routes = schemaRoutes(await fetchSchema(this.#vpp, { signal, timeout: FETCH_TIMEOUT }))
      this.#error = undefined
    } catch (error) {
      // What another VPP had is of no use; a lost connection comes back, and then asks again.
      this.#routes = undefined
      this.#error =
        error instanceof VppError ? error : new VppNotConnectedError(this.#vpp.target, { cause: error })
    }
    this.#wake()
  }
}
