import { ControlPing, ControlPingReply, SockclntDelete, SockclntDeleteReply } from '../bootstrap/memclnt.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Caller } from '../rpc/caller.ts'
import type { RpcConnection } from '../api/method.ts'
import { VppError } from '../errors/vpp-error.ts'
import { openSession } from './open-session.ts'
import { OneWayCall } from '../session/one-way-call.ts'
import type { Pending } from '../session/pending.ts'
import type { Session, SessionHost } from '../session/session.ts'
import type { VppTarget } from '../transport/connect.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import { backoffDelay } from './backoff.ts'
import { reasonOf, type Boot } from './boot.ts'
import { VppClosedError, VppConnectionLostError, VppPeerSilentError } from '../errors/connection-errors.ts'
import { HealthWatch } from './health.ts'
import type { ConnectionOptions } from './options.ts'
import type { ConnectReason, StateLog } from './state.ts'

/** The connection that sessions are kept for. */
export interface KeeperOwner {
  readonly where: VppTarget
  readonly options: ConnectionOptions
  readonly host: SessionHost
  readonly hub: EventHub
  readonly states: StateLog
  readonly metrics: Metrics
  /** Puts around calls what goes around those of the connection. */
  layered(rpc: RpcConnection): RpcConnection
  /** Makes calls over one session, whether or not others see it yet. */
  callerOf(session: Session): Caller
  events: RpcConnection['events']
  /** Calls can be sent. `connected` has not been announced yet. */
  connected(session: Session): void
  /** A connection was lost, or an attempt to make one failed; another follows unless `gaveUp` is reported. */
  attemptFailed(error: Error): void
  /** There will be no session any more. */
  gaveUp(error: Error): void
}

const PING = { kind: 'unary', request: ControlPing, reply: ControlPingReply } as const
const ignored = (): void => {}
const GOODBYE = { kind: 'unary', request: SockclntDelete, reply: SockclntDeleteReply } as const

/** Makes sessions: the first, and another whenever one was lost, for as long as the options say. */
export class SessionKeeper {
  readonly #owner: KeeperOwner
  readonly #close = new AbortController()
  #session: Session | undefined
  /** An attempt whose introduction is under way; undefined in the end when it failed. */
  #introduction: Promise<Session | undefined> = Promise.resolve(undefined)
  /** A session whose wants and resync are under way; others do not see it yet. */
  #opening: Session | undefined
  #health: HealthWatch | undefined
  #retryTimer: NodeJS.Timeout | undefined
  /** Attempts since the last connection that was stable, the one under way included. */
  #attempt = 1
  /** Attempts that failed since there was a connection. */
  #failures = 0
  #connectedAt = 0
  /** Why there is no session, or why there was none before this attempt. */
  #lastError: Error | undefined
  #keepsAlive = true
  /** The current run of VPP, or the last one. */
  #boot: Boot | undefined

  constructor(owner: KeeperOwner) {
    this.#owner = owner
  }

  /** The session that calls go to. */
  get session(): Session | undefined {
    return this.#session
  }

  /** Process id of the connected VPP, or of the last one. */
  get pid(): number {
    return this.#boot?.pid ?? 0
  }

  /** Why there is no session. */
  get lastError(): Error | undefined {
    return this.#lastError
  }

  /** Whether the process keeps running for this connection's sake. */
  keepAlive(on: boolean): void {
    this.#keepsAlive = on
    this.#session?.keepAlive(on)
    this.#opening?.keepAlive(on)
    if (on) this.#retryTimer?.ref()
    else this.#retryTimer?.unref()
  }

  /** Goes on until there is a session, within the limits of the options. */
  async keepOpening(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      this.#failures++
      if (!this.#closing) this.#retryOrGiveUp(error as Error)
    }
  }

  /**
   * One attempt, from opening the stream to the state `connected`.
   * @throws what was in the way
   */
  async open(): Promise<void> {
    const { where, host, options } = this.#owner
    const introduction = openSession(where, host, options, this.#close.signal)
    this.#introduction = introduction.catch(() => undefined)
    const session = await introduction
    this.#refuseWhenClosing()
    const { pid, registry, bootId: id } = session
    const boot = { pid, registry, id }
    const reason = reasonOf(this.#boot, boot)
    this.#opening = session
    if (!this.#keepsAlive) session.keepAlive(false)
    this.#health = this.#watch(session)
    try {
      // What was to be prepared has no use once the session is gone, and must not hold up the next.
      await unlessAborted(this.#prepare(session, reason), session.over)
      this.#refuseWhenClosing()
      session.over.throwIfAborted()
    } catch (error) {
      this.#health.stop()
      this.#owner.hub.detach()
      if (!this.#closing) await this.#sayGoodbye(session)
      throw error
    } finally {
      this.#opening = undefined
    }
    this.#adopt(session, boot, reason)
  }

  /** A call that was settled from outside gives back what it holds. */
  forget(pending: Pending): void {
    this.#opening?.forget(pending)
    this.#session?.forget(pending)
  }

  /** The stream of a session has ended. */
  lost(session: Session, cause: Error): void {
    if (this.#session !== session) return
    const { target } = this.#owner.host
    const error = cause instanceof VppError ? cause : new VppConnectionLostError(target, { cause })
    this.#session = undefined
    this.#health?.stop()
    this.#owner.hub.detach()
    if (this.#closing) return
    const { reconnect, clock } = this.#owner.options
    if (reconnect !== undefined && clock.now() - this.#connectedAt >= reconnect.stableAfter) this.#attempt = 0
    this.#retryOrGiveUp(error)
  }

  /** Ends the session in order, and makes no other. Calls under way fail with `error`. */
  async close(error: VppClosedError): Promise<void> {
    const { hub } = this.#owner
    this.#close.abort()
    clearTimeout(this.#retryTimer)
    this.#health?.stop()
    const session = this.#session ?? this.#opening ?? (await this.#introduction)
    if (session !== undefined) {
      session.failAll(error)
      await this.#sayGoodbye(session, hub)
    }
    hub.detach()
    this.#session = undefined
  }

  get #closing(): boolean {
    return this.#close.signal.aborted
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new VppClosedError(`the connection to ${this.#owner.host.target}`)
  }

  /** Standing subscriptions, then the program's own hook: both come before `connected`. */
  async #prepare(session: Session, reason: ConnectReason): Promise<void> {
    const { hub, options } = this.#owner
    const caller = this.#owner.callerOf(session)
    await hub.attach(session.registry, (method, request, told) => caller.callOrLate(method, request, told))
    session.over.throwIfAborted()
    await options.prepare?.({
      reason,
      pid: session.pid,
      previousPid: this.pid,
      vpp: this.#owner.layered(this.#rpcOf(caller)),
      signal: session.over,
    })
  }

  #rpcOf(caller: Caller): RpcConnection {
    return {
      call: (method, request, options) => caller.call(method, request, options),
      dump: (method, request, options) => caller.dump(method, request, options),
      stream: (method, request, options) => caller.stream(method, request, options),
      send: (method, request, options) => caller.send(method, request, options),
      events: (method, request, options) => this.#owner.events(method, request, options),
    }
  }

  #adopt(session: Session, boot: Boot, reason: ConnectReason): void {
    const { metrics, options, states } = this.#owner
    this.#session = session
    this.#boot = boot
    this.#failures = 0
    this.#lastError = undefined
    this.#connectedAt = options.clock.now()
    if (reason !== 'first') metrics.reconnects++
    this.#owner.connected(session)
    states.enter({ status: 'connected', pid: session.pid, reason })
  }

  /** Begins before preparation does, which may last: a peer that falls silent then is dropped as well. */
  #watch(session: Session): HealthWatch {
    const { metrics, options, states, host } = this.#owner
    const caller = this.#owner.callerOf(session)
    const target = {
      lastReceived: () => session.lastReceived,
      probe: () => caller.call(PING, {}, { timeout: Infinity }),
      missed: () => {
        metrics.missedProbes++
      },
      notResponding: (missedProbes: number) => {
        states.enter({ status: 'not-responding', missedProbes })
      },
      responding: () => {
        if (this.#session !== session) return
        states.enter({ status: 'connected', pid: session.pid, reason: 'same-process' })
      },
      silent: (missedProbes: number) => {
        // Should it be alive after all, it learns that this client is gone.
        const { clock, observer } = host
        const index = { index: session.clientIndex }
        const leave = new OneWayCall(SockclntDelete, index, clock.now(), Infinity, observer, ignored)
        session.finish(new VppPeerSilentError(host.target, missedProbes), leave)
      },
    }
    return new HealthWatch(options.health, target, options.clock)
  }

  #retryOrGiveUp(error: Error): void {
    this.#lastError = error
    this.#owner.attemptFailed(error)
    const { states, options } = this.#owner
    const { reconnect } = options
    if (reconnect === undefined || this.#failures >= reconnect.maximumAttempts) {
      const lost = { status: 'disconnected', error, retryIn: undefined } as const
      states.enter(reconnect === undefined ? lost : { status: 'failed', error })
      this.#owner.gaveUp(error)
      return
    }
    const retryIn = backoffDelay(Math.max(1, this.#attempt), reconnect, Math.random())
    this.#attempt++
    states.enter({ status: 'disconnected', error, retryIn })
    this.#retryTimer = setTimeout(() => {
      states.enter({ status: 'connecting', attempt: this.#attempt })
      void this.keepOpening()
    }, retryIn)
    if (!this.#keepsAlive) this.#retryTimer.unref()
  }

  /**
   * Withdraws wants, disconnects cleanly and waits for the answers, all in one write: a plain close can leave VPP spinning on
   * the socket.
   */
  async #sayGoodbye(session: Session, hub?: EventHub): Promise<void> {
    const { closeTimeout } = this.#owner.options
    const caller = this.#owner.callerOf(session)
    const timeout = Math.max(1, closeTimeout)
    const withdrawn = hub?.close((method, request) => caller.call(method, request, { timeout }))
    const answers = Promise.allSettled([
      withdrawn,
      caller.call(GOODBYE, { index: session.clientIndex }, { timeout }),
    ])
    // VPP hangs or is gone: closing continues without its consent.
    if (closeTimeout > 0) await answers
    session.finish()
  }
}
