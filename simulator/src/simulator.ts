import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { announce } from './builtin/events.ts'
import type { CliCommand, CliResult } from './cli/commands.ts'
import { builtInCommands } from './cli/index.ts'
import { SimulatorError } from './errors.ts'
import { Faults } from './faults/faults.ts'
import { Model } from './model/model.ts'
import { identityOf, releaseOf, settle } from './options.ts'
import type { ReleaseOptions, Settings, SimulatorOptions } from './options.ts'
import { Release } from './release/release.ts'
import type { Fields } from './server/call.ts'
import { Dispatcher } from './dispatcher.ts'
import type { DescribedClass, RequestHandler } from './server/handler.ts'
import { UserHandler } from './server/handler.ts'
import { Listener } from './server/listener.ts'
import { RequestLog } from './server/request-log.ts'
import { Run } from './server/run.ts'
import { Session } from './server/session.ts'
import type { SessionHost } from './server/session.ts'
import { Strict } from './server/strict.ts'
import type { WireOptions } from './server/wire.ts'

/** How `Simulator.restart` comes back. */
export interface RestartOptions extends ReleaseOptions {
  /** Gives all but the built-in messages other ids. Default true. */
  readonly renumber?: boolean | undefined
  /** Keeps the state, which a real VPP loses. Default false. */
  readonly keepModel?: boolean | undefined
  /** Milliseconds in which nobody listens. Default 0. */
  readonly downtime?: number | undefined
}

/** Details of `Simulator.sendEvent`. */
export interface SendEventOptions {
  /** Sends to this client only, by its number; it need not have subscribed. */
  readonly connection?: number | undefined
}

/** A client as tests see it. */
export interface ClientView {
  /** Counted from 1 since the simulator was started. */
  readonly number: number
  /** As it called itself; empty before `sockclnt_create`. */
  readonly name: string
  readonly clientIndex: number
}

/**
 * A stand-in for VPP on its own socket, for tests and demos. It answers what it has a model of, and whatever else
 * handlers are given for. Any number of simulators run side by side; they share nothing.
 */
export class Simulator implements AsyncDisposable {
  /** Path of the API socket. */
  readonly path: string
  /** Scripted faults. */
  readonly faults = new Faults()
  /** What clients did that a real VPP would not have borne. */
  readonly strict = new Strict()
  /** What clients have asked. */
  readonly requests: RequestLog
  readonly #settings: Settings
  readonly #handlers = new Map<string, UserHandler>()
  readonly #cli = builtInCommands()
  readonly #dispatcher: Dispatcher
  readonly #host: SessionHost
  #wire: WireOptions
  #run: Run
  #release: ReleaseOptions
  #listener: Listener | undefined
  #turn = 0
  #connections = 0
  #paused = false
  #closed: Promise<void> | undefined

  private constructor(options: SimulatorOptions) {
    this.#settings = settle(options, randomUUID())
    this.#release = options
    this.#wire = this.#settings.wire
    this.path = this.#settings.path
    this.requests = new RequestLog(this.#settings.requestLog)
    this.#run = this.#newRun(new Release(releaseOf(options, this.#settings)), undefined)
    this.#dispatcher = new Dispatcher({
      run: () => this.#run,
      handlers: this.#handlers,
      faults: this.faults,
      log: this.requests,
      pageSize: this.#settings.pageSize,
      unmodelled: this.#settings.unmodelled,
      onFailure: this.#settings.onFailure,
      strict: this.strict,
      onCrash: () => void this.stop(),
    })
    this.#host = this.#makeHost()
  }

  /**
   * Starts a simulator; it takes clients when the promise is fulfilled.
   * @throws SimulatorError `SIMULATOR_LISTEN` when the path cannot be used, `SIMULATOR_RELEASE` without definitions
   */
  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    const simulator = new Simulator(options)
    await simulator.#listen()
    return simulator
  }

  /** State of the simulated VPP; replaced by `restart`. */
  get model(): Model {
    return this.#run.model
  }

  /** Name of the release that is served. */
  get release(): string {
    return this.#run.release.name
  }

  /** Process id that `control_ping` tells. */
  get pid(): number {
    return this.#run.pid
  }

  /** Connected clients. */
  get clients(): ClientView[] {
    return [...this.#run.clients].map(({ number, name, clientIndex }) => ({ number, name, clientIndex }))
  }

  /** How frames look; what is not named stays as it is. Holds for all clients from now on. */
  get wire(): WireOptions {
    return this.#wire
  }

  set wire(wire: Partial<WireOptions>) {
    this.#wire = { ...this.#wire, ...wire }
  }

  /** Id of a message in the table that clients get now; undefined when the release does not have it. */
  idOf(message: string): number | undefined {
    return this.#run.table.idOf(message)
  }

  /**
   * Has requests answered by `handler`, in place of the built-in answer. A message is named by its wire name, or by a
   * class of generated bindings, whose instances the handler then gets.
   * @returns what takes the handler away again
   * @throws SimulatorError `SIMULATOR_MESSAGE` when the release does not have the message, or in another layout
   */
  on<Q extends object>(message: DescribedClass<Q>, handler: RequestHandler<Q>): () => void
  on(message: string, handler: RequestHandler<Record<string, unknown>>): () => void
  on(message: DescribedClass<object> | string, handler: RequestHandler<never>): () => void {
    const described = typeof message === 'string' ? undefined : message
    const name = typeof message === 'string' ? message : message.descriptor.name
    const entry = this.#run.table.byName(name)
    if (described !== undefined && described.descriptor.crc !== entry.crc) {
      throw new SimulatorError(
        'SIMULATOR_MESSAGE',
        `${name} has CRC ${described.descriptor.crc} in the bindings and ${entry.crc} in VPP ${this.release}`,
      )
    }
    const added = new UserHandler(handler, described)
    this.#handlers.set(name, added)
    return () => {
      if (this.#handlers.get(name) === added) this.#handlers.delete(name)
    }
  }

  /** Runs a line of VPP's command line, as `cli_inband` and `vppctl` do. */
  cli(line: string): CliResult {
    return this.#cli.run(line, this.#run)
  }

  /** Adds a command to what `cli_inband` understands, as in `show version`. */
  addCommand(path: string, command: CliCommand): void {
    this.#cli.add(path, command)
  }

  /**
   * Sends an event to all clients that have subscribed to it, or to one client.
   * @returns how many clients it was sent to
   * @throws SimulatorError `SIMULATOR_MESSAGE` when the release does not have the message
   */
  sendEvent(name: string, fields: Fields = {}, { connection }: SendEventOptions = {}): number {
    const entry = this.#run.table.byName(name)
    if (connection === undefined) return this.#run.sendEvent(name, fields)
    const session = this.#session(connection)
    session?.output.message(entry, fields, session.clientIndex, 0)
    return session === undefined ? 0 : 1
  }

  /** Sends any bytes to a client, whether they are a frame or not. */
  sendRaw(connection: number, bytes: Uint8Array): void {
    this.#session(connection)?.output.raw(bytes)
  }

  /** Closes the connection of a client, or of all, without a word. */
  disconnect(connection?: number): void {
    for (const session of this.#run.clients) {
      if (connection === undefined || session.number === connection) session.destroy()
    }
  }

  /** Stops like a process under SIGSTOP: clients can connect, but nothing is read or written. */
  pause(): void {
    this.#paused = true
    for (const session of this.#run.clients) session.pause()
  }

  /** Goes on where `pause` stopped. */
  resume(): void {
    this.#paused = false
    for (const session of this.#run.clients) session.resume()
  }

  /**
   * Dies and comes back on the same path, as another process: with other message ids, without its state, possibly as
   * another release. Handlers, faults and wire options stay.
   */
  async restart(options: RestartOptions = {}): Promise<void> {
    await this.stop()
    if (options.renumber !== false) this.#turn++
    const changed = [options.source, options.apiDir, options.release].some((it) => it !== undefined)
    if (changed) this.#release = options
    const release = changed ? new Release(releaseOf(this.#release, this.#settings)) : this.#run.release
    this.#run = this.#newRun(release, options.keepModel === true ? this.#run.model : undefined)
    if (options.downtime !== undefined) await sleep(options.downtime)
    await this.#listen()
  }

  /** Dies, and leaves the file of its socket behind, as VPP does. `restart` brings it back. */
  async stop(): Promise<void> {
    await this.#down(true)
  }

  /**
   * Ends for good and removes its socket. Calling it again does nothing more.
   * @throws SimulatorError `SIMULATOR_VIOLATION` with option `strict`, when a client did what a real VPP does not bear
   */
  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    await this.#down(false)
    if (this.#settings.strict) this.strict.check()
  }

  async #down(leaveFile: boolean): Promise<void> {
    this.#run.end()
    const listener = this.#listener
    this.#listener = undefined
    this.disconnect()
    await listener?.close(leaveFile)
  }

  async #listen(): Promise<void> {
    if (this.#closed !== undefined) throw new SimulatorError('SIMULATOR_STATE', 'the simulator is closed')
    this.#listener = await Listener.open(this.path, (socket) => this.#accept(socket))
  }

  #accept(socket: Socket): void {
    const { clients } = this.#run
    clients.add(new Session(this.#host, socket, ++this.#connections, clients.allocate()))
  }

  #session(connection: number): Session | undefined {
    return [...this.#run.clients].find(({ number }) => number === connection)
  }

  #newRun(release: Release, model: Model | undefined): Run {
    const run: Run = new Run({
      release,
      model: model ?? this.#newModel(release),
      pid: this.#settings.pid + this.#turn,
      turn: this.#turn,
      cli: this.#cli,
      wire: () => this.#wire,
    })
    const stopListening = run.model.listen((event) => announce(run, event))
    run.signal.addEventListener('abort', stopListening)
    return run
  }

  #newModel(release: Release): Model {
    const model = new Model(identityOf(release.name, this.#settings), release.nodes())
    for (const nic of this.#settings.hardware) model.hardware.add(nic)
    return model
  }

  #makeHost(): SessionHost {
    const { longestMessage, longestBacklog } = this.#settings
    const wire = (): WireOptions => this.#wire
    const paused = (): boolean => this.#paused
    return {
      longestMessage,
      longestBacklog,
      get wire() {
        return wire()
      },
      get paused() {
        return paused()
      },
      handle: (session, bytes, start, end) => this.#dispatcher.handle(session, bytes, start, end),
      ended: (session) => {
        if (!this.#run.clients.remove(session)) return
        this.#run.subscriptions.forget(session.clientIndex)
        const leftSilently = session.name !== '' && !session.goodbye && !this.#run.signal.aborted
        if (leftSilently) this.strict.silentClose(session.number)
      },
      longFrame: (session, length) => this.strict.longFrame(session.number, length),
      backlog: (session) => this.strict.backlog(session.number),
    }
  }
}
