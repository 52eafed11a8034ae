import { NamesStat, SimpleStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'

/** One error counter. */
export interface ErrorStats {
  /** The node that counts. */
  readonly node: string
  /** What it counts; may have spaces and slashes in it. */
  readonly reason: string
  /** Summed over all threads. */
  readonly count: bigint
  /** By thread, 0 is the main thread. */
  readonly threads: readonly bigint[]
}

/** What to read of errors. */
export interface ErrorOptions {
  /** Also those that have counted nothing: thousands. Default false. */
  readonly zeros?: boolean
}

const PREFIX = '/err/'
/** Names of nodes (only with per-node counters) and of interfaces, whose nodes are called after them. */
const NODES = '/sys/node/names'
const INTERFACES = '/if/names'
/** What VPP appends to the name of an interface for its nodes. */
const SUFFIXES = ['-tx', '-output'] as const

interface Named {
  readonly stat: SimpleStat
  readonly node: string
  readonly reason: string
  /** Its words in the set's, as half words. */
  readonly from: number
  readonly to: number
}

/** Reads error counters. */
export class ErrorView {
  readonly #set: PreparedStats
  #named: readonly Named[] = []
  #shape = 0

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(runner, isWanted)
  }

  async read(options: ErrorOptions): Promise<ErrorStats[]> {
    if (!this.#set.updateNow()) await this.#set.update()
    if (this.#shape !== this.#set.shape) this.#splitNames()
    const counted = options.zeros === true ? this.#named : this.#nonZero()
    return counted.map(({ stat, node, reason }) => {
      const threads = Array.from({ length: stat.rows }, (_, thread) => stat.get(thread) ?? 0n)
      return { node, reason, count: stat.sum(), threads }
    })
  }

  /** Nearly all of thousands are zero: one loop over the words finds the others. */
  #nonZero(): Named[] {
    const { words } = this.#set.words
    const found: Named[] = []
    for (const it of this.#named) {
      for (let at = it.from; at < it.to; at++) {
        if (words[at] === 0) continue
        found.push(it)
        break
      }
    }
    return found
  }

  #splitNames(): void {
    this.#shape = this.#set.shape
    const nodes = new Set(this.#strings(NODES))
    for (const name of this.#strings(INTERFACES)) for (const suffix of SUFFIXES) nodes.add(`${name}${suffix}`)
    this.#named = this.#set.entries
      .filter((entry) => entry instanceof SimpleStat)
      .map((stat) => {
        const { start, size } = stat.range
        const { node, reason } = splitErrorName(stat.name.slice(PREFIX.length), nodes)
        return { stat, node, reason, from: start * 2, to: (start + size) * 2 }
      })
  }

  #strings(name: string): readonly string[] {
    const entry = this.#set.get(name)
    return entry instanceof NamesStat ? entry.names.filter((it) => it !== undefined) : []
  }
}

function isWanted(name: string): boolean {
  return name.startsWith(PREFIX) || name === NODES || name === INTERFACES
}

/**
 * Splits `NODE/REASON`. Both may have slashes in them, as the nodes of `memif1/0` and of every NIC do: the longest node
 * that is known is meant, else the shortest that is named like an interface's (the interface may have been renamed since),
 * else all before the first slash.
 */
export function splitErrorName(text: string, nodes: ReadonlySet<string>): { node: string; reason: string } {
  const slashes: number[] = []
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) slashes.push(at)
  const end =
    slashes.findLast((at) => nodes.has(text.slice(0, at))) ??
    slashes.find((at) => SUFFIXES.some((suffix) => text.startsWith(suffix, at - suffix.length))) ??
    slashes[0] ??
    text.length
  return { node: text.slice(0, end), reason: text.slice(end + 1) }
}
