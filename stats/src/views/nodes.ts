import { NamesStat, SimpleStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'
import { threadCount, WORKERS } from './threads.ts'

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

type Columns = Record<'calls' | 'vectors' | 'suspends' | 'clocks', BigUint64Array>
const FIELDS = ['calls', 'vectors', 'suspends', 'clocks'] as const

/** Reads graph nodes: names and numbers of one epoch. VPP brings them up to date once per update-interval. */
export class NodeView {
  readonly #set: PreparedStats

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(
      runner,
      (name) => name === WORKERS || /^\/sys\/node\/(names|clocks|vectors|calls|suspends)$/.test(name),
    )
  }

  async read(options: NodeOptions): Promise<NodeStats[]> {
    await this.#set.update()
    const names = this.#set.get('/sys/node/names')
    if (!(names instanceof NamesStat)) return []
    const sums = this.#columns((stat) => stat.sums())
    const threads = options.perThread === true ? this.#threads() : undefined
    const list: NodeStats[] = []
    names.names.forEach((name, index) => {
      if (name === undefined) return
      const it = counters(sums, index)
      if (options.active === true && it.calls === 0n && it.suspends === 0n) return
      const node = { index, name, ...it }
      list.push(
        threads === undefined
          ? node
          : { ...node, threads: threads.map((columns) => counters(columns, index)) },
      )
    })
    return list
  }

  #threads(): Columns[] {
    const calls = this.#set.get('/sys/node/calls')
    const rows = calls instanceof SimpleStat ? calls.rows : 0
    // VPP has one row more than threads here, which stays empty.
    const count = Math.min(rows, threadCount(this.#set) ?? rows)
    return Array.from({ length: count }, (_, thread) => this.#columns((stat) => stat.row(thread)))
  }

  #columns(words: (stat: SimpleStat) => BigUint64Array): Columns {
    const columns: Partial<Columns> = {}
    for (const field of FIELDS) {
      const stat = this.#set.get(`/sys/node/${field}`)
      columns[field] = stat instanceof SimpleStat ? words(stat) : new BigUint64Array(0)
    }
    return columns as Columns
  }
}

function counters(columns: Columns, index: number): NodeCounters {
  const calls = columns.calls[index] ?? 0n
  const vectors = columns.vectors[index] ?? 0n
  const suspends = columns.suspends[index] ?? 0n
  const clocks = columns.clocks[index] ?? 0n
  const per = vectors > 0n ? vectors : calls > 0n ? calls : suspends
  return {
    calls,
    vectors,
    suspends,
    clocks,
    vectorsPerCall: calls > 0n ? Number(vectors) / Number(calls) : 0,
    averageClocks: per > 0n ? Number(clocks) / Number(per) : 0,
  }
}
