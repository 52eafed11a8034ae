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
    await this.#set.update()
    if (this.#shape !== this.#set.shape) this.#splitNames()
    const list: ErrorStats[] = []
    for (const { stat, node, reason } of this.#named) {
      if (options.zeros !== true && stat.isZero()) continue
      const threads = Array.from({ length: stat.rows }, (_, thread) => stat.get(thread) ?? 0n)
      list.push({ node, reason, count: stat.sum(), threads })
    }
    return list
  }

  #splitNames(): void {
    this.#shape = this.#set.shape
    this.#named = this.#set.entries
      .filter((entry) => entry instanceof SimpleStat)
      .map((stat) => {
        const slash = stat.name.indexOf('/', PREFIX.length)
        const end = slash < 0 ? stat.name.length : slash
        return { stat, node: stat.name.slice(PREFIX.length, end), reason: stat.name.slice(end + 1) }
      })
  }
}
