import { Channel } from '../channel/channel.ts'
import { compatibilityOf, newest, type CompatibilityReport } from '../rpc/compatibility.ts'
import { Drain } from '../async/drain.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { within } from '../async/within.ts'
import { frozenWant } from '../events/frozen-want.ts'
import { AnyEvents } from '../events/any-events.ts'
import { EventHub } from '../events/event-hub.ts'
import { EventSubscription } from '../events/event-subscription.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import { Trace } from '../observe/trace.ts'
import { Caller } from '../rpc/caller.ts'
import type {
  AnyEvent,
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
  WaitOptions,
} from '../api/method.ts'
import type { RequestOf } from '../codec/classes.ts'
import type { DescribedMessage } from '../session/registry.ts'
import { CallDesk } from './call-desk.ts'
import { decodeMessage, encodeMessage } from '../codec/message.ts'
import { callAll, type CallAllOptions, type CallResult } from '../rpc/call-all.ts'
import { LayeredConnection } from '../rpc/layered.ts'
import { repeatWhenLost } from '../rpc/repeat.ts'
import { defaultOptions, type CallDefaults } from '../rpc/with-defaults.ts'
import { sessionCaller } from '../rpc/session-caller.ts'
import type { Session, SessionHost } from '../session/session.ts'
import { targetName, type VppTarget } from '../transport/connect.ts'
import { VppClosedError, VppNotConnectedError } from '../errors/connection-errors.ts'
import {
  DEFAULT_SOCKET_PATH,
  completeOptions,
  demandMilliseconds,
  type CloseOptions,
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
  readonly #hub = new EventHub()
  readonly #anyEvents = new AnyEvents()
  readonly #desk: CallDesk
  readonly #caller: Caller
  readonly #layers: LayeredConnection
  readonly #states: StateLog
  readonly #keeper: SessionKeeper
  /** Those who wait until nothing is queued, and until nothing is under way. */
  readonly #drain: Drain
  readonly #idle: Drain
  readonly #subscriptions = new Set<EventSubscription<unknown>>()
  #closing: Promise<void> | undefined
  /** Closing, while calls under way are given time to end. */
  #draining = false
  #nextChannel = 1

  private constructor(where: VppTarget, options: ConnectionOptions) {
    const { clock, trace } = options
    this.target = targetName(where)
    this.#options = options
    this.metrics = new Metrics({
      inFlight: () => this.#keeper.session?.outstanding ?? 0,
      queued: () => (this.#keeper.session?.queued ?? 0) + this.#desk.parked,
      abandoned: () => this.#keeper.session?.abandoned ?? 0,
    })
    this.#drain = new Drain(() => this.metrics.queued)
    this.#idle = new Drain(() => this.metrics.queued + this.metrics.inFlight)
    const records = trace === undefined ? undefined : new Trace(trace)
    this.#observer = new Observer(this.target, clock, this.metrics, records)
    this.#states = new StateLog((state) => {
      this.#observer.state(state)
    })
    this.#desk = new CallDesk({
      clock,
      timeout: options.timeout,
      observer: this.#observer,
      sessionFor: (pending) => {
        const open = this.#closing === undefined || (this.#draining && pending.continues)
        return open ? this.#keeper.session : undefined
      },
      mayWait: () => options.whenDown === 'wait' && !this.#mayNotComeBack(),
      downError: () => this.#downError(),
      downReason: () => (this.#keeper.session === undefined ? this.#keeper.lastError : undefined),
      forget: (pending) => {
        this.#keeper.forget(pending)
      },
      changed: () => {
        this.#changed()
      },
    })
    this.#caller = new Caller(this.#desk)
    this.#layers = this.#layered(this.#unlayered())
    this.#keeper = new SessionKeeper(this.#keeperOwner(where))
  }

  /**
   * Connects, in one attempt.
   * @param target path of the API socket, or a way to open a stream
   * @param options `signal` ends the attempt; afterwards it means nothing
   * @throws VppConnectError, VppProtocolError, VppReplyTimeoutError, the reason of the signal
   */
  static async connect(
    target: VppTarget = DEFAULT_SOCKET_PATH,
    { signal, ...options }: ConnectionOptionsInput & WaitOptions = {},
  ): Promise<VppConnection> {
    signal?.throwIfAborted()
    const connection = new VppConnection(target, completeOptions(options, target))
    try {
      await unlessAborted(connection.#keeper.open(), signal)
    } catch (error) {
      const closed = connection.close()
      // Who gives up does not wait until VPP has been notified.
      if (signal?.aborted !== true) await closed
      throw error
    }
    return connection
  }

  /**
   * A connection that makes itself, forever unless `reconnect.maximumAttempts` is set. Calls wait for it
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
   * @throws the error of state `failed` or `disconnected` for good; VppClosedError; the reason of the signal
   */
  async ready({ signal }: WaitOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    const states = this.#states.read()
    try {
      for (;;) {
        const { done, value: state } = await unlessAborted(states.next(), signal)
        if (done === true || state.status === 'closed') throw this.#closedError()
        if (state.status === 'connected' || state.status === 'not-responding') return
        if (state.status === 'failed') throw state.error
        if (state.status === 'disconnected' && state.retryIn === undefined) throw state.error
      }
    } finally {
      await states.return()
    }
  }

  /**
   * Settles when no request waits to be written: for senders that have more than memory should hold.
   * @throws the reason of the signal
   */
  drain({ signal }: WaitOptions = {}): Promise<void> {
    return this.#drain.wait(signal)
  }

  /** The process may end while this connection is open, as if it were not there. */
  unref(): void {
    this.#keeper.keepAlive(false)
  }

  /** Takes back `unref`: the process keeps running for as long as this connection is open. */
  ref(): void {
    this.#keeper.keepAlive(true)
  }

  call<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): Promise<R> {
    return options?.idempotent !== true && this.#layers.transparent
      ? this.#caller.call(method, request, options)
      : this.#layers.call(method, request, options)
  }

  /**
   * Makes a call for each request, a bounded number at a time.
   * @returns a result for each request, in their order
   */
  callAll<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    requests: Iterable<RequestOf<Q>> | AsyncIterable<RequestOf<Q>>,
    { concurrency, stopOnError, ...options }: CallAllOptions & CallOptions = {},
  ): Promise<CallResult<R>[]> {
    const call = (request: RequestOf<Q>) => this.call(method, request, options)
    return callAll(requests, call, { concurrency, stopOnError })
  }

  /** The same connection, with options for all calls, dumps and events that do not say otherwise. */
  withDefaults(defaults: CallDefaults): RpcConnection {
    return new LayeredConnection(this, this.target, [defaultOptions(defaults)], false)
  }

  /**
   * Sends a message that VPP does not answer. Settles when it has been written; it waits as a call does while there is no
   * connection, while VPP does not read, and behind requests that wait.
   * @throws VppEncodeError, VppMessageUnavailableError, VppReplyTimeoutError when it could not be written in time
   */
  async send<Q extends object>(
    method: OneWayMethod<Q>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): Promise<void> {
    await this.#layers.send(method, request, options)
  }

  dump<Q extends object, D>(method: DumpMethod<Q, D>, request: RequestOf<Q>, options?: CallOptions): Dump<D> {
    return this.#layers.dump(method, request, options)
  }

  stream<Q extends object, R, D>(
    method: StreamMethod<Q, R, D>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): DumpWithReply<D, R> {
    return this.#layers.stream(method, request, options)
  }

  events<Q extends object, R, E>(
    method: EventMethod<Q, R, E>,
    request: RequestOf<Q>,
    options: EventOptions = {},
  ): EventStream<E> {
    return this.#layers.events(method, request, options)
  }

  /**
   * Everything that VPP sends without a call that asks for it: events of all kinds that this connection has subscribed to,
   * here or with a plain `want_…` call. Nothing is subscribed to by it.
   */
  anyEvents(options: EventOptions = {}): EventStream<AnyEvent> {
    const { target } = this
    const invocation = { kind: 'events', target, message: '*', channel: 0, request: {}, options } as const
    return this.#layers.subscription(invocation, (it) => {
      if (this.#mayNotComeBack()) throw this.#downError()
      return this.#anyEvents.subscribe(it.options, this.#observer)
    }) as EventStream<AnyEvent>
  }

  /** A channel with the usual buffers (100 requests, 100 events). */
  newApiChannel(): Channel {
    return this.newApiChannelBuffered(100, 100)
  }

  /**
   * A channel with its own buffers.
   * @param requestSize requests of this channel under way at most
   * @param replySize events that a subscription of this channel keeps for its reader
   */
  newApiChannelBuffered(requestSize: number, replySize: number): Channel {
    if (this.#closing !== undefined) throw this.#closedError()
    return new Channel(this, this.#layers, this.#desk, this.#nextChannel++, requestSize, replySize)
  }

  /**
   * Which of these messages the connected VPP has as the bindings know them.
   * @throws VppNotConnectedError
   */
  checkCompatibility(messages: Iterable<DescribedMessage>): CompatibilityReport {
    return compatibilityOf(this.#requireSession().registry, messages)
  }

  /**
   * The first of several versions of a method that the connected VPP has; the newest must be named first. Ask again
   * after a reconnect: it may be another VPP.
   * @throws VppMessageUnavailableError when it has none; VppNotConnectedError
   */
  newest<const M extends readonly AnyMethod[]>(...methods: M): M[number] {
    return newest<M[number]>(this.#requireSession().registry, methods)
  }

  /** Names of all messages of the connected VPP. */
  messageNames(): string[] {
    return [...this.#requireSession().registry.names()]
  }

  /**
   * Closes in order. Further calls fail with `VPP_CLOSED`; those under way too, unless `drain` gives them time to end.
   * May be called in every state, and again: the first call decides.
   */
  close(options: CloseOptions = {}): Promise<void> {
    demandMilliseconds('drain', options.drain ?? 0)
    this.#closing ??= this.#close(options)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Calls, dumps and events without what goes around them. */
  #unlayered(): RpcConnection {
    const caller = this.#caller
    return {
      call: (method, request, options) =>
        options?.idempotent === true
          ? this.#repeated(method, request, options)
          : caller.call(method, request, options),
      send: (method, request, options) => caller.send(method, request, options),
      dump: (method, request, options) => caller.dump(method, request, options),
      stream: (method, request, options) => caller.stream(method, request, options),
      events: (method, request, options) => this.#subscribe(method, request, options ?? {}),
    }
  }

  /** What is sent again is what was given at the call. */
  async #repeated<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    request: object,
    options: CallOptions,
  ): Promise<R> {
    const frozen = decodeMessage(method.request, encodeMessage(method.request, request)) as object
    const target = {
      clock: this.#options.clock,
      timeout: this.#options.timeout,
      ready: (wait: WaitOptions) => this.ready(wait),
    }
    return repeatWhenLost(target, options, (it) => this.#caller.call(method, frozen, it))
  }

  #subscribe<Q extends object, R, E>(
    method: EventMethod<Q, R, E>,
    request: object,
    options: EventOptions,
  ): EventStream<E> {
    const { want } = method
    const asked = want === undefined ? {} : frozenWant(want, request)
    return new EventSubscription<E>(
      method.event,
      options,
      this.#observer,
      async (subscription) => {
        if (this.#mayNotComeBack()) throw this.#downError()
        this.#subscriptions.add(subscription as EventSubscription<unknown>)
        if (want === undefined) this.#hub.listen(subscription)
        else await this.#hub.subscribe(want, asked, subscription)
      },
      (subscription) => {
        this.#subscriptions.delete(subscription as EventSubscription<unknown>)
        return within(this.#hub.unsubscribe(subscription), this.#options.closeTimeout)
      },
    )
  }

  #layered(inner: RpcConnection): LayeredConnection {
    return new LayeredConnection(inner, this.target, this.#options.interceptors, true)
  }

  #keeperOwner(where: VppTarget): KeeperOwner {
    const host: SessionHost = {
      target: this.target,
      clock: this.#options.clock,
      deadlines: this.#desk.deadlines,
      observer: this.#observer,
      maxOutstanding: this.#options.maxOutstanding,
      maxMessageLength: this.#options.maxMessageLength,
      unsolicited: (incoming, bytes, start, end) => this.#anyEvents.deliver(incoming, bytes, start, end),
      roomMade: () => {
        this.#changed()
      },
      sessionEnded: (session, error) => {
        this.#keeper.lost(session, error)
        this.#changed()
      },
    }
    return {
      where,
      host,
      options: this.#options,
      hub: this.#hub,
      states: this.#states,
      metrics: this.metrics,
      layered: (rpc) => this.#layered(rpc),
      callerOf: (session) => sessionCaller(session, this.#desk),
      events: (method, request, options) => this.events(method, request, options),
      connected: (session) => {
        this.#desk.handTo(session)
      },
      attemptFailed: (error) => {
        const [calls, subscriptions] = [this.#desk.parked, this.#subscriptions.size]
        if (calls + subscriptions > 0) this.#observer.waiting(error, calls, subscriptions)
      },
      gaveUp: (error) => {
        this.#desk.failParked()
        for (const subscription of this.#subscriptions) subscription.end(error)
        this.#anyEvents.end(error)
      },
    }
  }

  /** True when there will be no connection unless another one is opened. */
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
    const cause = this.#keeper.lastError
    return new VppNotConnectedError(this.target, cause === undefined ? undefined : { cause })
  }

  #changed(): void {
    this.#drain.check()
    this.#idle.check()
  }

  async #close({ drain = 0 }: CloseOptions): Promise<void> {
    // A caller in the same tick gets the same promise before anything is torn down.
    await Promise.resolve()
    this.#desk.failParked()
    if (drain > 0) {
      this.#draining = true
      await within(this.#idle.wait(), drain)
      this.#draining = false
    }
    await this.#keeper.close(this.#closedError())
    this.#desk.deadlines.clear()
    for (const subscription of this.#subscriptions) subscription.end()
    this.#anyEvents.end()
    this.#states.enter({ status: 'closed' })
    this.#changed()
  }
}
