import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { LinuxError, type SocketAddress } from '@vpp-ts/linux'
import { isWorthRetrying, SegmentConnection, type LossReason } from './connection.ts'
import type { StatEntry, StatType } from './entries.ts'
import { StatsError } from './errors.ts'
import { parseAddress } from './handshake.ts'
import { listEntries, type StatListing } from './listing.ts'
import { resolveOptions, type StatsOptions } from './options.ts'
import { compilePatterns, exactPattern, type Patterns } from './patterns.ts'
import { PreparedStats, selectIndexes, type SnapshotRunner } from './prepared.ts'
import { RingSubscription } from './ring-subscription.ts'
import { RETRY, type SegmentReader } from './segment/reader.ts'
import { ticks, TIMER_LIMIT } from './ticks.ts'
import { BufferView, type BufferPool } from './views/buffers.ts'
import { ErrorView, type ErrorOptions, type ErrorStats } from './views/errors.ts'
import { InterfaceView, type InterfaceOptions, type InterfaceStats } from './views/interfaces.ts'
import { MemoryView, type HeapStats } from './views/memory.ts'
import { NodeView, type NodeOptions, type NodeStats } from './views/nodes.ts'
import { SystemView, type SystemStats } from './views/system.ts'

/** Where VPP offers its stats by default. */
export const DEFAULT_STATS_SOCKET = '/run/vpp/stats.sock'

/** Tries to read before pausing by timers. */
const EAGER_TRIES = 8

/** Facts about the connection of the day. */
export interface ConnectionInfo {
  /** Grows with each VPP that was connected to, from 1: counters start again with it. */
  readonly generation: number
  /** VPP's process id; 0 when it lives in another pid namespace. */
  readonly pid: number
  /** False when the segment is copied for each snapshot: see {@link StatsOptions.unsealed}. */
  readonly mapped: boolean
}

/** Events of a {@link StatsClient}. */
export interface StatsClientEvents {
  /** VPP is there: after `connect`, and again after each restart. */
  connected: [info: ConnectionInfo]
  /** VPP has gone. The client goes on trying to connect. */
  disconnected: [reason: LossReason]
  /** The heartbeat has stopped, though VPP's process is there. */
  stalled: []
  /** The heartbeat goes on. */
  resumed: []
}

/**
 * Reads VPP's stats segment. It follows VPP over restarts: calls wait while VPP is away, and what they return is
 * always of one epoch of the VPP that runs now. All values are copies.
 */
export class StatsClient extends EventEmitter<StatsClientEvents> implements AsyncDisposable {
  readonly address: SocketAddress
  readonly #options: StatsOptions
  readonly #abort = new AbortController()
  #connection: SegmentConnection | undefined
  #generation = 0
  #stalled = false
  #timer: NodeJS.Timeout | undefined
  #reconnecting: Promise<void> | undefined
  /** Until when nobody asks again who listens now. */
  #nextComparison = 0

  private constructor(address: SocketAddress, options: StatsOptions) {
    super()
    this.address = address
    this.#options = options
  }

  /**
   * Connects to VPP's stats socket: a path, `abstract:NAME` as in VPP's configuration, or an address of
   * `@vpp-ts/linux`. Waits for a VPP that is not there yet.
   *
   * `STATS_CONNECT_TIMEOUT` (its cause is the last failure), `STATS_VERSION_UNSUPPORTED`, `STATS_HANDSHAKE`, or a
   * `LinuxError` (no permission, another kind of socket).
   */
  static async connect(
    address: SocketAddress = DEFAULT_STATS_SOCKET,
    options: Partial<StatsOptions> & { readonly signal?: AbortSignal } = {},
  ): Promise<StatsClient> {
    const { signal, ...rest } = options
    signal?.throwIfAborted()
    const parsed = typeof address === 'string' ? parseAddress(address) : address
    const client = new StatsClient(parsed, resolveOptions(rest))
    const abort = () => client.#abort.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      client.#adopt(await client.#open(client.#options.connectTimeout))
      return client
    } catch (error) {
      await client.close()
      throw error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  /** The connection of the day; undefined while VPP is away. */
  get connection(): ConnectionInfo | undefined {
    const connection = this.#connection
    if (connection === undefined) return undefined
    return { generation: this.#generation, pid: connection.pid, mapped: connection.mapped }
  }

  /** True while the heartbeat has stopped though the process is there: what is read may be old. */
  get stalled(): boolean {
    return this.#stalled
  }

  /**
   * Milliseconds since VPP's heartbeat was last seen to move, to within the liveness interval; undefined while VPP is
   * away. VPP beats once per `statseg { update-interval }`, by default every 10 s.
   */
  get heartbeatAge(): number | undefined {
    return this.#connection?.heartbeatAge(performance.now())
  }

  /** Lists the entries whose name matches, without their values. */
  ls(patterns?: Patterns): Promise<StatListing[]> {
    const wanted = compilePatterns(patterns)
    return this.#run((reader) => listEntries(reader.directory(), wanted))
  }

  /** Reads the entries whose name matches: a copy that never changes. */
  async dump(patterns?: Patterns): Promise<StatEntry[]> {
    const wanted = compilePatterns(patterns)
    const { plan, entries } = await this.#run((reader) => {
      const made = reader.plan(selectIndexes(reader.directory(), wanted), false)
      made.plan.execute()
      return made
    })
    plan.commit()
    return entries
  }

  /** Reads one entry by its full name. `STATS_NO_ENTRY` when there is none, or not of `type`. */
  async get<T extends StatType>(name: string, type: T): Promise<Extract<StatEntry, { type: T }>> {
    const [entry] = await this.dump(exactPattern(name))
    if (entry?.type === type) return entry as Extract<StatEntry, { type: T }>
    const found = entry === undefined ? 'no such entry' : `it is of type ${entry.type}`
    throw new StatsError('STATS_NO_ENTRY', `${name} as ${type}: ${found}`)
  }

  /** Prepares a set of entries for repeated reading; the first update has been done. */
  prepare(patterns?: Patterns): Promise<PreparedStats> {
    return new PreparedStats(this.#runner, compilePatterns(patterns)).update()
  }

  /**
   * Yields a prepared set after each interval (in milliseconds), the first time at once. It is the same set each
   * time, updated in place. Ends with the loop, or quietly when `signal` is aborted.
   */
  async *poll(
    patterns: Patterns | undefined,
    options: { readonly interval: number; readonly signal?: AbortSignal },
  ): AsyncGenerator<PreparedStats, void, void> {
    const set = new PreparedStats(this.#runner, compilePatterns(patterns))
    for await (const _ of ticks(options.interval, options.signal)) yield await set.update()
  }

  /** Interfaces by sw_if_index, with their counters summed over threads. */
  interfaces(options: InterfaceOptions = {}): Promise<InterfaceStats[]> {
    return (this.#interfaces ??= new InterfaceView(this.#runner)).read(options)
  }

  /** Graph nodes as `show run` has them. Empty unless VPP runs with `statseg { per-node-counters on }`. */
  nodes(options: NodeOptions = {}): Promise<NodeStats[]> {
    return (this.#nodes ??= new NodeView(this.#runner)).read(options)
  }

  /** Error counters by node and reason, those that have counted. */
  errors(options: ErrorOptions = {}): Promise<ErrorStats[]> {
    return (this.#errors ??= new ErrorView(this.#runner)).read(options)
  }

  /** Buffer pools by name. */
  buffers(): Promise<BufferPool[]> {
    return (this.#buffers ??= new BufferView(this.#runner)).read()
  }

  /** Heaps by name. */
  memory(): Promise<HeapStats[]> {
    return (this.#memory ??= new MemoryView(this.#runner)).read()
  }

  /** Vector rates, workers, heartbeat and times. */
  system(): Promise<SystemStats> {
    return (this.#system ??= new SystemView(this.#runner)).read()
  }

  /** Subscribes to a ring buffer. Records written from now on are delivered, or counted as lost. */
  ring(name: string): Promise<RingSubscription> {
    return RingSubscription.open(this.#runner, name)
  }

  #interfaces: InterfaceView | undefined
  #nodes: NodeView | undefined
  #errors: ErrorView | undefined
  #buffers: BufferView | undefined
  #memory: MemoryView | undefined
  #system: SystemView | undefined

  /** Lets go of everything. Calls that wait end with `STATS_CLOSED`; a second call does nothing. */
  close(): Promise<void> {
    if (!this.#abort.signal.aborted) {
      this.#abort.abort(new StatsError('STATS_CLOSED', 'the stats client was closed'))
    }
    clearInterval(this.#timer)
    this.#connection?.close()
    this.#connection = undefined
    return Promise.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  readonly #runner: SnapshotRunner = {
    run: (read, accept) => this.#run(read, accept),
    current: () => this.#connection?.reader,
  }

  async #run<T>(read: (reader: SegmentReader) => T, accept?: (result: T) => void): Promise<T> {
    this.#abort.signal.throwIfAborted()
    const { snapshotTimeout, reconnectTimeout } = this.#options
    const began = performance.now()
    let changingSince = began
    for (let tries = 0; ; tries++) {
      const reader = this.#connection?.reader
      if (reader === undefined) {
        await this.#reconnected(began + reconnectTimeout)
        changingSince = performance.now()
        continue
      }
      const result = this.#attempt(reader, read)
      if (result !== RETRY) {
        accept?.(result)
        return result
      }
      if (performance.now() - changingSince > snapshotTimeout) {
        throw new StatsError(
          'STATS_BUSY',
          `the stats segment was being changed for ${snapshotTimeout} ms: is VPP stuck, or gone in the middle?`,
        )
      }
      await (tries < EAGER_TRIES ? immediate() : sleep(1))
      this.#abort.signal.throwIfAborted()
    }
  }

  #attempt<T>(reader: SegmentReader, read: (reader: SegmentReader) => T): T | typeof RETRY {
    try {
      return reader.attempt(() => read(reader))
    } catch (error) {
      if (!(error instanceof StatsError && error.code === 'STATS_DISCONNECTED')) throw error
      this.#lose('segment-lost')
      return RETRY
    }
  }

  /** Waits for the connection to come back. */
  async #reconnected(deadline: number): Promise<void> {
    const { signal } = this.#abort
    const stop = new AbortController()
    const patience = Math.min(Math.max(0, deadline - performance.now()), TIMER_LIMIT)
    const late = sleep(patience, 'late' as const, {
      signal: AbortSignal.any([stop.signal, signal]),
    }).catch(() => 'stopped' as const)
    const outcome = await Promise.race([this.#reconnecting, late])
    stop.abort()
    signal.throwIfAborted()
    if (outcome !== 'late' || performance.now() < deadline) return
    throw new StatsError(
      'STATS_DISCONNECTED',
      `VPP has gone and did not come back within ${this.#options.reconnectTimeout} ms`,
    )
  }

  /** Looks for signs that VPP has gone or hangs, and acts on them. */
  #check(): void {
    const connection = this.#connection
    if (connection === undefined) return
    const { state } = connection.check(performance.now())
    if (state !== 'alive' && state !== 'stalled') return this.#lose(state)
    const stalled = state === 'stalled'
    if (stalled) void this.#compareSegment(connection)
    if (stalled === this.#stalled) return
    this.#stalled = stalled
    this.#emit(stalled ? 'stalled' : 'resumed')
  }

  /**
   * A heartbeat that stopped may be the last sign of a VPP that was replaced where neither its process nor its
   * socket file can be seen. Whoever listens now tells by the segment it offers: asked again and again, since the next
   * VPP may take its time.
   */
  async #compareSegment(connection: SegmentConnection): Promise<void> {
    if (performance.now() < this.#nextComparison) return
    this.#nextComparison = Infinity
    try {
      const other = await SegmentConnection.open(this.address, this.#options, 5000, this.#abort.signal)
      const same = other.segmentId === connection.segmentId
      if (same || this.#connection !== connection) return other.close()
      this.#lose('segment-replaced', other)
    } catch {
      // Nobody there, or too busy to answer: as stalled as before.
    } finally {
      this.#nextComparison = performance.now() + this.#options.retryInterval.max
    }
  }

  /** Tells the listeners. What one of them throws is an uncaught exception, and does not disturb the client. */
  #emit<E extends keyof StatsClientEvents>(event: E, ...args: StatsClientEvents[E]): void {
    try {
      ;(this as EventEmitter).emit(event, ...args)
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #lose(reason: LossReason, replacement?: SegmentConnection): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#stalled = false
    clearInterval(this.#timer)
    this.#emit('disconnected', reason)
    if (this.#abort.signal.aborted) return replacement?.close()
    if (replacement !== undefined) return this.#adopt(replacement)
    this.#reconnecting = this.#open(Infinity).then(
      (connection) => this.#adopt(connection),
      () => {},
    )
  }

  #adopt(connection: SegmentConnection): void {
    if (this.#abort.signal.aborted) return connection.close()
    this.#connection = connection
    this.#generation++
    this.#timer = setInterval(() => this.#check(), this.#options.livenessInterval).unref()
    const info = this.connection
    if (info !== undefined) this.#emit('connected', info)
  }

  /** Tries until it succeeds, the time is over or the client is closed. */
  async #open(timeout: number): Promise<SegmentConnection> {
    const { signal } = this.#abort
    const { min, max } = this.#options.retryInterval
    const deadline = performance.now() + timeout
    for (let pause = min; ; pause = Math.min(pause * 2, max)) {
      try {
        const patience = Math.min(deadline - performance.now(), 5000)
        return await SegmentConnection.open(this.address, this.#options, Math.max(1, patience), signal)
      } catch (error) {
        signal.throwIfAborted()
        // Once VPP was there, whatever is in its place now may still become VPP again.
        if (this.#generation === 0 && !isRetriable(error)) throw error
        const left = deadline - performance.now()
        if (left <= 0) throw timedOut(this.address, timeout, error)
        // Whoever waits for the first connection keeps the process alive; following a restart does not.
        await sleep(Math.min(pause, left), undefined, { signal, ref: this.#generation === 0 })
      }
    }
  }
}

function isRetriable(error: unknown): boolean {
  return isWorthRetrying(error) || (error instanceof StatsError && error.code === 'STATS_CONNECT_TIMEOUT')
}

function timedOut(address: SocketAddress, timeout: number, cause: unknown): StatsError {
  const where = typeof address === 'string' ? address : JSON.stringify(address)
  const why = cause instanceof LinuxError || cause instanceof StatsError ? cause.message : String(cause)
  return new StatsError(
    'STATS_CONNECT_TIMEOUT',
    `no stats segment at ${where} within ${timeout} ms (${why}): is VPP running, with a statseg section?`,
    { cause },
  )
}

function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
