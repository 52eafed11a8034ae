import type { LiveView } from './live-view.js'
import type { Api } from './api.ts'
import type { StatusView } from './item-state.ts'
import { instancePath } from './paths.ts'

/** Events kept by the page. */
const KEPT = 2000

/** What all events have. */
interface Logged {
  /** Counts from 1 since the start of the agent. */
  readonly id: number
  /** ISO 8601. */
  readonly at: string
}

/** An event as the agent reports it. */
export type AgentEvent = Logged &
  (
    | { readonly kind: 'connection'; readonly status: string; readonly message?: string }
    | { readonly kind: 'leadership'; readonly leading: boolean }
    | {
        readonly kind: 'link'
        readonly interface: string
        readonly adminUp: boolean
        readonly linkUp: boolean
        readonly deleted: boolean
      }
    | {
        readonly kind: 'item'
        readonly item: { readonly kind: string; readonly key: string }
        readonly state: StatusView['state'] | 'removed'
        readonly message?: string
      }
    | {
        readonly kind: 'resync'
        readonly duration: number
        readonly applied: number
        readonly failed: number
        readonly waiting: number
      }
    | {
        readonly kind: 'drift'
        readonly object: { readonly kind: string; readonly key: string }
        readonly action: 'create' | 'update' | 'replace' | 'delete'
        readonly repaired: boolean
      }
    | {
        readonly kind: 'diagnosis'
        readonly tool: 'trace' | 'clear' | 'capture'
        readonly what: string
      }
  )

/** The latest events of the VPP that is shown, fetched when a view announces new ones. */
export class EventLog {
  readonly #api: Api
  readonly #changed: () => void
  #instance = ''
  #last = 0
  #events: readonly AgentEvent[] = []
  #fetching = false

  /** @param changed is called when there are others */
  constructor(api: Api, changed: () => void) {
    this.#api = api
    this.#changed = changed
  }

  /** The newest first. */
  get events(): readonly AgentEvent[] {
    return this.#events
  }

  take({ instances, detail: { name } }: LiveView): void {
    const last = instances.find((it) => it.name === name)?.lastEvent ?? 0
    // Smaller ids are those of another life of the agent.
    if (name !== this.#instance || last < this.#last) this.#reset(name)
    if (last > this.#last && !this.#fetching) void this.#fetch(name)
  }

  /** After a reconnect the agent may be another one, which counts its events from the start. */
  doubt(): void {
    this.#last = 0
  }

  #reset(name: string): void {
    this.#instance = name
    this.#last = 0
    this.#events = []
    this.#changed()
  }

  async #fetch(name: string): Promise<void> {
    this.#fetching = true
    const after = this.#last === 0 ? undefined : this.#last
    try {
      const path = instancePath(name, 'events')
      const answer = await this.#api.get<{ events: AgentEvent[] }>(path, { after, limit: KEPT })
      if (name !== this.#instance || (after ?? 0) !== this.#last) return
      const newest = answer.events.at(-1)
      if (newest === undefined) return
      this.#last = newest.id
      const older = after === undefined ? [] : this.#events
      this.#events = [...answer.events.reverse(), ...older].slice(0, KEPT)
      this.#changed()
    } catch {
      // The next view announces them again.
    } finally {
      this.#fetching = false
    }
  }
}
