import { setImmediate as turn } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ErrorStats, StatsClient, SystemStats } from '@vpp-ts/stats'
import { ChunkFolder } from '../history/chunk-folder.ts'
import { readHistory, type HistoryAnswer, type HistoryRequest } from '../history/history-answer.ts'
import { HistoryRing } from '../history/history-ring.ts'
import { kindOf, ROW_FIELDS, rowKey } from '../history/levels.ts'
import type { Instance } from '../instance/instance.ts'
import { CounterRates } from './counter-rates.ts'
import { InterfaceCounters, InterfaceGrowth } from './interface-counters.ts'
import { InterfaceKeys } from './interface-keys.ts'
import type { StatsSource } from './stats-source.ts'

/** Milliseconds between readings. */
const INTERVAL = 1000
/** Milliseconds between two readings beyond which the time between them is unknown. */
const LONGEST = 15_000
/** Error counters, and worker threads, that are kept. */
const MOST_ERRORS = 500
const MOST_WORKERS = 128
/** Name of the row of all of VPP. */
const ALL = 'all'

/** VPP names a sub-interface after its parent, with a dot and its number. Its packets count there as well. */
const SUB_INTERFACE = /\.\d+$/

/** Source of the time, and of the moments to read. */
export interface HistoryClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds of a clock that cannot be set. */
  monotonic(): number
  /** Calls `work` again and again. @returns what ends it */
  every(milliseconds: number, work: () => Promise<void>): () => void
}

/** The clock of this host. */
export const SYSTEM_CLOCK: HistoryClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  every: (milliseconds, work) => {
    const timer = setInterval(() => void work(), milliseconds)
    return () => clearInterval(timer)
  },
}

/** What is kept, and where. */
export interface HistoryOptions {
  /** Folder; that of each VPP is below it. */
  readonly path: string
  /** Interfaces of a VPP that are kept at most. */
  readonly interfaces: number
  /** Bytes of all files of a VPP. */
  readonly size: number
  readonly clock?: HistoryClock | undefined
  readonly log?: Logger | undefined
}

/** How a history does. */
export interface HistoryState {
  /** Interfaces of which the last second is kept. */
  readonly interfaces: number
  /** Interfaces that are not kept, since there are more than the limit. */
  readonly left: number
  /** Bytes of its files. */
  readonly bytes: number
  /** Why nothing is written; undefined: it is. */
  readonly problem: string | undefined
}

/** Reads the counters of one VPP once a second, and records their rates. */
export class HistoryRecorder {
  readonly #stats: StatsSource
  readonly #clock: HistoryClock
  readonly #log: Logger | undefined
  readonly #folder: ChunkFolder
  readonly #ring: HistoryRing
  readonly #keys: InterfaceKeys
  readonly #counters = new InterfaceCounters()
  readonly #growth = new InterfaceGrowth()
  readonly #errorRates = new CounterRates<string>()
  readonly #opened: Promise<void>
  /** The last reading: when it was taken, and of which VPP. */
  #last: { readonly monotonic: number; readonly generation: number } | undefined
  #stop: () => void = () => undefined
  #busy: Promise<void> | undefined
  #problem: string | undefined
  /** Of error counters, in the last second. */
  #lastErrors: ReadonlyMap<string, Float64Array> = new Map()
  #closed = false

  constructor(instance: Instance, stats: StatsSource, options: HistoryOptions) {
    const { clock = SYSTEM_CLOCK, log, path, size, interfaces } = options
    this.#stats = stats
    this.#clock = clock
    this.#log = log?.child({ instance: instance.name })
    this.#keys = new InterfaceKeys(instance)
    this.#folder = new ChunkFolder(`${path}/${instance.name}`, size)
    const limits = { interface: interfaces, error: MOST_ERRORS, worker: MOST_WORKERS, instance: 1 }
    this.#ring = new HistoryRing(this.#folder, limits, { failed: (error) => this.#failed(error) })
    this.#opened = this.#open()
  }

  /** How it does. */
  get state(): HistoryState {
    const left = [...this.#ring.leftOut].filter((key) => kindOf(key) === 'interface').length
    const interfaces = this.#ring.keys().filter((key) => kindOf(key) === 'interface').length
    return { interfaces, left, bytes: this.#folder.bytes, problem: this.#problem }
  }

  /** Seconds since 1970. */
  get now(): number {
    return this.#clock.now() / 1000
  }

  /** Takes a reading, unless one is being taken. */
  async sample(): Promise<void> {
    if (this.#busy !== undefined) return
    this.#busy = this.#sample().finally(() => (this.#busy = undefined))
    await this.#busy
  }

  /** What is known of an interface by its name; of an error counter by `NODE/REASON`; of a worker by its number. */
  async read(
    kind: 'interface' | 'error' | 'worker',
    name: string,
    request: HistoryRequest,
  ): Promise<HistoryAnswer> {
    return await this.#read(rowKey(kind, name), request)
  }

  /** What an error counter has counted per second when it was last read; undefined when that is not known. */
  errorRate(node: string, reason: string): number | undefined {
    return this.#lastErrors.get(errorKey(node, reason))?.[0]
  }

  /** What is known of VPP as a whole. */
  async readAll(request: HistoryRequest): Promise<HistoryAnswer> {
    return await this.#read(rowKey('instance', ALL), request)
  }

  /** Ends it; what is known is written. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#opened
    this.#stop()
    await this.#busy
    await this.#ring.close()
  }

  async #open(): Promise<void> {
    await this.#ring.open(this.#clock.now())
    if (!this.#closed) this.#stop = this.#clock.every(INTERVAL, () => this.sample())
  }

  async #read(key: string, request: HistoryRequest): Promise<HistoryAnswer> {
    await this.#opened
    return await readHistory(this.#ring, key, request, this.now)
  }

  async #sample(): Promise<void> {
    const client = await this.#stats.client()
    const generation = client?.connection?.generation
    if (client === undefined || generation === undefined) return
    try {
      await this.#take(client, generation)
    } catch {
      // VPP disconnected meanwhile; the next reading finds it again, or not.
      this.#last = undefined
    }
  }

  async #take(client: StatsClient, generation: number): Promise<void> {
    const interfaces = await this.#counters.read(client)
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()]
    // Each looks through all names of the stats after interfaces were added: others have their turn between them.
    await turn()
    const errors = await client.errors()
    await turn()
    const system = await client.system()
    if (client.connection?.generation !== generation) {
      // Another VPP came meanwhile: some of it may be of that one.
      this.#last = undefined
      return
    }
    const last = this.#last
    const elapsed =
      last === undefined || last.generation !== generation ? Infinity : monotonic - last.monotonic
    this.#last = { monotonic, generation }
    const seconds = elapsed > 0 && elapsed <= LONGEST ? elapsed / 1000 : undefined
    const keys = this.#keys.update(interfaces.names, generation, now)
    // Only nonzero counters are reported. An interface that was renamed has new ones, which do not start at 0.
    const errorRates = this.#errorRates.update(errorCounters(errors), seconds, !this.#keys.changed)
    this.#lastErrors = errorRates
    const rows = new Map<string, ArrayLike<number>>()
    const total = new Float64Array(ROW_FIELDS.instance.length)
    this.#growth.update(interfaces, keys, seconds, (index, key, rate) => {
      rows.set(key, rate)
      if (SUB_INTERFACE.test(interfaces.names[index] ?? '')) return
      for (const [at, value] of rate.entries()) total[at] = (total[at] ?? 0) + value
    })
    if (seconds === undefined) return
    let nodeErrors = 0
    for (const [key, values] of errorRates) {
      rows.set(rowKey('error', key), values)
      nodeErrors += values[0] ?? 0
    }
    for (const [worker, values] of workersOf(system)) rows.set(rowKey('worker', worker), values)
    total.set([nodeErrors, system.vectorRate, system.inputRate], ROW_FIELDS.interface.length)
    rows.set(rowKey('instance', ALL), total)
    this.#ring.add(now - elapsed, now, rows)
  }

  #failed(error: Error | undefined): void {
    const problem = error?.message
    if (problem === this.#problem) return
    this.#problem = problem
    if (problem === undefined) this.#log?.info('history is written again')
    else this.#log?.warn({ reason: problem }, 'history cannot be written')
  }
}

function errorKey(node: string, reason: string): string {
  return `${node}/${reason}`
}

/** Sums by key: two counters may have one name. */
function errorCounters(errors: readonly ErrorStats[]): [string, string, Float64Array][] {
  const sums = new Map<string, number>()
  for (const { node, reason, count } of errors) {
    const key = errorKey(node, reason)
    sums.set(key, (sums.get(key) ?? 0) + Number(count))
  }
  return Array.from(sums, ([key, sum]) => [key, '', Float64Array.of(sum)])
}

function* workersOf({ vectorRatePerThread, loopsPerThread }: SystemStats): Generator<[string, number[]]> {
  for (const [thread, vectors] of vectorRatePerThread.entries()) {
    yield [String(thread), [vectors, loopsPerThread[thread] ?? 0]]
  }
}
