import { RateMeter, type ErrorStats, type Reading, type StatsClient } from '@vpp-ts/stats'
import type { Instance } from '../instance/instance.ts'
import type { LiveCounters, LiveDetail, LiveError, LiveInterface, LiveNode, LiveSystem } from './live-view.ts'
import { InterfaceRates, NodeRates } from './rates.ts'
import type { InstanceTelemetry } from './telemetry.ts'

/** Error counters shown. */
const MOST_ERRORS = 50

interface Sample {
  readonly counters: ReadonlyMap<number, { counters: LiveCounters; rates: LiveCounters | null }>
  readonly system: LiveSystem | null
  readonly nodes: readonly LiveNode[]
  readonly errors: readonly LiveError[]
  readonly errorsPerSecond: number | null
}

const NOTHING: Sample = {
  counters: new Map(),
  system: null,
  nodes: [],
  errors: [],
  errorsPerSecond: null,
}

/** Samples one VPP in full periodically, and computes the rates of its counters. */
export class DetailSampler {
  readonly #instance: Instance
  readonly #telemetry: InstanceTelemetry
  readonly #interfaces = new InterfaceRates()
  readonly #nodes = new NodeRates()
  readonly #errors = new RateMeter<string>()
  /** VPP whose errors were read last. */
  #generation: number | undefined

  constructor(instance: Instance, telemetry: InstanceTelemetry) {
    this.#instance = instance
    this.#telemetry = telemetry
  }

  async sample(): Promise<LiveDetail> {
    const [known, sample] = await Promise.all([this.#telemetry.interfaces.read(), this.#stats()])
    const interfaces = known.map((it): LiveInterface => {
      const { supSwIfIndex: _sup, linkSpeed: _speed, vlan: _vlan, tag: _tag, ...shown } = it
      return { ...shown, ...(sample.counters.get(it.swIfIndex) ?? { counters: null, rates: null }) }
    })
    const { counters: _counters, ...rest } = sample
    return { name: this.#instance.name, interfaces, ...rest }
  }

  async #stats(): Promise<Sample> {
    const client = await this.#telemetry.stats.client()
    const generation = client?.connection?.generation
    if (client === undefined || generation === undefined) return NOTHING
    try {
      return await this.#read(client, generation)
    } catch {
      // VPP disconnected meanwhile; the next sample finds it again, or not.
      return NOTHING
    }
  }

  async #read(client: StatsClient, generation: number): Promise<Sample> {
    const [system, interfaces, nodes, errors] = await Promise.all([
      client.system(),
      client.interfaces(),
      client.nodes({ active: true }),
      client.errors(),
    ])
    const reading = { time: performance.now(), generation }
    const { vectorRate, inputRate, workers, bootTime, heartbeat } = system
    return {
      counters: this.#interfaces.update(interfaces, reading),
      system: { vectorRate, inputRate, workers, bootTime: bootTime.toISOString() },
      nodes: this.#nodes.update(nodes, heartbeat, reading),
      ...this.#errorViews(errors, reading),
    }
  }

  #errorViews(errors: readonly ErrorStats[], reading: Reading): Pick<Sample, 'errors' | 'errorsPerSecond'> {
    const rates = this.#errors.update(
      errors.map((it) => [`${it.node}/${it.reason}`, it.count] as const),
      reading,
    )
    const isFirst = this.#generation !== reading.generation
    this.#generation = reading.generation
    let all = 0
    for (const perSecond of rates.values()) all += perSecond
    const views = errors
      .map(({ node, reason, count }) => {
        const perSecond = rates.get(`${node}/${reason}`) ?? null
        return { node, reason, count: Number(count), perSecond }
      })
      .sort((one, other) => (other.perSecond ?? 0) - (one.perSecond ?? 0) || other.count - one.count)
      .slice(0, MOST_ERRORS)
    return { errors: views, errorsPerSecond: isFirst ? null : all }
  }
}
