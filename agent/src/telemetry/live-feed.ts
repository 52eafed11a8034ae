import type { Source } from '../desired/source.ts'
import type { Agent } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import { DetailSampler } from './detail-sampler.ts'
import type { LiveInstance, LiveSource, LiveView } from './live-view.ts'
import type { Telemetry } from './telemetry.ts'

/** Milliseconds between views. */
const INTERVAL = 1000

type Viewer = (text: string) => void

/** Those who look at one VPP, and what samples it for them. */
interface Audience {
  readonly sampler: DetailSampler
  readonly viewers: Set<Viewer>
  readonly timer: NodeJS.Timeout
  /** The last view, for those who come meanwhile. */
  last: string | undefined
  busy: boolean
}

/** Views once a second, made once for all viewers of the same VPP, and not at all without viewers. */
export class LiveFeed {
  readonly #agent: Agent
  readonly #telemetry: Telemetry
  readonly #audiences = new Map<string, Audience>()

  constructor(agent: Agent, telemetry: Telemetry) {
    this.#agent = agent
    this.#telemetry = telemetry
  }

  /**
   * Gives `viewer` views of an instance, as the JSON of a LiveView, beginning at once.
   * @returns what takes the viewer away again
   */
  watch(instance: Instance, viewer: Viewer): () => void {
    const audience = this.#audiences.get(instance.name) ?? this.#gather(instance)
    audience.viewers.add(viewer)
    if (audience.last !== undefined) viewer(audience.last)
    return () => {
      audience.viewers.delete(viewer)
      if (audience.viewers.size === 0) this.#disperse(instance.name, audience)
    }
  }

  close(): void {
    for (const [name, audience] of this.#audiences) this.#disperse(name, audience)
  }

  #gather(instance: Instance): Audience {
    const audience: Audience = {
      sampler: new DetailSampler(instance, this.#telemetry.of(instance)),
      viewers: new Set(),
      timer: setInterval(() => void this.#show(audience), INTERVAL),
      last: undefined,
      busy: false,
    }
    this.#audiences.set(instance.name, audience)
    void this.#show(audience)
    return audience
  }

  #disperse(name: string, audience: Audience): void {
    clearInterval(audience.timer)
    if (this.#audiences.get(name) === audience) this.#audiences.delete(name)
  }

  async #show(audience: Audience): Promise<void> {
    // A view that takes longer than the interval is not overtaken by the next.
    if (audience.busy) return
    audience.busy = true
    try {
      const detail = await audience.sampler.sample()
      const instances = instanceViews(this.#agent)
      const view: LiveView = { at: new Date().toISOString(), instances, detail }
      audience.last = JSON.stringify(view)
      for (const viewer of audience.viewers) viewer(audience.last)
    } finally {
      audience.busy = false
    }
  }
}

/** All instances at a glance, in the order of the configuration. */
export function instanceViews(agent: Pick<Agent, 'instances' | 'sources'>): LiveInstance[] {
  return Array.from(agent.instances.values(), (instance) => instanceView(agent, instance))
}

/** An instance at a glance. */
export function instanceView({ sources }: Pick<Agent, 'sources'>, instance: Instance): LiveInstance {
  const { connection, leading, lastResync, items } = instance.state()
  const { confirmation } = instance.declared
  return {
    name: instance.name,
    status: connection.status,
    message: 'error' in connection ? connection.error.message : null,
    pid: connection.status === 'connected' ? connection.pid : null,
    leading,
    items,
    sources: sources.filter((it) => it.instance === instance.name).flatMap(troubledSource),
    confirmation:
      confirmation === undefined
        ? null
        : { revision: confirmation.revision, until: new Date(confirmation.until).toISOString() },
    lastResync: lastResync === undefined ? null : { ...lastResync, at: lastResync.at.toISOString() },
    lastEvent: instance.events.last,
  }
}

function troubledSource({ origin, status: { state, problems } }: Source): LiveSource[] {
  return state === 'ok' || state === 'reading' ? [] : [{ origin, state, problems: problems.length }]
}
