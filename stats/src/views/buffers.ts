import { ScalarStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'

/** A buffer pool: numbers of buffers. */
export interface BufferPool {
  /** For example `default-numa-0`. */
  readonly name: string
  /** Free, in the caches of threads. */
  readonly cached: number
  /** Neither free nor cached. */
  readonly used: number
  /** Free, in the pool. */
  readonly available: number
}

const PATTERN = /^\/buffer-pools\/(.+)\/(cached|used|available)$/

/** Reads buffer pools. VPP brings them up to date once per update-interval. */
export class BufferView {
  readonly #set: PreparedStats

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(runner, (name) => PATTERN.test(name))
  }

  async read(): Promise<BufferPool[]> {
    await this.#set.update()
    const pools = new Map<string, BufferPool>()
    for (const entry of this.#set.entries) {
      const [, name, field] = PATTERN.exec(entry.name) ?? []
      if (name === undefined || field === undefined || !(entry instanceof ScalarStat)) continue
      const pool = pools.get(name) ?? { name, cached: 0, used: 0, available: 0 }
      pools.set(name, { ...pool, [field]: Number(entry.value) })
    }
    return [...pools.values()]
  }
}
