import type { Agent } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import { InterfaceTable } from './interface-table.ts'
import { StatsSource } from './stats-source.ts'

/** What can be read of one VPP beside its state. */
export interface InstanceTelemetry {
  readonly stats: StatsSource
  readonly interfaces: InterfaceTable
}

/** One reader for each VPP, whoever looks: REST, live feed, metrics. */
export class Telemetry {
  readonly #readers: ReadonlyMap<string, InstanceTelemetry>

  constructor(agent: Agent) {
    this.#readers = new Map(
      Array.from(agent.instances.values(), (instance) => [
        instance.name,
        { stats: new StatsSource(instance.statsSocketPath), interfaces: new InterfaceTable(instance) },
      ]),
    )
  }

  of(instance: Instance): InstanceTelemetry {
    const reader = this.#readers.get(instance.name)
    if (reader === undefined) throw new RangeError(`no telemetry of instance "${instance.name}"`)
    return reader
  }

  async close(): Promise<void> {
    for (const { interfaces } of this.#readers.values()) interfaces.close()
    await Promise.all(Array.from(this.#readers.values(), ({ stats }) => stats.close()))
  }
}
