import { COMBINED_COUNTERS, SIMPLE_COUNTERS } from '../model/counters.ts'
import type { CombinedName, SimpleName } from '../model/counters.ts'
import type { CombinedCounter, SimpleCounter } from './counters.ts'
import type { NameVector } from './names.ts'
import type { Scalar, StatsSegment } from './segment.ts'

/** Counters of graph nodes, in VPP's order. */
export const NODE_COUNTERS = ['clocks', 'vectors', 'calls', 'suspends'] as const
/** Symlinks of a heap in VPP's order, with their columns. */
const HEAP = { used: 1, total: 0, free: 2 } as const
const DELETED = 'deleted'

/** Counters per graph node. */
export type NodeCounterName = (typeof NODE_COUNTERS)[number]

/** How a {@link VppCounters} is set up. */
export interface VppCountersOptions {
  /** Worker threads, the main thread not counted. Default 0. */
  readonly workers?: number
  /** Unix seconds of VPP's start. Default now. */
  readonly bootTime?: number
}

/**
 * The entries that every VPP publishes, in VPP's order and shapes, with what changes them: interfaces come, go and
 * are renamed, nodes and error counters are added, the heartbeat beats.
 */
export class VppCounters {
  readonly segment: StatsSegment
  /** Main thread and workers. */
  readonly threads: number
  readonly #heartbeat: Scalar
  readonly #lastUpdate: Scalar
  readonly #lastClear: Scalar
  readonly #gauges: Record<'vector_rate' | 'input_rate', Scalar>
  readonly #vectorRates: SimpleCounter
  readonly #loops: SimpleCounter
  readonly #interfaceNames: NameVector
  readonly #combined: Record<CombinedName, CombinedCounter>
  readonly #simple: Record<SimpleName, SimpleCounter>
  readonly #nodeNames: NameVector
  readonly #nodes: Record<NodeCounterName, SimpleCounter>
  readonly #errors: SimpleCounter
  readonly #links = new Map<number, number[]>()
  readonly #nodeLinks = new Map<number, number[]>()
  readonly #errorLinks = new Map<number, number>()
  #beats = 0n
  #interfaces = 0
  #nodeCount = 0
  #errorCount = 0

  constructor(segment: StatsSegment, options: VppCountersOptions = {}) {
    const { workers = 0, bootTime = Math.floor(Date.now() / 1000) } = options
    this.segment = segment
    this.threads = workers + 1
    // VPP's readers in C take the first entry for the heartbeat.
    this.#heartbeat = segment.addScalar('/sys/heartbeat')
    this.#lastClear = segment.addScalar('/sys/last_stats_clear')
    segment.addScalar('/sys/boottime', BigInt(bootTime))
    this.#gauges = {
      vector_rate: segment.addGauge('/sys/vector_rate'),
      input_rate: segment.addGauge('/sys/input_rate'),
    }
    segment.addGauge('/sys/num_worker_threads', BigInt(workers))
    this.#lastUpdate = segment.addScalar('/sys/last_update')
    this.#vectorRates = segment.addSimple('/sys/vector_rate_per_worker', 1)
    this.#loops = segment.addSimple('/sys/loops_per_worker', 1)
    for (const counter of [this.#vectorRates, this.#loops]) counter.widen(Math.max(2, this.threads))
    this.#interfaceNames = segment.addNames('/if/names')
    this.#combined = byName(COMBINED_COUNTERS, (name) => segment.addCombined(`/if/${name}`, this.threads))
    this.#simple = byName(SIMPLE_COUNTERS, (name) => segment.addSimple(`/if/${name}`, this.threads))
    this.#nodeNames = segment.addNames('/sys/node/names')
    // As in VPP, these have one row more than there are threads.
    this.#nodes = byName(NODE_COUNTERS, (name) => segment.addSimple(`/sys/node/${name}`, this.threads + 1))
    this.#errors = segment.addSimple('/node/errors', this.threads)
  }

  /**
   * Adds an interface with its symlinks under `/interfaces`, in the slot of a deleted one if that is its index.
   * @param index its sw_if_index; the next new one when left out
   * @returns its sw_if_index
   */
  addInterface(name: string, index = this.#interfaces): number {
    this.#interfaces = Math.max(this.#interfaces, index + 1)
    this.segment.change(() => {
      const counters = [...Object.values(this.#combined), ...Object.values(this.#simple)]
      for (const counter of counters) {
        counter.widen(index + 1)
        counter.clear(index)
      }
      this.#interfaceNames.set(index, name)
      const links = [...COMBINED_COUNTERS, ...SIMPLE_COUNTERS].map((counter) =>
        this.segment.addSymlink(linkName(name, counter), this.counter(counter), index),
      )
      this.#links.set(index, links)
    })
    return index
  }

  /** Deletes an interface: its name becomes `deleted`, its symlinks go, its column stays. */
  deleteInterface(swIfIndex: number): void {
    this.segment.change(() => {
      this.#interfaceNames.set(swIfIndex, DELETED)
      for (const link of this.#links.get(swIfIndex) ?? []) this.segment.remove(link)
      this.#links.delete(swIfIndex)
    })
  }

  /** Renames an interface, and its symlinks in place. */
  renameInterface(swIfIndex: number, name: string): void {
    this.#interfaceNames.set(swIfIndex, name)
    const links = this.#links.get(swIfIndex) ?? []
    ;[...COMBINED_COUNTERS, ...SIMPLE_COUNTERS].forEach((counter, i) => {
      const link = links[i]
      if (link !== undefined) this.segment.rename(link, linkName(name, counter))
    })
  }

  /** A counter by the last part of its name under `/if`. */
  counter(name: CombinedName): CombinedCounter
  counter(name: SimpleName): SimpleCounter
  counter(name: CombinedName | SimpleName): CombinedCounter | SimpleCounter
  counter(name: CombinedName | SimpleName): CombinedCounter | SimpleCounter {
    return name in this.#combined ? this.#combined[name as CombinedName] : this.#simple[name as SimpleName]
  }

  /** Adds a graph node with its symlinks under `/nodes`. Returns its index. */
  addNode(name: string): number {
    const index = this.#nodeCount++
    this.segment.change(() => {
      for (const counter of Object.values(this.#nodes)) counter.widen(index + 1)
      this.#nameNode(index, name)
    })
    return index
  }

  /** Renames a graph node: its symlinks go, and others come. */
  renameNode(index: number, name: string): void {
    this.segment.change(() => {
      for (const link of this.#nodeLinks.get(index) ?? []) this.segment.remove(link)
      this.#nameNode(index, name)
    })
  }

  #nameNode(index: number, name: string): void {
    this.#nodeNames.set(index, name)
    const links = NODE_COUNTERS.map((counter) =>
      this.segment.addSymlink(`/nodes/${flat(name)}/${counter}`, this.#nodes[counter], index),
    )
    this.#nodeLinks.set(index, links)
  }

  /** A counter by the last part of its name under `/sys/node`. */
  nodeCounter(name: NodeCounterName): SimpleCounter {
    return this.#nodes[name]
  }

  /**
   * Adds an error counter.
   * @param column its column in {@link errorCounter}; the next new one when left out
   * @returns its column
   */
  addError(node: string, reason: string, column = this.#errorCount): number {
    this.#errorCount = Math.max(this.#errorCount, column + 1)
    this.segment.change(() => {
      this.#errors.widen(column + 1)
      this.#errorLinks.set(column, this.segment.addSymlink(`/err/${node}/${reason}`, this.#errors, column))
    })
    return column
  }

  /** Removes an error counter; its column stays. */
  removeError(column: number): void {
    const link = this.#errorLinks.get(column)
    if (link === undefined) return
    this.#errorLinks.delete(column)
    this.segment.remove(link)
  }

  /** The counters behind `/err`. */
  get errorCounter(): SimpleCounter {
    return this.#errors
  }

  /** Adds a heap; all numbers in bytes. */
  addHeap(name: string, numbers: { readonly total: bigint; readonly used: bigint }): void {
    const heap = this.segment.addSimple(`/mem/${name}`, 1)
    heap.widen(7)
    const free = numbers.total - numbers.used
    ;[numbers.total, numbers.used, free, 0n, numbers.total, 1n, free].forEach((value, i) =>
      heap.set(0, i, value),
    )
    for (const [field, column] of Object.entries(HEAP)) {
      this.segment.addSymlink(`/mem/${name}/${field}`, heap, column)
    }
  }

  /** Adds a buffer pool. */
  addBufferPool(name: string, numbers: Record<'cached' | 'used' | 'available', bigint>): void {
    for (const [field, value] of Object.entries(numbers)) {
      this.segment.addGauge(`/buffer-pools/${name}/${field}`, value)
    }
  }

  /** Rates that the next update publishes: by thread, main thread first. */
  setRates(rates: { vectorRates: readonly bigint[]; loops: readonly bigint[]; inputRate: bigint }): void {
    rates.vectorRates.forEach((value, thread) => this.#vectorRates.set(0, thread, value))
    rates.loops.forEach((value, thread) => this.#loops.set(0, thread, value))
    const workers = this.threads > 1 ? rates.vectorRates.slice(1) : rates.vectorRates
    const sum = workers.reduce((total, value) => total + value, 0n)
    this.#gauges.vector_rate.set(workers.length === 0 ? 0n : sum / BigInt(workers.length))
    this.#gauges.input_rate.set(rates.inputRate)
  }

  /** One round of VPP's collector, `seconds` after VPP's start: the heartbeat grows. Returns it. */
  beat(seconds: number): bigint {
    this.#lastUpdate.set(BigInt(Math.floor(seconds)))
    this.#heartbeat.set(++this.#beats)
    return this.#beats
  }

  /** Notes a `clear runtime`, `seconds` after VPP's start. */
  noteClear(seconds: number): void {
    this.#lastClear.set(BigInt(Math.floor(seconds)))
  }
}

function byName<K extends string, V>(names: readonly K[], make: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, V>
}

function linkName(interfaceName: string, counter: string): string {
  return `/interfaces/${flat(interfaceName)}/${counter}`
}

/** VPP replaces slashes of names that become part of a path. */
function flat(name: string): string {
  return name.replaceAll('/', '_')
}
