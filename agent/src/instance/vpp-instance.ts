import { VppConnection, type ConnectionOptionsInput, type ConnectionState } from '@vpp-ts/runtime'
import { pino, type Logger } from 'pino'
import { Bell } from '../model/bell.ts'
import { Turns } from '../model/turns.ts'
import { called, splitId } from '../model/item-ref.ts'
import { AgentError } from '../model/errors.ts'
import type { Item, ItemInput, ItemRef } from '../kinds/item.ts'
import { KINDS } from '../kinds/built-in.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { Problem } from '../reconcile/problems.ts'
import { Reconciler, type DriftMode, type Reconciled } from '../reconcile/reconciler.ts'
import type { Leadership, Store } from '../store/store.ts'
import type { DeletionGuard } from '../desired/change.ts'
import { adopt, type AdoptOptions, type Adopted } from './adopt.ts'
import { DeclaredItems } from '../desired/declared-items.ts'
import type { Dump } from '../reconcile/dump.ts'
import type { GraphOptions, ObjectGraph } from '../reconcile/object-graph.ts'
import type { DesiredState } from '../desired/desired-state.ts'
import { EventLog } from '../status/event-log.ts'
import type { ApplyResult, Instance, InstanceState, ItemWait, PlanOptions } from './instance.ts'
import type { ItemStatus } from '../status/item-status.ts'
import { ItemStatuses } from '../status/item-statuses.ts'
import { followLinks } from '../observed/link-events.ts'
import type { ActualObject, Plan } from '../model/plan.ts'
import { LookSchedule } from './look-schedule.ts'
import { WorkRecord } from './work-record.ts'

/** What an instance is made with. */
export interface VppInstanceOptions {
  readonly name: string
  /** Path of the API socket. */
  readonly socketPath: string
  readonly statsSocketPath: string
  readonly connection: ConnectionOptionsInput
  /** Bring VPP up to date when it is connected again. */
  readonly resyncAfterReconnect: boolean
  /** Who this agent is, for others that would like to lead. */
  readonly agent: string
  /** Milliseconds after which another agent may lead when this one is gone. */
  readonly leaseTtl: number
  /** How much an origin may remove at a time; default: what it likes. */
  readonly deletionGuard?: DeletionGuard | undefined
  /** Milliseconds in which all that VPP has is looked at again, kind after kind; 0: never. Default: 5 minutes. */
  readonly resyncInterval?: number | undefined
  /** What happens to changes that were made behind the agent's back. Default: repair. */
  readonly drift?: DriftMode | undefined
  /** Kinds of items; default: those that come with the agent. */
  readonly kinds?: Kinds | undefined
  /** Default: nothing is logged. */
  readonly log?: Logger | undefined
}

/** Milliseconds in which all that VPP has is looked at again. */
const RESYNC_INTERVAL = 300_000
/** Milliseconds until what the store or VPP broke off is tried again. */
const RETRY_INTERVAL = 1000
/** Milliseconds after which it is looked again whether there is something to do. */
const LONGEST_PAUSE = 30_000
/** Milliseconds between looks at a lease that was not renewed in time. */
const LEASE_INTERVAL = 50

/** A VPP that is kept as the store says. */
export class VppInstance implements Instance {
  readonly name: string
  readonly connection: VppConnection
  readonly statsSocketPath: string
  readonly events = new EventLog()
  readonly #options: VppInstanceOptions
  readonly #store: Store
  readonly #log: Logger
  readonly declared: DeclaredItems
  readonly #state: DesiredState
  readonly #statuses = new ItemStatuses(this.events)
  readonly #record = new WorkRecord()
  readonly #reconciler: Reconciler
  readonly #looks: LookSchedule
  readonly #ended = new AbortController()
  /** Rings when there may be something to do. */
  readonly #work = new Bell()
  /** Rings when something has been done. */
  readonly #done = new Bell()
  readonly #running: Promise<unknown>
  #leadership: Leadership | undefined
  #busy: Promise<unknown> = Promise.resolve()
  /** Resyncs asked for, and the one of them that was done last. */
  #resyncsWanted = 1
  #resyncsDone = 0
  #closing: Promise<void> | undefined

  constructor(store: Store, options: VppInstanceOptions) {
    this.name = options.name
    this.statsSocketPath = options.statsSocketPath
    this.#options = options
    this.#store = store
    this.#log = (options.log ?? pino({ level: 'silent' })).child({ instance: options.name })
    this.connection = VppConnection.managed(options.socketPath, options.connection)
    const failed = (problem: Error): void => {
      this.#log.error({ err: problem }, 'store')
    }
    const { kinds = KINDS, drift = 'repair', resyncInterval = RESYNC_INTERVAL } = options
    const changed = (refs: readonly ItemRef[], areThere: boolean): void => {
      this.#statuses.declared(refs, (ref) => areThere || this.#state.has(ref))
      this.#reconciler.changed(refs)
    }
    this.declared = new DeclaredItems(store, options.name, options.deletionGuard, { changed, failed }, kinds)
    this.#state = this.declared.state
    this.#reconciler = new Reconciler({
      kinds,
      connection: this.connection,
      identity: async () => `${await store.identity()} ${this.name}`,
      state: this.#state,
      statuses: this.#statuses,
      events: this.events,
      drift,
      mayGoOn: () => this.#checkLeading(),
      records: this.declared.records,
      clean: (refs) => this.declared.writer.clean(refs),
      failed: (problem) => this.#reportProblem(problem),
    })
    this.#looks = new LookSchedule([...kinds.objects.keys()], resyncInterval)
    this.#running = Promise.all([
      this.declared.follow(failed),
      this.#followConnection(),
      followLinks({
        connection: this.connection,
        signal: this.#ended.signal,
        seen: (swIfIndex) => this.#reconciler.linkState(swIfIndex),
        take: (news) => {
          const name = this.#reconciler.interfaceEvent(news)
          this.#work.ring()
          return name
        },
        tell: (name, { swIfIndex, adminUp, linkUp, deleted }) => {
          this.events.add({ type: 'link', interface: name, swIfIndex, adminUp, linkUp, deleted })
        },
        missed: (error) => {
          this.#log.warn({ err: error }, 'interface events')
          this.#reconciler.invalidate(['interface'])
          this.#work.ring()
        },
      }),
      this.#followChanges(),
      this.#lead(),
    ])
  }

  state(): InstanceState {
    return {
      connection: this.connection.state,
      leading: this.#leading,
      lastResync: this.#record.lastResync,
      items: this.#statuses.counts(),
      work: this.#record.done,
      drifted: this.#reconciler.drifted,
      lookedAt: this.#reconciler.lookedAt,
      queued: this.#reconciler.queued,
    }
  }

  interfaceNames(): ReadonlyMap<number, string> {
    return this.#reconciler.interfaceNames
  }

  async desired(): Promise<readonly Item[]> {
    await this.#known()
    return [...this.#state.items()]
  }

  async get(ref: ItemRef): Promise<Item | undefined> {
    await this.#known()
    return this.#state.get(ref)
  }

  async put(items: readonly (Item | ItemInput)[], origin?: string): Promise<void> {
    this.#checkOpen()
    await this.declared.put(items, origin)
  }

  async delete(refs: readonly ItemRef[], origin?: string): Promise<readonly ItemRef[]> {
    this.#checkOpen()
    await this.#known()
    const known = refs.filter(
      (ref) => this.#state.keptOf(ref) !== undefined || this.#state.frozenOf(ref) !== undefined,
    )
    await this.declared.drop(known, origin)
    return known
  }

  async replace(items: readonly (Item | ItemInput)[], origin: string): Promise<void> {
    this.#checkOpen()
    await this.declared.replace(items, origin)
  }

  async origins(): Promise<readonly string[]> {
    return [...(await this.declared.origins()).keys()].sort()
  }

  seen(kind: string): Iterable<ActualObject> {
    return this.#reconciler.seen(kind)
  }

  async actual(): Promise<readonly ActualObject[]> {
    return await this.#alone(() => this.#reconciler.actual())
  }

  async graph(options: GraphOptions): Promise<ObjectGraph> {
    await this.#known()
    return await this.#alone(() => this.#reconciler.graph(options))
  }

  async dump(only?: ReadonlySet<string>): Promise<Dump> {
    await this.#known()
    return await this.#alone(() => this.#reconciler.dump(only))
  }

  async adopt(options: AdoptOptions = {}): Promise<Adopted> {
    await this.#whole()
    return await this.#alone(async () => {
      this.#checkLeading()
      // What was made has to be recorded before anything is added to it.
      if (this.#state.made('', '') === undefined) await this.#reconciler.resync()
      const dump = await this.#reconciler.dump(options.only)
      const adopted = await adopt(this.declared, dump, options)
      // What was foreign before is no longer foreign.
      this.#reconciler.forget()
      this.#resyncsWanted++
      this.#work.ring()
      return adopted
    })
  }

  async plan(options: PlanOptions = {}): Promise<Plan> {
    await this.#known()
    return await this.#alone(() => this.#reconciler.plan(options))
  }

  apply(): Promise<ApplyResult> {
    return this.#reconcile(false)
  }

  resync(): Promise<ApplyResult> {
    return this.#reconcile(true)
  }

  async settled(signal?: AbortSignal, refs?: Iterable<ItemRef>): Promise<void> {
    await this.#known()
    if (refs === undefined) await this.#until(() => this.#isSettled(), signal)
    const turns = new Turns()
    for (const ref of refs ?? []) {
      if (this.#statuses.isUntried(ref)) await this.#until(() => !this.#statuses.isUntried(ref), signal)
      if (turns.over) await turns.next()
    }
  }

  /** Settles when something holds after what has been done. */
  async #until(holds: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    while (!holds()) {
      signal?.throwIfAborted()
      this.#checkOpen()
      await this.#done.wait(Infinity, signal)
    }
  }

  statuses(): readonly ItemStatus[] {
    return this.#statuses.list()
  }

  status(ref: ItemRef): ItemStatus | undefined {
    return this.#statuses.get(ref)
  }

  waitOf(ref: ItemRef): ItemWait {
    const problem = this.#reconciler.problemOf(ref)
    if (problem === undefined) return { waitsFor: undefined, nextTry: undefined }
    const { missing, retryAt } = problem
    return {
      waitsFor: missing === undefined ? undefined : called(splitId(missing)),
      nextTry: new Date(Date.now() + Math.max(0, retryAt - performance.now())),
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #isSettled(): boolean {
    return this.#reconciler.knows && this.#statuses.untried === 0
  }

  get #leading(): boolean {
    return this.#leadership?.held ?? false
  }

  get #connected(): boolean {
    const { status } = this.connection.state
    return status === 'connected' || status === 'not-responding'
  }

  get #needsResync(): boolean {
    return this.#resyncsDone < this.#resyncsWanted
  }

  async #close(): Promise<void> {
    this.#ended.abort()
    this.declared.close()
    this.#work.ring()
    this.#done.ring()
    await this.connection.close()
    await this.#leadership?.resign()
    await this.#running
    // Otherwise a campaign that was won meanwhile would leave a leader that never leads.
    await this.#leadership?.resign()
  }

  #checkOpen(): void {
    if (!this.#ended.signal.aborted) return
    throw new AgentError('AGENT_CLOSED', `instance "${this.name}" is closed`)
  }

  #checkLeading(): void {
    this.#checkOpen()
    if (this.#leading) return
    const message = `instance "${this.name}" is programmed by another agent; ask that one`
    throw new AgentError('AGENT_NOT_LEADER', message)
  }

  async #known(): Promise<void> {
    while (!this.#state.known) {
      this.#checkOpen()
      await this.#state.changes.wait(Infinity, this.#ended.signal)
    }
  }

  /** Settles when no change set is half taken in. */
  async #whole(): Promise<void> {
    while (!this.#state.whole) {
      this.#checkOpen()
      await this.#state.changes.wait(Infinity, this.#ended.signal)
    }
  }

  /** One thing at a time is done to VPP. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#busy
    const mine = (async () => {
      await before
      this.#checkOpen()
      return await work()
    })()
    this.#busy = mine.catch(() => undefined)
    return await mine
  }

  async #reconcile(whole: boolean): Promise<ApplyResult> {
    await this.#whole()
    return await this.#alone(async () => {
      this.#checkLeading()
      const started = performance.now()
      const wanted = this.#resyncsWanted
      const full = whole || !this.#reconciler.knows
      const done = await (full ? this.#reconciler.resync() : this.#reconciler.apply())
      const duration = performance.now() - started
      if (full) this.#resyncsDone = wanted
      this.#finished(full, done, duration)
      return { ...done, duration, problems: this.#statuses.problems() }
    })
  }

  #finished(full: boolean, done: Reconciled, duration: number): void {
    const { applied, failed, waiting } = done
    const kind = full ? 'resync' : 'apply'
    this.#record.add(kind, done, duration)
    if (full) this.events.add({ type: 'resync', duration, applied, failed, waiting })
    const level = failed > 0 ? 'warn' : applied + waiting > 0 ? 'info' : 'debug'
    this.#log[level]({ applied, failed, waiting, duration: Math.round(duration) }, kind)
    this.#done.ring()
  }

  async #followChanges(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await this.#state.changes.wait(Infinity, this.#ended.signal)
      this.#work.ring()
    }
  }

  async #followConnection(): Promise<void> {
    for await (const state of this.connection.states()) {
      this.#reportConnection(state)
      if (state.status === 'disconnected' || state.status === 'failed') {
        this.#reconciler.forget()
        this.#statuses.forget()
      }
      if (state.status === 'connected' && (state.reason === 'first' || this.#options.resyncAfterReconnect)) {
        this.#reconciler.forget()
        this.#resyncsWanted++
      }
      this.#work.ring()
    }
  }

  #reportConnection(state: ConnectionState): void {
    const message = 'error' in state ? state.error.message : undefined
    const last = this.events.after(this.events.last - 1)[0]?.event
    // Attempts to connect would crowd everything else out.
    if (state.status === 'connecting' || (last?.type === 'connection' && last.status === state.status)) return
    this.events.add({ type: 'connection', status: state.status, message })
    this.#log.info({ status: state.status, reason: message }, 'connection')
  }

  async #lead(): Promise<void> {
    const { signal } = this.#ended
    while (!signal.aborted) {
      try {
        const { agent, leaseTtl: ttl } = this.#options
        this.#leadership = await this.#store.campaign(`${this.name}`, agent, { signal, ttl })
        // The previous leader may have changed anything.
        this.#reconciler.forget()
        this.#resyncsWanted++
        this.#reportLeading(true)
        await this.#workWhileLeading(this.#leadership)
        this.#reportLeading(false)
      } catch (error) {
        if (signal.aborted) return
        this.#log.error({ err: error }, 'leadership')
        await this.#work.wait(RETRY_INTERVAL, signal)
      }
    }
  }

  #reportLeading(leading: boolean): void {
    this.events.add({ type: 'leadership', leading })
    this.#log.info({ leading }, 'leadership')
  }

  async #workWhileLeading(leadership: Leadership): Promise<void> {
    const lost = new AbortController()
    void leadership.lost.then(() => lost.abort())
    const over = AbortSignal.any([lost.signal, this.#ended.signal])
    while (!over.aborted) {
      if (!leadership.held) {
        // Overdue, but no other agent has it yet.
        await this.#work.wait(LEASE_INTERVAL, over)
      } else if (this.#isDue()) {
        await this.#tryWork(over)
      } else {
        const next = Math.min(this.#reconciler.nextRetry, this.#looks.next) - performance.now()
        await this.#work.wait(Math.min(Math.max(1, next), LONGEST_PAUSE), over)
      }
    }
  }

  async #tryWork(over: AbortSignal): Promise<void> {
    try {
      await this.#reconcile(this.#needsResync)
    } catch (error) {
      this.#log.warn({ err: error }, 'apply was broken off')
      await this.#work.wait(RETRY_INTERVAL, over)
    }
  }

  #isDue(): boolean {
    if (!this.#connected || !this.#state.whole) return false
    const kind = this.#looks.take()
    if (kind !== undefined) this.#reconciler.invalidate([kind])
    return this.#needsResync || this.#reconciler.isDue
  }

  #reportProblem({ object, items, state, error, attempts }: Problem): void {
    const level = state === 'failed' && attempts === 1 ? 'warn' : 'debug'
    const { message, code, retval } = error
    this.#log[level]({ object, items, state, code, retval, attempts }, message)
  }
}
