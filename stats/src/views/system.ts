import { ScalarStat, SimpleStat } from '../entries.ts'
import { PreparedStats, type SnapshotRunner } from '../prepared.ts'
import { threadCount, WORKERS } from './threads.ts'

/** VPP as a whole. VPP brings this up to date once per update-interval. */
export interface SystemStats {
  /** Average packets per frame over all workers, a whole number. */
  readonly vectorRate: number
  /** Packets per frame by thread, 0 is the main thread. */
  readonly vectorRatePerThread: readonly number[]
  /** Runs of the main loop per second by thread. */
  readonly loopsPerThread: readonly number[]
  /** Packets received per second on all interfaces. */
  readonly inputRate: number
  /** Worker threads, the main thread not counted. */
  readonly workers: number
  /** Grows by one with each update. */
  readonly heartbeat: bigint
  /** Seconds after VPP's start of the last update. */
  readonly lastUpdate: number
  /** Seconds after VPP's start of the last `clear runtime`. */
  readonly lastStatsClear: number
  /** When VPP was started. */
  readonly bootTime: Date
}

const NAMES = new Set([
  '/sys/vector_rate',
  '/sys/vector_rate_per_worker',
  '/sys/loops_per_worker',
  '/sys/input_rate',
  WORKERS,
  '/sys/heartbeat',
  '/sys/last_update',
  '/sys/last_stats_clear',
  '/sys/boottime',
])

/** Reads the system entries, scalars (up to VPP 25.10) and gauges alike. */
export class SystemView {
  readonly #set: PreparedStats

  constructor(runner: SnapshotRunner) {
    this.#set = new PreparedStats(runner, (name) => NAMES.has(name))
  }

  async read(): Promise<SystemStats> {
    await this.#set.update()
    const bootSeconds = Number(this.#value('/sys/boottime'))
    return {
      vectorRate: Number(this.#value('/sys/vector_rate')),
      vectorRatePerThread: this.#perThread('/sys/vector_rate_per_worker'),
      loopsPerThread: this.#perThread('/sys/loops_per_worker'),
      inputRate: Number(this.#value('/sys/input_rate')),
      workers: Number(this.#value(WORKERS)),
      heartbeat: this.#value('/sys/heartbeat'),
      lastUpdate: Number(this.#value('/sys/last_update')),
      lastStatsClear: Number(this.#value('/sys/last_stats_clear')),
      bootTime: new Date(bootSeconds * 1000),
    }
  }

  #value(name: string): bigint {
    const entry = this.#set.get(name)
    return entry instanceof ScalarStat ? entry.value : 0n
  }

  /** These have one row, with a column per thread and at least two columns. */
  #perThread(name: string): number[] {
    const entry = this.#set.get(name)
    if (!(entry instanceof SimpleStat)) return []
    const count = Math.min(entry.columns(0), threadCount(this.#set) ?? entry.columns(0))
    return Array.from({ length: count }, (_, thread) => Number(entry.get(0, thread) ?? 0n))
  }
}
