import type { Agent } from '../instance/agent.ts'
import type { Instance } from '../instance/instance.ts'
import { HistoryRecorder, type HistoryOptions } from './history-recorder.ts'
import { InterfaceTable } from './interface-table.ts'
import { StatsSource } from './stats-source.ts'

/** What can be read of one VPP beside its state. */
export interface InstanceTelemetry {
  readonly stats: StatsSource
  readonly interfaces: InterfaceTable
  /** Undefined: none is kept. */
  readonly history: HistoryRecorder | undefined
}

/** One reader per VPP for all consumers: REST, live feed, metrics. */
export class Telemetry {
  readonly #readers: ReadonlyMap<string, InstanceTelemetry>

  /** @param history what is kept of the past; left out: nothing */
  constructor(agent: Agent, history?: HistoryOptions) {
    this.#readers = new Map(
      Array.from(agent.instances.values(), (instance) => {
        const stats = new StatsSource(instance.statsSocketPath)
        const recorder = history === undefined ? undefined : new HistoryRecorder(instance, stats, history)
        return [instance.name, { stats, interfaces: new InterfaceTable(instance), history: recorder }]
      }),
    )
  }

  of(instance: Instance): InstanceTelemetry {
    const reader = this.#readers.get(instance.name)
    if (reader === undefined) throw new RangeError(`no telemetry of instance "${instance.name}"`)
    return reader
  }

  async close(): Promise<void> {
    for (const { interfaces } of this.#readers.values()) interfaces.close()
    await Promise.all(Array.from(this.#readers.values(), ({ history }) => history?.close()))
    await Promise.all(Array.from(this.#readers.values(), ({ stats }) => stats.close()))
  }
}
