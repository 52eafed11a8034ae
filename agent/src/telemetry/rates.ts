import { RateMeter, type InterfaceStats, type NodeStats, type Reading } from '@vpp-ts/stats'
import type { LiveCounters, LiveNode } from './live-view.ts'

/** Counters of interfaces and their rates per second. */
export class InterfaceRates {
  readonly #meters = Array.from({ length: 6 }, () => new RateMeter<number>())

  /** Takes a reading; `rates` is null for what there is no earlier reading of. */
  update(
    interfaces: readonly InterfaceStats[],
    reading: Reading,
  ): Map<number, { counters: LiveCounters; rates: LiveCounters | null }> {
    const values = interfaces.map((it) => [it.swIfIndex, columnsOf(it)] as const)
    const rates = this.#meters.map((meter, column) =>
      meter.update(
        values.map(([index, columns]) => [index, columns[column] ?? 0n] as const),
        reading,
      ),
    )
    return new Map(
      values.map(([index, columns]) => {
        const known = rates[0]?.has(index) === true
        const perSecond = rates.map((column) => column.get(index) ?? 0)
        return [index, { counters: named(columns.map(Number)), rates: known ? named(perSecond) : null }]
      }),
    )
  }
}

function columnsOf(it: InterfaceStats): bigint[] {
  const errors = it.rxErrors + it.rxMiss + it.rxNoBuffer + it.txErrors
  return [it.rx.packets, it.rx.bytes, it.tx.packets, it.tx.bytes, it.drops, errors]
}

function named([rxPackets = 0, rxBytes = 0, txPackets = 0, txBytes = 0, drops = 0, errors = 0]: number[]) {
  return { rxPackets, rxBytes, txPackets, txBytes, drops, errors }
}

/** Graph nodes shown. */
const TOP = 20

/** The busiest graph nodes. VPP brings their counters up to date from time to time; rates are of the time between. */
export class NodeRates {
  readonly #calls = new RateMeter<number>()
  readonly #vectors = new RateMeter<number>()
  readonly #clocks = new RateMeter<number>()
  #rates: readonly ReadonlyMap<number, number>[] = []
  #heartbeat: bigint | undefined

  /** Takes a reading of the nodes as VPP brought them up to date with this heartbeat. */
  update(nodes: readonly NodeStats[], heartbeat: bigint, reading: Reading): LiveNode[] {
    if (heartbeat !== this.#heartbeat) {
      this.#heartbeat = heartbeat
      this.#rates = [
        this.#calls.update(column(nodes, 'calls'), reading),
        this.#vectors.update(column(nodes, 'vectors'), reading),
        this.#clocks.update(column(nodes, 'clocks'), reading),
      ]
    }
    const [calls, vectors, clocks] = this.#rates
    const weight = (it: NodeStats): number => clocks?.get(it.index) ?? Number(it.clocks)
    return nodes
      .filter((it) => it.vectors > 0n)
      .map((it) => ({ it, weight: weight(it) }))
      .sort((one, other) => other.weight - one.weight)
      .slice(0, TOP)
      .map(({ it }) => nodeView(it, calls?.get(it.index), vectors?.get(it.index)))
  }
}

function column(nodes: readonly NodeStats[], name: 'calls' | 'vectors' | 'clocks'): [number, bigint][] {
  return nodes.map((it) => [it.index, it[name]])
}

function nodeView(it: NodeStats, calls: number | undefined, vectors: number | undefined): LiveNode {
  const busy = calls !== undefined && vectors !== undefined && calls > 0
  return {
    name: it.name,
    calls: Number(it.calls),
    vectors: Number(it.vectors),
    vectorsPerCall: busy ? vectors / calls : it.vectorsPerCall,
    clocksPerPacket: it.averageClocks,
    callsPerSecond: calls ?? null,
    vectorsPerSecond: vectors ?? null,
  }
}
