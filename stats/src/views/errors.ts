import { SimpleStat } from '../entries.ts'
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
    this.#set = new PreparedStats(runner, (name) => name.startsWith(PREFIX))
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
    this.#named = this.#set.entries
      .filter((entry) => entry instanceof SimpleStat)
      .map((stat) => {
        const slash = stat.name.indexOf('/', PREFIX.length)
        const end = slash < 0 ? stat.name.length : slash
        const { start, size } = stat.range
        return {
          stat,
          node: stat.name.slice(PREFIX.length, end),
          reason: stat.name.slice(end + 1),
          from: start * 2,
          to: (start + size) * 2,
        }
      })
  }
}
