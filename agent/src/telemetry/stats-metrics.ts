import { Registry } from 'prom-client'
import { registerStats, type StatsClient } from '@vpp-ts/stats'
import type { Agent } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import type { Telemetry } from './telemetry.ts'
import { withInstance, type Family, type Sample } from './family.ts'

/** The stats segments of all VPPs: each family once, with the series of every VPP. */
export class StatsMetrics {
  readonly #agent: Agent
  readonly #telemetry: Telemetry
  readonly #registries = new Map<StatsClient, Registry>()

  constructor(agent: Agent, telemetry: Telemetry) {
    this.#agent = agent
    this.#telemetry = telemetry
  }

  async read(): Promise<Family[]> {
    const instances = [...this.#agent.instances.values()]
    const each = await Promise.all(instances.map((instance) => this.#familiesOf(instance)))
    const merged = new Map<string, Family & { samples: Sample[] }>()
    for (const family of each.flat()) {
      const before = merged.get(family.name)
      if (before === undefined) merged.set(family.name, { ...family, samples: [...family.samples] })
      else before.samples = before.samples.concat(family.samples)
    }
    return [...merged.values()]
  }

  async #familiesOf(instance: Instance): Promise<Family[]> {
    const client = await this.#telemetry.of(instance).stats.client()
    if (client === undefined) return [down(instance.name)]
    const families = await this.#registryOf(client).getMetricsAsJSON()
    return families.map(({ name, help, type, values }) => ({
      name,
      help,
      // A word, whatever prom-client's declarations say; the collector has no other types.
      type: String(type) === 'counter' ? 'counter' : 'gauge',
      samples: values.map(({ labels, value }) => ({ labels: withInstance(instance.name, labels), value })),
    }))
  }

  #registryOf(client: StatsClient): Registry {
    const known = this.#registries.get(client)
    if (known !== undefined) return known
    const registry = new Registry()
    registerStats(registry, client)
    this.#registries.set(client, registry)
    return registry
  }
}

/** What is known of a VPP whose stats cannot be read. */
function down(instance: string): Family {
  const samples = [{ labels: withInstance(instance, {}), value: 0 }]
  return { name: 'vpp_up', help: 'Whether VPP answers: 1 or 0.', type: 'gauge', samples }
}
