import { PreparedStats, type SnapshotRunner } from '../prepared.ts'
import type { Columns } from './columns.ts'
import { threadCount, WORKERS } from './threads.ts'
import { ViewSet } from './view-set.ts'

/** What is counted of a graph node, since the last `clear runtime`. */
export interface NodeCounters {
  /** Dispatches. */
  readonly calls: bigint
  /** Packets. */
  readonly vectors: bigint
  /** How often a process node waited. */
  readonly suspends: bigint
  /** Clock cycles. */
  readonly clocks: bigint
  /** Packets per dispatch; 0 without dispatches. */
  readonly vectorsPerCall: number
  /** Clock cycles per packet; per dispatch without packets, per suspend without dispatches: as `show run` has it. */
  readonly averageClocks: number
}

/** A graph node with its counters, summed over all threads. */
export interface NodeStats extends NodeCounters {
  readonly index: number
  readonly name: string
  /** The same by thread (0 is the main thread), only when asked for. */
  readonly threads?: readonly NodeCounters[]
}

/** What to read of nodes. */
export interface NodeOptions {
  /** Only nodes that have been called or suspended. Default false. */
  readonly active?: boolean
  /** Add {@link NodeStats.threads}. Default false. */
  readonly perThread?: boolean
}

const NAMES = '/sys/node/names'
const SOURCES = {
  calls: { entry: '/sys/node/calls', type: 'simple' },
  vectors: { entry: '/sys/node/vectors', type: 'simple' },
  suspends: { entry: '/sys/node/suspends', type: 'simple' },
  clocks: { entry: '/sys/node/clocks', type: 'simple' },
} as const
type NodeColumns = Columns<keyof typeof SOURCES>

/** Reads graph nodes: names and numbers of one epoch. VPP brings them up to date once per update-interval. */
export class NodeView {
  readonly #sums: ViewSet<keyof typeof SOURCES>
  readonly #rows: ViewSet<keyof typeof SOURCES>
  readonly #rowSet: PreparedStats

  constructor(runner: SnapshotRunner) {
    const names = new Set([WORKERS, NAMES, ...Object.values(SOURCES).map(({ entry }) => entry)])
    const wanted = (name: string) => names.has(name)
    this.#rowSet = new PreparedStats(runner, wanted, 'rows')
    this.#sums = new ViewSet(new PreparedStats(runner, wanted, 'sums'), NAMES, SOURCES)
    this.#rows = new ViewSet(this.#rowSet, NAMES, SOURCES)
  }

  async read(options: NodeOptions): Promise<NodeStats[]> {
    const active = options.active === true
    if (options.perThread !== true) {
      await this.#sums.update()
      return list(this.#sums.names, this.#sums.first(), active)
    }
    await this.#rows.update()
    // VPP has one row more than threads here, which stays empty.
    const threads = this.#rows.threads().slice(0, threadCount(this.#rowSet))
    return list(this.#rows.names, this.#rows.sums(), active).map((it) => ({
      ...it,
      threads: threads.map((columns) => {
        const { index: _index, name: _name, ...counters } = read(columns, it.index, '')
        return counters
      }),
    }))
  }
}

function list(names: readonly (string | undefined)[], columns: NodeColumns, active: boolean): NodeStats[] {
  const found: NodeStats[] = []
  for (let index = 0; index < names.length; index++) {
    const name = names[index]
    if (name === undefined) continue
    if (active && columns.calls.isZero(index) && columns.suspends.isZero(index)) continue
    found.push(read(columns, index, name))
  }
  return found
}

/** One literal, since copying properties would take longer than reading them. */
function read({ calls, vectors, suspends, clocks }: NodeColumns, index: number, name: string): NodeStats {
  const callCount = calls.number(index)
  const vectorCount = vectors.number(index)
  const per = vectorCount || callCount || suspends.number(index)
  return {
    index,
    name,
    calls: calls.value(index),
    vectors: vectors.value(index),
    suspends: suspends.value(index),
    clocks: clocks.value(index),
    vectorsPerCall: callCount > 0 ? vectorCount / callCount : 0,
    averageClocks: per > 0 ? clocks.number(index) / per : 0,
  }
}
