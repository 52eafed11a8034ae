import { Registry } from 'prom-client'
import { registerStats, type StatsClient } from '@vpp-ts/stats'
import type { Agent } from '../agent.ts'
import type { Telemetry } from '../live/telemetry.ts'
import { textOf } from './family.ts'

/** Label that tells the VPPs of an agent apart. */
const LABEL = 'instance_name'

/** The stats segments of all VPPs as one text: each family once, with the series of every VPP. */
export class StatsMetrics {
  readonly #agent: Agent
  readonly #telemetry: Telemetry
  readonly #registries = new Map<StatsClient, Registry>()

  constructor(agent: Agent, telemetry: Telemetry) {
    this.#agent = agent
    this.#telemetry = telemetry
  }

  /** @returns families in Prometheus' text format, by name */
  async read(): Promise<Map<string, string>> {
    const each = await Promise.all(
      Array.from(this.#agent.instances.values(), async (instance) => {
        const client = await this.#telemetry.of(instance).stats.client()
        return client === undefined ? absent(instance.name) : await this.#families(instance.name, client)
      }),
    )
    const merged = new Map<string, string>()
    for (const [name, text] of each.flat()) {
      const before = merged.get(name)
      merged.set(name, before === undefined ? text : before + withoutHead(text))
    }
    return merged
  }

  async #families(instance: string, client: StatsClient): Promise<[name: string, text: string][]> {
    const registry = this.#registryOf(instance, client)
    const names = registry.getMetricsAsArray().map(({ name }) => name)
    // All at once: they share one reading of VPP.
    const texts = await Promise.all(names.map((name) => registry.getSingleMetricAsString(name)))
    return names
      .map((name, at): [string, string] => [name, `${texts[at] ?? ''}\n`])
      .filter(([, text]) => withoutHead(text).trim() !== '')
  }

  #registryOf(instance: string, client: StatsClient): Registry {
    const known = this.#registries.get(client)
    if (known !== undefined) return known
    const registry = new Registry()
    registry.setDefaultLabels({ [LABEL]: instance })
    registerStats(registry, client)
    this.#registries.set(client, registry)
    return registry
  }
}

/** What is known of a VPP whose stats have never been there. */
function absent(instance: string): [name: string, text: string][] {
  const name = 'vpp_up'
  const samples = [{ labels: { [LABEL]: instance }, value: 0 }]
  return [[name, textOf({ name, help: 'Whether VPP answers: 1 or 0.', type: 'gauge', samples })]]
}

/** A family's samples alone: its HELP and TYPE may be there only once. */
function withoutHead(text: string): string {
  const end = text.indexOf('\n', text.indexOf('\n') + 1)
  return text.slice(end + 1)
}
