import { Channel } from '../channel/channel.ts'
import { compatibilityOf, firstSupported, type CompatibilityReport } from '../rpc/compatibility.ts'
import { Drain } from '../async/drain.ts'
import { within } from '../async/within.ts'
import { EventHub } from '../events/event-hub.ts'
import { EventSubscription } from '../events/event-subscription.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import { Trace } from '../observe/trace.ts'
import { Caller, type CallTarget } from '../rpc/caller.ts'
import type {
  AnyMethod,
  CallOptions,
  Dump,
  DumpMethod,
  DumpWithReply,
  EventMethod,
  EventOptions,
  EventStream,
  OneWayMethod,
  RpcConnection,
  StreamMethod,
  UnaryMethod,
} from '../api/method.ts'
import { Deadlines } from '../session/deadlines.ts'
import type { Pending } from '../session/pending.ts'
import type { RequestOf } from '../codec/init.ts'
import type { DescribedMessage } from '../session/registry.ts'
import { sessionCaller } from '../rpc/session-caller.ts'
import type { Session, SessionHost } from '../session/session.ts'
import { targetName, type VppTarget } from '../transport/connect.ts'
import { VppClosedError, VppNotConnectedError, VppReplyTimeoutError } from '../errors/connection-errors.ts'
import {
  DEFAULT_SOCKET_PATH,
  completeOptions,
  type ConnectionOptions,
  type ConnectionOptionsInput,
} from './options.ts'
import { SessionKeeper, type KeeperOwner } from './session-keeper.ts'
import { StateLog, type ConnectionState } from './state.ts'

/**
 * A connection to one VPP: calls, dumps, events and channels over its API socket.
 *
 * `connect` makes one attempt and hands out a connection that is ready. `managed` hands one out at once, connects
 * when VPP appears and again whenever it was lost.
 */
export class VppConnection implements RpcConnection, AsyncDisposable {
  /** Socket path, or name of the stream. */
  readonly target: string
  /** Counters for an exporter to read in place. */
  readonly metrics: Metrics

  readonly #options: ConnectionOptions
  readonly #observer: Observer
  readonly #deadlines: Deadlines
  readonly #hub = new EventHub()
  readonly #callTarget: CallTarget
  readonly #caller: Caller
  readonly #states: StateLog
  readonly #keeper: SessionKeeper
  /** Calls that wait for a session. */
  readonly #parked = new Set<Pending>()
  readonly #drain: Drain
  readonly #subscriptions = new Set<EventSubscription<unknown>>()
  #closing: Promise<void> | undefined
  #nextChannel = 1

  private constructor(where: VppTarget, options: ConnectionOptions) {
    const { clock, trace } = options
    this.target = targetName(where)
    this.#options = options
    this.metrics = new Metrics({
      inFlight: () => this.#keeper.session?.outstanding ?? 0,
      queued: () => (this.#keeper.session?.queued ?? 0) + this.#parked.size,
      abandoned: () => this.#keeper.session?.abandoned ?? 0,
    })
    this.#drain = new Drain(() => this.metrics.queued)
    const records = trace === undefined ? undefined : new Trace(trace)
    this.#observer = new Observer(this.target, clock, this.metrics, records)
    this.#states = new StateLog((state) => {
      this.#observer.state(state)
    })
    this.#deadlines = new Deadlines(clock, (pending) => {
      this.#expire(pending)
    })
    this.#callTarget = {
      clock,
      deadlines: this.#deadlines,
      replyTimeout: options.replyTimeout,
      submit: (pending) => {
        this.#submit(pending)
      },
      forget: (pending) => {
        this.#forget(pending)
      },
    }
    this.#caller = new Caller(this.#callTarget)
    this.#keeper = new SessionKeeper(this.#keeperOwner(where))
  }

  /**
   * Connects, in one attempt.
   * @param target path of the API socket, or a way to open a stream
   * @throws VppConnectError, VppProtocolError, VppReplyTimeoutError
   */
  static async connect(
    target: VppTarget = DEFAULT_SOCKET_PATH,
    options: ConnectionOptionsInput = {},
  ): Promise<VppConnection> {
    const connection = new VppConnection(target, completeOptions(options, target))
    try {
      await connection.#keeper.open()
    } catch (error) {
      await connection.close()
      throw error
    }
    return connection
  }

  /**
   * A connection that makes itself, for ever unless `reconnect.maximumAttempts` says otherwise. Calls wait for it
   * within their timeout (`whenDown: 'reject'` fails them at once); `ready()` waits for the first connection.
   */
  static managed(
    target: VppTarget = DEFAULT_SOCKET_PATH,
    options: ConnectionOptionsInput = {},
  ): VppConnection {
    const complete = completeOptions(
      { whenDown: 'wait', ...options, reconnect: options.reconnect ?? true },
      target,
    )
    const connection = new VppConnection(target, complete)
    void connection.#keeper.keepOpening()
    return connection
  }

  get state(): ConnectionState {
    return this.#states.current
  }

  /** VPP's process id; 0 before the first connection. */
  get pid(): number {
    return this.#keeper.pid
  }

  /** The last messages and the durations of calls; undefined unless option `trace` is set. */
  get trace(): Trace | undefined {
    return this.#observer.trace
  }

  /** The state it is in and all that follow, until `closed`. */
  states(): AsyncIterableIterator<ConnectionState, undefined> {
    return this.#states.read()
  }

  /**
   * Settles when connected.
   * @throws the error of state `failed` or `disconnected` for good; VppClosedError
   */
  async ready(): Promise<void> {
    for await (const state of this.states()) {
      if (state.status === 'connected' || state.status === 'not-responding') return
      if (state.status === 'failed') throw state.error
      if (state.status === 'disconnected' && state.retryIn === undefined) throw state.error
    }
    throw this.#closedError()
  }

  /** Settles when no request waits to be written: for senders that have more than memory should hold. */
  drain(): Promise<void> {
    return this.#drain.wait()
  }

  call<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): Promise<R> {
    return this.#caller.call(method, request, options)
  }

  async send<Q extends object>(
    method: OneWayMethod<Q>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): Promise<void> {
    options?.signal?.throwIfAborted()
    this.#requireSession().post(method.request, request)
    await Promise.resolve()
  }

  dump<Q extends object, D>(method: DumpMethod<Q, D>, request: RequestOf<Q>, options?: CallOptions): Dump<D> {
    return this.#caller.dump(method, request, options)
  }

  stream<Q extends object, R, D>(
    method: StreamMethod<Q, R, D>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): DumpWithReply<D, R> {
    return this.#caller.stream(method, request, options)
  }

  events<Q extends object, R, E>(
    method: EventMethod<Q, R, E>,
    request: RequestOf<Q>,
    options: EventOptions = {},
  ): EventStream<E> {
    const { want } = method
    return new EventSubscription<E>(
      method.event,
      options,
      this.#observer,
      async (subscription) => {
        if (this.#mayNotComeBack()) throw this.#downError()
        this.#subscriptions.add(subscription as EventSubscription<unknown>)
        if (want === undefined) this.#hub.listen(subscription)
        else await this.#hub.subscribe(want, request, subscription)
      },
      (subscription) => {
        this.#subscriptions.delete(subscription as EventSubscription<unknown>)
        return within(this.#hub.unsubscribe(subscription), this.#options.closeTimeout)
      },
    )
  }

  /** A channel with the usual buffers (100 requests, 100 events). */
  newApiChannel(): Channel {
    return this.newApiChannelBuffered(100, 100)
  }

  /**
   * A channel with buffers of its own.
   * @param requestSize requests of this channel under way at most
   * @param replySize events that a subscription of this channel keeps for its reader
   */
  newApiChannelBuffered(requestSize: number, replySize: number): Channel {
    if (this.#closing !== undefined) throw this.#closedError()
    return new Channel(this, this.#callTarget, this.#nextChannel++, requestSize, replySize)
  }

  /**
   * Which of these messages the connected VPP has as the bindings know them.
   * @throws VppNotConnectedError
   */
  checkCompatibility(messages: Iterable<DescribedMessage>): CompatibilityReport {
    return compatibilityOf(this.#requireSession().registry, messages)
  }

  /**
   * The first of several versions of a method that the connected VPP has; the newest is to be named first. Ask again
   * after a reconnect: it may be another VPP.
   * @throws VppMessageUnavailableError when it has none; VppNotConnectedError
   */
  firstSupported<const M extends readonly AnyMethod[]>(...methods: M): M[number] {
    return firstSupported<M[number]>(this.#requireSession().registry, methods)
  }

  /** Names of all messages of the connected VPP. */
  messageNames(): string[] {
    return [...this.#requireSession().registry.names()]
  }

  /** Closes in order; calls under way fail with `VPP_CLOSED`. May be called in every state, and again. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #keeperOwner(where: VppTarget): KeeperOwner {
    const host: SessionHost = {
      target: this.target,
      clock: this.#options.clock,
      deadlines: this.#deadlines,
      observer: this.#observer,
      maxOutstanding: this.#options.maxOutstanding,
      maxMessageLength: this.#options.maxMessageLength,
      roomMade: () => {
        this.#drain.check()
      },
      sessionEnded: (session, error) => {
        this.#keeper.lost(session, error)
        this.#drain.check()
      },
    }
    return {
      where,
      host,
      options: this.#options,
      hub: this.#hub,
      states: this.#states,
      metrics: this.metrics,
      callerOf: (session) => sessionCaller(session, this.#callTarget),
      events: (method, request, options) => this.events(method, request, options),
      connected: (session) => {
        for (const pending of this.#takeParked()) session.submit(pending)
        this.#drain.check()
      },
      gaveUp: (error) => {
        this.#failParked()
        for (const subscription of this.#subscriptions) subscription.end(error)
      },
    }
  }

  #submit(pending: Pending): void {
    const { session } = this.#keeper
    if (session !== undefined && this.#closing === undefined) session.submit(pending)
    else if (this.#options.whenDown === 'wait' && !this.#mayNotComeBack()) this.#parked.add(pending)
    else this.#failDown(pending)
  }

  /** True when there will be no connection unless somebody makes another. */
  #mayNotComeBack(): boolean {
    const { current } = this.#states
    return (
      this.#closing !== undefined ||
      current.status === 'failed' ||
      (current.status === 'disconnected' && current.retryIn === undefined)
    )
  }

  #requireSession(): Session {
    const { session } = this.#keeper
    if (session === undefined || this.#closing !== undefined) throw this.#downError()
    return session
  }

  #closedError(): VppClosedError {
    return new VppClosedError(`the connection to ${this.target}`)
  }

  #downError(): Error {
    if (this.#closing !== undefined) return this.#closedError()
    const { error } = this.state as { error?: Error }
    return new VppNotConnectedError(this.target, error === undefined ? undefined : { cause: error })
  }

  #takeParked(): Pending[] {
    const parked = [...this.#parked]
    this.#parked.clear()
    return parked
  }

  #failParked(): void {
    for (const pending of this.#takeParked()) this.#failDown(pending)
    this.#drain.check()
  }

  #failDown(pending: Pending): void {
    const error = this.#downError()
    this.#deadlines.remove(pending)
    this.#observer.failed(pending, error)
    pending.fail(error)
  }

  #forget(pending: Pending): void {
    this.#parked.delete(pending)
    this.#deadlines.remove(pending)
    this.#keeper.forget(pending)
    this.#drain.check()
  }

  #expire(pending: Pending): void {
    const elapsed = this.#options.clock.now() - pending.started
    const error = new VppReplyTimeoutError(pending.messageName, pending.context, elapsed)
    this.#observer.failed(pending, error)
    pending.fail(error)
    this.#forget(pending)
  }

  async #close(): Promise<void> {
    // A caller in the same tick gets the same promise before anything is torn down.
    await Promise.resolve()
    this.#failParked()
    await this.#keeper.close(this.#closedError())
    this.#deadlines.clear()
    for (const subscription of this.#subscriptions) subscription.end()
    this.#states.enter({ status: 'closed' })
    this.#drain.check()
  }
}
