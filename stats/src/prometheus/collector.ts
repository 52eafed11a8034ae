import type { Metric, Registry } from 'prom-client'
import type { StatsClient } from '../client.ts'
import { StatsError } from '../errors.ts'
import {
  DEFINITIONS,
  type Definition,
  type Sample,
  type ScrapedStats,
  type SeriesLabels,
} from './definitions.ts'
import { readLabels } from './labels.ts'

/** What a {@link registerStats} exports. */
export interface CollectorOptions {
  /** In front of every name. Default `vpp_`. */
  readonly prefix: string
  /** A series per thread, with the label `thread`, instead of sums. Default false. */
  readonly perThread: boolean
  /** Graph nodes: those that have been called. Default true. */
  readonly nodes: boolean
  /** Error counters: those that have counted. Default true. */
  readonly errors: boolean
  /** Most series of one family; the rest is left out and counted in `<prefix>series_dropped`. Default 10 000. */
  readonly maxSeries: number
  /**
   * Further labels of interfaces, such as those of `InterfaceFactsSource` in `@vpp-ts/stats/api`. While it fails there
   * are none. A label that it gives cannot replace `interface`, `sw_if_index` or `thread`. Default none.
   */
  readonly interfaceLabels: SeriesLabels
}

const DEFAULTS: CollectorOptions = {
  prefix: 'vpp_',
  perThread: false,
  nodes: true,
  errors: true,
  maxSeries: 10_000,
  interfaceLabels: () => Promise.resolve(new Map()),
}

/** The options with their defaults. */
export function resolveCollector(options: Partial<CollectorOptions>): CollectorOptions {
  return { ...DEFAULTS, ...options }
}

/**
 * Registers VPP's stats with a registry of prom-client. Every scrape reads VPP once; while VPP is away or its heartbeat
 * has stopped, `vpp_up` is 0 and no counter is exported, so that no old number looks new.
 */
export function registerStats(
  registry: Registry,
  client: StatsClient,
  options: Partial<CollectorOptions> = {},
): void {
  const chosen = resolveCollector(options)
  const scrape = new Scrape(client, chosen)
  for (const definition of DEFINITIONS) {
    register(registry, chosen.prefix, definition, async () => (await scrape.read()).samples(definition))
  }
  const up = { name: 'up', help: 'Whether VPP answers: 1 or 0.', type: 'gauge' as const }
  register(registry, chosen.prefix, up, async () => [{ labels: {}, value: (await scrape.read()).up ? 1 : 0 }])
  for (const { value, ...definition } of LIVENESS) {
    register(registry, chosen.prefix, definition, () => Promise.resolve(single(value(client))))
  }
  const dropped = {
    name: 'series_dropped',
    help: 'Series left out of a family because it had too many.',
    type: 'gauge' as const,
  }
  register(registry, chosen.prefix, dropped, async () => (await scrape.read()).dropped())
}

/** What is told of VPP's life, also while no counter is. */
const LIVENESS = [
  {
    name: 'stats_stalled',
    help: 'Whether the heartbeat has stopped though VPP is there: 1 or 0.',
    type: 'gauge',
    value: (client: StatsClient) => (client.connection === undefined ? undefined : Number(client.stalled)),
  },
  {
    name: 'stats_heartbeat_age_seconds',
    help: 'Time since the heartbeat was last seen to move.',
    type: 'gauge',
    value: (client: StatsClient) => client.heartbeatAge && client.heartbeatAge / 1000,
  },
] as const

function single(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }]
}

/** prom-client asks a metric for its values by `get` alone; its own classes cannot be set to a counter's value. */
function register(
  registry: Registry,
  prefix: string,
  { name, help, type }: Pick<Definition, 'name' | 'help' | 'type'>,
  values: () => Promise<readonly Sample[]>,
): void {
  const metric = {
    name: `${prefix}${name}`,
    help,
    type,
    aggregator: 'sum',
    async get() {
      return { name: this.name, help, type, aggregator: 'sum', values: await values() }
    },
    reset() {},
  }
  registry.registerMetric(metric as unknown as Metric)
}

/** Shares one reading of VPP among the families of one scrape. */
export class Scrape {
  readonly #client: StatsClient
  readonly #options: CollectorOptions
  #running: Promise<ScrapeResult> | undefined

  constructor(client: StatsClient, options: CollectorOptions) {
    this.#client = client
    this.#options = options
  }

  read(): Promise<ScrapeResult> {
    if (this.#running === undefined) {
      this.#running = this.#read()
      // All families of a scrape have asked by the time the first is answered.
      const forget = () => (this.#running = undefined)
      this.#running.then(forget, forget)
    }
    return this.#running
  }

  async #read(): Promise<ScrapeResult> {
    const { perThread, nodes, errors } = this.#options
    if (this.#client.connection === undefined || this.#client.stalled) {
      return new ScrapeResult(undefined, this.#options)
    }
    try {
      const labels = await readLabels(this.#options.interfaceLabels)
      return new ScrapeResult(
        {
          labels,
          system: await this.#client.system(),
          interfaces: await this.#client.interfaces({ perThread }),
          nodes: nodes ? await this.#client.nodes({ active: true, perThread }) : [],
          errors: errors ? await this.#client.errors() : [],
          buffers: await this.#client.buffers(),
          memory: await this.#client.memory(),
        },
        this.#options,
      )
    } catch (error) {
      if (error instanceof StatsError && error.code === 'STATS_ARGUMENT') throw error
      // VPP went away meanwhile, or is stuck: what counts as down.
      return new ScrapeResult(undefined, this.#options)
    }
  }
}

class ScrapeResult {
  readonly #stats: ScrapedStats | undefined
  readonly #options: CollectorOptions

  constructor(stats: ScrapedStats | undefined, options: CollectorOptions) {
    this.#stats = stats
    this.#options = options
  }

  get up(): boolean {
    return this.#stats !== undefined
  }

  samples(definition: Definition): readonly Sample[] {
    return this.#all(definition).slice(0, this.#options.maxSeries)
  }

  dropped(): Sample[] {
    return DEFINITIONS.flatMap((definition) => {
      const value = this.#all(definition).length - this.#options.maxSeries
      return value > 0 ? [{ labels: { family: `${this.#options.prefix}${definition.name}` }, value }] : []
    })
  }

  #all(definition: Definition): Sample[] {
    return this.#stats === undefined ? [] : definition.samples(this.#stats, this.#options.perThread)
  }
}
