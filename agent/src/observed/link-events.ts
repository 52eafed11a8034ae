import { InterfaceClient, type SwInterfaceDetails, type SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import type { RpcConnection } from '@vpp-ts/runtime'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { dumpInterfaces } from './interfaces.ts'
import { LinkStates, linkStateOf, type LinkState } from './link-states.ts'

/** Milliseconds until VPP is asked again for events that it refused. */
const RETRY_INTERVAL = 5000

const GONE: LinkState = { adminUp: false, linkUp: false }

/** Something that happened to an interface. */
export interface InterfaceNews extends LinkState {
  readonly swIfIndex: number
  readonly deleted: boolean
}

/** The connection whose interfaces are followed, and the listener. */
export interface LinkEventsOptions {
  readonly connection: RpcConnection
  /** Ends it. */
  readonly signal: AbortSignal
  /** The states of an interface as of the last look. */
  seen(swIfIndex: number): LinkState | undefined
  /** Takes what happened. @returns the name that the interface is, or was, known by */
  take(news: InterfaceNews): string | undefined
  /** Tells people of it. */
  tell(name: string, news: InterfaceNews): void
  /** Events may have been missed, or were refused. */
  missed(error: unknown): void
}

/** Tells of interfaces that go up or down or are deleted, until the signal. */
export async function followLinks(options: LinkEventsOptions): Promise<void> {
  const { connection, signal } = options
  const client = new InterfaceClient(connection)
  while (!signal.aborted) {
    const follower = new Follower(options, client)
    try {
      for await (const event of client.swInterfaceEvents({ signal })) follower.take(event)
    } catch (error) {
      if (signal.aborted) return
      options.missed(error)
      await delay(RETRY_INTERVAL, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Takes the events of one subscription. */
class Follower {
  readonly #options: LinkEventsOptions
  readonly #client: InterfaceClient
  readonly #states: LinkStates
  /** Interfaces whose states VPP has to be asked for. */
  #unclear = new Set<number>()
  #asking = false

  constructor(options: LinkEventsOptions, client: InterfaceClient) {
    this.#options = options
    this.#client = client
    this.#states = new LinkStates((swIfIndex) => options.seen(swIfIndex))
  }

  take({ swIfIndex, flags, deleted }: SwInterfaceEvent): void {
    if (deleted) {
      this.#unclear.delete(swIfIndex)
      this.#states.delete(swIfIndex)
      this.#report({ swIfIndex, deleted, ...GONE }, undefined)
      return
    }
    const state = this.#unclear.has(swIfIndex) ? undefined : this.#states.take(swIfIndex, flags)
    if (state !== undefined && this.#report({ swIfIndex, deleted, ...state }, undefined)) return
    this.#unclear.add(swIfIndex)
    void this.#ask()
  }

  /** @returns false if the interface has no known name, so nothing was reported */
  #report(news: InterfaceNews, vppName: string | undefined): boolean {
    const { take, tell } = this.#options
    const name = take(news) ?? vppName ?? (news.deleted ? `interface ${news.swIfIndex}` : undefined)
    if (name !== undefined) tell(name, news)
    return name !== undefined
  }

  /** Asks once for all that have become unclear meanwhile: a cable may carry a thousand VLANs. */
  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    try {
      while (this.#unclear.size > 0) {
        await turn()
        const unclear = this.#unclear
        this.#unclear = new Set()
        const found = await dumpInterfaces(this.#client, [...unclear])
        for (const swIfIndex of unclear) this.#takeDetails(swIfIndex, found.get(swIfIndex))
      }
    } catch (error) {
      // Without a connection the next one begins with a look.
      this.#unclear.clear()
      this.#states.clear()
      if (!this.#options.signal.aborted) this.#options.missed(error)
    } finally {
      this.#asking = false
    }
  }

  /** One that has gone meanwhile has its own event. */
  #takeDetails(swIfIndex: number, details: SwInterfaceDetails | undefined): void {
    if (details === undefined) return
    const state = linkStateOf(details.flags)
    this.#states.set(swIfIndex, state)
    this.#report({ swIfIndex, deleted: false, ...state }, details.interfaceName)
  }
}
