import { SimpleStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'

/** A heap of VPP, in bytes. */
export interface HeapStats {
  /** For example `main heap`, `stat segment`. */
  readonly name: string
  readonly total: bigint
  readonly used: bigint
  readonly free: bigint
  /** Of {@link used}, what was mapped from the system for single large blocks. */
  readonly usedMmap: bigint
  /** Allocated in all, free chunks included. */
  readonly totalAlloc: bigint
  readonly freeChunks: bigint
  /** What could be given back to the system from the top. */
  readonly releasable: bigint
}

const PREFIX = '/mem/'

/** Reads heaps. VPP brings them up to date once per update-interval. */
export class MemoryView {
  readonly #set: PreparedStats

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(runner, (name) => name.startsWith(PREFIX))
  }

  async read(): Promise<HeapStats[]> {
    await this.#set.update()
    return this.#set.entries
      .filter((entry) => entry instanceof SimpleStat && entry.target === undefined)
      .map((entry) => {
        const value = (column: number) => (entry instanceof SimpleStat ? (entry.get(0, column) ?? 0n) : 0n)
        return {
          name: entry.name.slice(PREFIX.length),
          total: value(0),
          used: value(1),
          free: value(2),
          usedMmap: value(3),
          totalAlloc: value(4),
          freeChunks: value(5),
          releasable: value(6),
        }
      })
  }
}
