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
/** In the order in which `read` wants them. */
const FIELDS = ['calls', 'vectors', 'suspends', 'clocks'].map((name) => ({
  name: `/sys/node/${name}`,
  type: 'simple' as const,
}))
const CALLS = 0
const VECTORS = 1
const SUSPENDS = 2
const CLOCKS = 3

/** Reads graph nodes: names and numbers of one epoch. VPP brings them up to date once per update-interval. */
export class NodeView {
  readonly #sums: ViewSet
  readonly #rows: ViewSet
  readonly #rowSet: PreparedStats

  constructor(runner: SnapshotRunner) {
    const names = new Set([WORKERS, NAMES, ...FIELDS.map(({ name }) => name)])
    const wanted = (name: string) => names.has(name)
    this.#rowSet = new PreparedStats(runner, wanted, 'rows')
    this.#sums = new ViewSet(new PreparedStats(runner, wanted, 'sums'), NAMES, FIELDS)
    this.#rows = new ViewSet(this.#rowSet, NAMES, FIELDS)
  }

  async read(options: NodeOptions): Promise<NodeStats[]> {
    const active = options.active === true
    if (options.perThread !== true) {
      await this.#sums.update()
      return list(this.#sums.names, this.#sums.row(0), active)
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

function list(names: readonly (string | undefined)[], columns: Columns, active: boolean): NodeStats[] {
  const found: NodeStats[] = []
  for (let index = 0; index < names.length; index++) {
    const name = names[index]
    if (name === undefined) continue
    if (active && columns.number(CALLS, index) === 0 && columns.number(SUSPENDS, index) === 0) continue
    found.push(read(columns, index, name))
  }
  return found
}

/** One literal, since copying properties would take longer than reading them. */
function read(columns: Columns, index: number, name: string): NodeStats {
  const calls = columns.number(CALLS, index)
  const vectors = columns.number(VECTORS, index)
  const suspends = columns.number(SUSPENDS, index)
  const clocks = columns.number(CLOCKS, index)
  const per = vectors || calls || suspends
  return {
    index,
    name,
    calls: columns.exact(CALLS, index, calls),
    vectors: columns.exact(VECTORS, index, vectors),
    suspends: columns.exact(SUSPENDS, index, suspends),
    clocks: columns.exact(CLOCKS, index, clocks),
    vectorsPerCall: calls > 0 ? vectors / calls : 0,
    averageClocks: per > 0 ? clocks / per : 0,
  }
}
