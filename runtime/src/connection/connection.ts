import { SockclntDelete, SockclntDeleteReply, ControlPing, ControlPingReply } from '../bootstrap/memclnt.ts'
import { Channel } from '../channel/channel.ts'
import { compatibilityOf, type CompatibilityReport } from '../compatibility.ts'
import { EventHub } from '../events/event-hub.ts'
import { EventSubscription } from '../events/event-subscription.ts'
import { Metrics } from '../observe/metrics.ts'
import { Observer } from '../observe/observer.ts'
import { Trace } from '../observe/trace.ts'
import { Caller, type CallTarget } from '../rpc/caller.ts'
import type {
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
} from '../rpc/method.ts'
import { Deadlines } from '../session/deadlines.ts'
import { openSession } from '../session/open-session.ts'
import type { Pending } from '../session/pending.ts'
import type { DescribedMessage } from '../session/registry.ts'
import type { Session, SessionHost } from '../session/session.ts'
import { targetName, type VppTarget } from '../transport/connect.ts'
import { backoffDelay } from './backoff.ts'
import { VppClosedError, VppNotConnectedError, VppReplyTimeoutError } from './errors.ts'
import { HealthWatch } from './health.ts'
import {
  DEFAULT_SOCKET_PATH,
  completeOptions,
  type ConnectionOptions,
  type ConnectionOptionsInput,
} from './options.ts'
import { StateReader, mayFollow, type ConnectReason, type ConnectionState } from './state.ts'

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

  readonly #where: VppTarget
  readonly #options: ConnectionOptions
  readonly #observer: Observer
  readonly #deadlines: Deadlines
  readonly #hub = new EventHub()
  readonly #caller: Caller
  readonly #callTarget: CallTarget
  readonly #host: SessionHost
  readonly #readers = new Set<StateReader>()
  readonly #parked = new Set<Pending>()
  readonly #subscriptions = new Set<EventSubscription<unknown>>()
  readonly #drainWaiters: (() => void)[] = []
  readonly #abort = new AbortController()
  #state: ConnectionState = { status: 'connecting', attempt: 1 }
  #session: Session | undefined
  /** A session whose wants and resync are under way; others do not see it yet. */
  #opening: Session | undefined
  #health: HealthWatch | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #attempt = 1
  #connectedAt = 0
  #pid = 0
  #closing: Promise<void> | undefined
  #nextChannel = 1

  private constructor(where: VppTarget, options: ConnectionOptions) {
    const { clock, trace } = options
    this.#where = where
    this.target = targetName(where)
    this.#options = options
    this.metrics = new Metrics(
      () => this.#session?.outstanding ?? 0,
      () => (this.#session?.queued ?? 0) + this.#parked.size,
    )
    this.#observer = new Observer(
      this.target,
      clock,
      this.metrics,
      trace === undefined ? undefined : new Trace(trace),
    )
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
    this.#host = {
      target: this.target,
      clock,
      deadlines: this.#deadlines,
      observer: this.#observer,
      maxOutstanding: options.maxOutstanding,
      maxMessageLength: options.maxMessageLength,
      roomMade: () => {
        this.#tellDrained()
      },
      sessionEnded: (session, error) => {
        this.#lost(session, error)
      },
    }
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
    const connection = new VppConnection(target, completeOptions(options))
    try {
      await connection.#open()
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
    const complete = completeOptions({ whenDown: 'wait', ...options, reconnect: options.reconnect ?? true })
    const connection = new VppConnection(target, complete)
    void connection.#attemptOpen()
    return connection
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** VPP's process id; 0 before the first connection. */
  get pid(): number {
    return this.#pid
  }

  /** The last messages and the durations of calls; undefined unless option `trace` is set. */
  get trace(): Trace | undefined {
    return this.#observer.trace
  }

  /** The state it is in and all that follow, until `closed`. */
  states(): AsyncIterableIterator<ConnectionState, undefined> {
    const reader = new StateReader(this.#state)
    if (!reader.ended) this.#readers.add(reader)
    return reader
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
    throw new VppClosedError(`the connection to ${this.target}`)
  }

  /** Settles when a request would be written at once: for senders that have more than memory should hold. */
  drain(): Promise<void> {
    if (this.metrics.queued === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#drainWaiters.push(resolve)
    })
  }

  call<Q, R>(method: UnaryMethod<Q, R>, request: object, options?: CallOptions): Promise<R> {
    return this.#caller.call(method, request, options)
  }

  async send<Q>(method: OneWayMethod<Q>, request: object, options?: CallOptions): Promise<void> {
    options?.signal?.throwIfAborted()
    const session = this.#session
    if (session === undefined) throw this.#downError()
    session.post(method.request, request)
    await Promise.resolve()
  }

  dump<Q, D>(method: DumpMethod<Q, D>, request: object, options?: CallOptions): Dump<D> {
    return this.#caller.dump(method, request, options)
  }

  stream<Q, R, D>(
    method: StreamMethod<Q, R, D>,
    request: object,
    options?: CallOptions,
  ): DumpWithReply<D, R> {
    return this.#caller.stream(method, request, options)
  }

  events<Q, R, E>(method: EventMethod<Q, R, E>, request: object, options: EventOptions = {}): EventStream<E> {
    const { want } = method
    const subscription = new EventSubscription<E>(
      method.event,
      options,
      this.#observer,
      async (subscriber) => {
        if (this.#closing !== undefined) throw new VppClosedError(`the connection to ${this.target}`)
        this.#subscriptions.add(subscriber as EventSubscription<unknown>)
        if (want === undefined) this.#hub.listen(subscriber)
        else await this.#hub.subscribe(want, request, subscriber)
      },
      async (subscriber) => {
        this.#subscriptions.delete(subscriber as EventSubscription<unknown>)
        if (want === undefined) this.#hub.ignore(subscriber)
        else await this.#hub.unsubscribe(want, subscriber)
      },
    )
    return subscription
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
    if (this.#closing !== undefined) throw new VppClosedError(`the connection to ${this.target}`)
    return new Channel(this, this.#callTarget, this.#nextChannel++, requestSize, replySize)
  }

  /**
   * Which of these messages the connected VPP has as the bindings know them.
   * @throws VppNotConnectedError
   */
  checkCompatibility(messages: Iterable<DescribedMessage>): CompatibilityReport {
    if (this.#session === undefined) throw this.#downError()
    return compatibilityOf(this.#session.registry, messages)
  }

  /** Names of all messages of the connected VPP. */
  messageNames(): string[] {
    if (this.#session === undefined) throw this.#downError()
    return [...this.#session.registry.names()]
  }

  /** Closes in order; calls under way fail with `VPP_CLOSED`. May be called in every state, and again. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** One attempt, from opening the stream to the state `connected`. */
  async #open(): Promise<void> {
    const session = await openSession(this.#where, this.#host, this.#options, this.#abort.signal)
    if (this.#closing !== undefined) {
      session.finish()
      throw new VppClosedError(`the connection to ${this.target}`)
    }
    const reason = this.#reasonOf(session.pid)
    this.#opening = session
    const caller = this.#callerOf(session)
    try {
      await this.#hub.attach(session.registry, (method, request) => caller.call(method, request))
      if (reason !== 'first') await this.#resync(session, caller, reason)
    } catch (error) {
      session.end(error instanceof Error ? error : new Error(String(error)))
      throw error
    } finally {
      this.#opening = undefined
    }
    if (session.ended) throw new VppNotConnectedError(this.target)
    this.#adopt(session, reason)
  }

  #reasonOf(pid: number): ConnectReason {
    if (this.#pid === 0) return 'first'
    return this.#pid === pid ? 'same-process' : 'restarted'
  }

  async #resync(session: Session, caller: Caller, reason: Exclude<ConnectReason, 'first'>): Promise<void> {
    const { resync } = this.#options
    if (resync === undefined) return
    const vpp: RpcConnection = {
      call: (method, request, options) => caller.call(method, request, options),
      dump: (method, request, options) => caller.dump(method, request, options),
      stream: (method, request, options) => caller.stream(method, request, options),
      send: (method, request) => {
        session.post(method.request, request)
        return Promise.resolve()
      },
      events: (method, request, options) => this.events(method, request, options),
    }
    await resync({ reason, pid: session.pid, previousPid: this.#pid, vpp })
  }

  #callerOf(session: Session): Caller {
    return new Caller({
      ...this.#callTarget,
      submit: (pending) => {
        session.submit(pending)
      },
      forget: (pending) => {
        session.forget(pending)
      },
    })
  }

  #adopt(session: Session, reason: ConnectReason): void {
    this.#session = session
    this.#pid = session.pid
    this.#connectedAt = this.#options.clock.now()
    if (reason !== 'first') this.metrics.reconnects++
    this.#health = this.#watch(session)
    this.#enter({ status: 'connected', pid: session.pid, reason })
    const parked = [...this.#parked]
    this.#parked.clear()
    for (const pending of parked) if (!pending.settled) session.submit(pending)
    this.#tellDrained()
  }

  #watch(session: Session): HealthWatch {
    const caller = this.#callerOf(session)
    const ping = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
    const target = {
      lastReceived: () => session.lastReceived,
      probe: () => caller.call(ping, {}, { timeout: Infinity }),
      health: (missed: number, responding: boolean) => {
        if (!responding) this.metrics.missedProbes++
        this.#enter(
          responding
            ? { status: 'connected', pid: session.pid, reason: 'same-process' }
            : { status: 'not-responding', missedProbes: missed },
        )
      },
    }
    return new HealthWatch(this.#options.health, target, this.#options.clock)
  }

  #submit(pending: Pending): void {
    const session = this.#session
    if (session !== undefined && this.#closing === undefined) session.submit(pending)
    else if (this.#mayWait()) this.#parked.add(pending)
    else {
      this.#deadlines.remove(pending)
      pending.fail(this.#downError())
    }
  }

  #mayWait(): boolean {
    return (
      this.#options.whenDown === 'wait' &&
      this.#closing === undefined &&
      this.#options.reconnect !== undefined &&
      this.#state.status !== 'failed'
    )
  }

  #downError(): Error {
    if (this.#closing !== undefined) return new VppClosedError(`the connection to ${this.target}`)
    const { error } = this.#state as { error?: Error }
    return new VppNotConnectedError(this.target, error === undefined ? undefined : { cause: error })
  }

  #forget(pending: Pending): void {
    this.#parked.delete(pending)
    this.#deadlines.remove(pending)
    this.#session?.forget(pending)
    this.#tellDrained()
  }

  #expire(pending: Pending): void {
    const elapsed = this.#options.clock.now() - pending.started
    const error = new VppReplyTimeoutError(pending.messageName, pending.context, elapsed)
    this.#observer.failed(pending, error)
    pending.fail(error)
    this.#opening?.forget(pending)
    this.#forget(pending)
  }

  #lost(session: Session, error: Error): void {
    if (this.#session !== session) return
    this.#session = undefined
    this.#health?.stop()
    this.#health = undefined
    this.#hub.detach()
    if (this.#closing !== undefined) return
    const { reconnect, clock } = this.#options
    if (reconnect !== undefined && clock.now() - this.#connectedAt >= reconnect.stableAfter) this.#attempt = 1
    this.#retryOrGiveUp(error)
  }

  async #attemptOpen(): Promise<void> {
    try {
      await this.#open()
    } catch (error) {
      this.#hub.detach()
      if (this.#closing === undefined) this.#retryOrGiveUp(error as Error)
    }
  }

  #retryOrGiveUp(error: Error): void {
    const { reconnect } = this.#options
    if (reconnect === undefined) {
      this.#enter({ status: 'disconnected', error, retryIn: undefined })
      for (const subscription of this.#subscriptions) subscription.end(error)
      return
    }
    if (this.#attempt >= reconnect.maximumAttempts) {
      this.#enter({ status: 'failed', error })
      this.#failParked()
      for (const subscription of this.#subscriptions) subscription.end(error)
      return
    }
    const retryIn = backoffDelay(this.#attempt, reconnect, Math.random())
    this.#attempt++
    this.#enter({ status: 'disconnected', error, retryIn })
    this.#retryTimer = setTimeout(() => {
      this.#enter({ status: 'connecting', attempt: this.#attempt })
      void this.#attemptOpen()
    }, retryIn)
  }

  #failParked(): void {
    const parked = [...this.#parked]
    this.#parked.clear()
    for (const pending of parked) {
      this.#deadlines.remove(pending)
      if (!pending.settled) pending.fail(this.#downError())
    }
    this.#tellDrained()
  }

  async #close(): Promise<void> {
    // A caller in the same tick gets the same promise before anything is torn down.
    await Promise.resolve()
    clearTimeout(this.#retryTimer)
    this.#abort.abort()
    this.#health?.stop()
    this.#failParked()
    const session = this.#session ?? this.#opening
    if (session !== undefined && !session.ended) await this.#sayGoodbye(session)
    this.#hub.detach()
    this.#deadlines.clear()
    for (const subscription of this.#subscriptions) subscription.end()
    this.#session = undefined
    this.#enter({ status: 'closed' })
    this.#readers.clear()
  }

  /** Withdraws wants, says goodbye and waits for the answer: a plain close can leave VPP spinning on the socket. */
  async #sayGoodbye(session: Session): Promise<void> {
    const timeout = this.#options.closeTimeout
    session.failAll(new VppClosedError(`the connection to ${this.target}`))
    if (timeout > 0) {
      const caller = this.#callerOf(session)
      const goodbye = { kind: 'unary', request: SockclntDelete, reply: SockclntDeleteReply } as const
      try {
        await this.#hub.close((method, request) => caller.call(method, request, { timeout }))
        await caller.call(goodbye, { index: session.clientIndex }, { timeout })
      } catch {
        // VPP hangs or is gone; closing goes on without its consent.
      }
    }
    session.finish()
  }

  #tellDrained(): void {
    if (this.#drainWaiters.length === 0 || this.metrics.queued > 0) return
    for (const resolve of this.#drainWaiters.splice(0)) resolve()
  }

  #enter(state: ConnectionState): void {
    if (!mayFollow(this.#state.status, state.status)) return
    this.#state = state
    this.#observer.state(state)
    for (const reader of this.#readers) {
      reader.push(state)
      if (reader.ended) this.#readers.delete(reader)
    }
  }
}
