import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { SimulatorOptions } from '../options.ts'
import { Listener } from '../server/listener.ts'
import type { RestartOptions } from '../simulator.ts'
import { Simulator } from '../simulator.ts'
import { ModelCounters } from '../stats/model-counters.ts'
import { StatsPublisher } from '../stats/publisher.ts'
import { VppCounters } from '../stats/vpp-counters.ts'
import { CliSession } from './cli-session.ts'
import { MemifLinks } from './memif-links.ts'

/** How a {@link SimulatedVpp} is started. */
export interface SimulatedVppOptions extends Omit<SimulatorOptions, 'path'> {
  /** Runtime directory; it is made when it is missing. `api.sock`, `stats.sock` and `cli.sock` are in it. */
  readonly dir: string
  /** Worker threads that the stats tell of. Default 0. */
  readonly workers?: number
  /** Seconds between two rounds of the stats collector; each lets that much traffic pass. Default 10, as in VPP. */
  readonly updateInterval?: number
  /** Bytes of the stats segment. Default 32 MiB, as in VPP. */
  readonly statsSize?: number
}

const MIB = 1n << 20n

/**
 * A whole VPP in one runtime directory: API, stats segment and command line show the same interfaces and counters, and
 * memif interfaces are on real sockets, `memif.sock` in this directory for socket id 0. The `vppctl`, `vpp_get_stats` and API clients of a real VPP take it for one.
 */
export class SimulatedVpp implements AsyncDisposable {
  readonly dir: string
  readonly simulator: Simulator
  readonly #options: SimulatedVppOptions
  #publisher: StatsPublisher
  #counters: VppCounters
  #follower: ModelCounters
  #memifs: MemifLinks
  #cli: Listener | undefined
  readonly #sessions = new Set<Socket>()
  #timer: NodeJS.Timeout | undefined
  #seconds = 0

  private constructor(simulator: Simulator, options: SimulatedVppOptions) {
    this.simulator = simulator
    this.#options = options
    this.dir = options.dir
    simulator.model.hardware.workers = options.workers ?? 0
    this.#publisher = this.#publish()
    this.#counters = this.#newCounters()
    this.#follower = new ModelCounters(simulator.model, this.#counters, () => this.#seconds)
    this.#memifs = new MemifLinks(simulator.model)
    this.#startTimer()
  }

  /**
   * Starts everything; clients may come when the promise is fulfilled.
   * @throws SimulatorError `SIMULATOR_LISTEN` when someone listens there already, `SIMULATOR_RELEASE` without definitions
   */
  static async start(options: SimulatedVppOptions): Promise<SimulatedVpp> {
    mkdirSync(options.dir, { recursive: true })
    const simulator = await Simulator.start({ ...options, path: join(options.dir, 'api.sock') })
    try {
      const vpp = new SimulatedVpp(simulator, options)
      await vpp.#listen()
      return vpp
    } catch (error) {
      await simulator.close()
      throw error
    }
  }

  /** Path of the API socket. */
  get apiSocket(): string {
    return this.simulator.path
  }

  /** Path of the stats socket. */
  get statsSocket(): string {
    return join(this.dir, 'stats.sock')
  }

  /** Path of the socket of `vppctl`. */
  get cliSocket(): string {
    return join(this.dir, 'cli.sock')
  }

  /** The counters that the stats segment publishes, for nodes, errors and rates. */
  get stats(): VppCounters {
    return this.#counters
  }

  /** One round of the stats collector: traffic of this many seconds passes, and the heartbeat beats. */
  tick(seconds = this.#options.updateInterval ?? 10): void {
    this.#seconds += seconds
    this.simulator.model.traffic.advance(seconds)
    this.#follower.collect()
    this.#counters.beat(this.#seconds)
  }

  /** Dies and comes back in the same directory, as another process without state; see `Simulator.restart`. */
  async restart(options: RestartOptions = {}): Promise<void> {
    await this.#stop(true)
    await this.simulator.restart(options)
    this.#seconds = 0
    this.simulator.model.hardware.workers = this.#options.workers ?? 0
    this.#publisher = this.#publish()
    this.#counters = this.#newCounters()
    this.#follower = new ModelCounters(this.simulator.model, this.#counters, () => this.#seconds)
    this.#memifs = new MemifLinks(this.simulator.model)
    this.#startTimer()
    await this.#listen()
  }

  /** Ends for good and removes its sockets. */
  async close(): Promise<void> {
    await this.#stop(false)
    await this.simulator.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #publish(): StatsPublisher {
    const { statsSize } = this.#options
    return new StatsPublisher(this.statsSocket, statsSize === undefined ? {} : { size: statsSize })
  }

  #newCounters(): VppCounters {
    const counters = new VppCounters(this.#publisher.segment, { workers: this.#options.workers ?? 0 })
    counters.addHeap('main heap', { total: 1024n * MIB, used: 64n * MIB })
    counters.addHeap('stat segment', { total: 32n * MIB, used: 4n * MIB })
    counters.addBufferPool('default-numa-0', { cached: 0n, used: 0n, available: 16_384n })
    return counters
  }

  #startTimer(): void {
    const { updateInterval = 10 } = this.#options
    this.#timer = setInterval(() => this.tick(), updateInterval * 1000)
  }

  async #listen(): Promise<void> {
    this.#cli = await Listener.open(this.cliSocket, (socket) => {
      this.#sessions.add(socket)
      socket.on('close', () => this.#sessions.delete(socket))
      CliSession.serve(socket, (line) => this.simulator.cli(line).reply)
    })
  }

  async #stop(leaveFiles: boolean): Promise<void> {
    clearInterval(this.#timer)
    this.#follower[Symbol.dispose]()
    this.#memifs[Symbol.dispose]()
    if (leaveFiles) this.#publisher.abandon()
    else this.#publisher.close()
    for (const socket of this.#sessions) socket.destroy()
    await this.#cli?.close(leaveFiles)
    this.#cli = undefined
  }
}
