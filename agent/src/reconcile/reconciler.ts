import type { RpcConnection } from '@vpp-ts/runtime'
import type { EffectiveItems } from '../desired/effective.ts'
import type { Actual, WantedView } from '../kinds/descriptor.ts'
import type { InterfaceValue } from '../kinds/interface/value.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { PackedObjects } from '../kinds/packed-objects.ts'
import { called, idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import type { Packing } from '../model/packed-map.ts'
import type { ActualObject, ObjectValue, Plan } from '../model/plan.ts'
import { RefMap, RefSet } from '../model/ref-map.ts'
import { inTurns } from '../model/turns.ts'
import { confirmInterfaces, hasNewcomer, interfaceChanges, loseInterfaces } from '../observed/interfaces.ts'
import type { LinkState } from '../observed/link-states.ts'
import { lookAt, type FailedLook } from '../observed/look.ts'
import { Observed } from '../observed/observed.ts'
import type { EventLog } from '../status/event-log.ts'
import type { ItemError } from '../status/item-status.ts'
import type { ItemStatuses } from '../status/item-statuses.ts'
import {
  Comparison,
  manyLast,
  mayBeMany,
  type Change,
  type Compared,
  type Difference,
  type Refusal,
} from './difference.ts'
import { dumpOf, type Dump } from './dump.ts'
import { Graph, type Step } from './graph.ts'
import { perform } from './perform.ts'
import { objectGraph, type GraphOptions, type ObjectGraph } from './object-graph.ts'
import { planOf } from './plan.ts'
import { Problems, type Problem } from './problems.ts'
import { Run, type Outcome } from './run.ts'
import { WantedObjects, type ObjectRef } from './wanted.ts'

/** Outcome of an apply or a resync. */
export interface Reconciled {
  readonly applied: number
  readonly failed: number
  readonly waiting: number
}

/** What happens to changes that were made behind the agent's back. */
export type DriftMode = 'repair' | 'report'

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly kinds: Kinds
  readonly connection: RpcConnection
  /** Names the VPP apart from all others. */
  readonly identity: () => Promise<string>
  readonly state: EffectiveItems
  readonly statuses: ItemStatuses
  readonly events: EventLog
  readonly drift: DriftMode
  /** Asked before every request that changes something; throws to stop. */
  readonly mayGoOn: () => void
  /** Forgets that VPP may have these deleted items still. */
  readonly clean: (refs: readonly ItemRef[]) => Promise<void>
  /** Store of the records of objects without a mark. */
  readonly records: Records
  /** Told of every object that could not be brought to its desired state. */
  readonly failed: (problem: Problem) => void
}

/** Records what was made and carries no mark. */
export interface Records {
  /** Nothing is recorded yet, and these are the agent's. */
  begin(refs: readonly ObjectRef[]): Promise<void>
  /** These are about to be made. */
  add(refs: readonly ObjectRef[]): Promise<void>
  /** These are gone, or no longer the agent's. */
  drop(refs: readonly ObjectRef[]): Promise<void>
}

/** What a plan is about. */
export interface PlanRequest {
  /** The desired items as they would be, and those that would no longer be; left out: as they are. */
  readonly proposal?: { readonly state: EffectiveItems; readonly released: RefSet } | undefined
  /** True to have the requests to VPP with each change. */
  readonly calls?: boolean | undefined
}

/** Nothing to do. */
const NOTHING: Reconciled = { applied: 0, failed: 0, waiting: 0 }
/** Objects of kinds with potentially many objects that are compared and changed in one pass. */
const AT_A_TIME = 16_384
/** How often, in few bytes. */
const TIMES: Packing<number> = {
  write(times, to) {
    to.putWhole(times)
    return true
  },
  read: (_key, from) => from.whole(),
}
/** Looks of one resync. Each but the last is followed by changes; two are the rule. */
const MAXIMUM_LOOKS = 6
/** Times that VPP may take a change without showing it before that is said. */
const MAXIMUM_UNSEEN = 2
/** Objects of one pass that are asked for one by one after they were made; more wait for the next look. */
const MAXIMUM_VERIFIED = 100
/** Passes that follow one another at once because each made something that others waited for. */
const MAXIMUM_PASSES = 8

/** Keeps one VPP in its desired state. One call at a time. */
export class Reconciler {
  readonly #parts: ReconcilerParts
  readonly #wanted: WantedObjects
  readonly #problems = new Problems()
  /** What VPP has; undefined when only a look at everything can tell. */
  #observed: Observed | undefined
  /** Names of interfaces as of the last look, also while nothing else is known. */
  #names: ReadonlyMap<number, string> = new Map()
  /** Objects to compare in the next pass. */
  #dirty = new RefSet()
  /** True when some of many have been left to the next pass. */
  #hasMore = false
  /** Items with objects that are compared again in the next pass. */
  #postponed = new RefSet()
  /** Objects that the pass under way has compared. */
  #compared = new RefSet()
  /** Kinds to look at before the next pass. */
  readonly #stale = new Set<string>()
  /** Kinds that could not be looked at: their objects are left alone until they can. */
  #unknown: readonly FailedLook[] = []
  /** Kinds among them with potentially many objects and no successful look: the status of their items is unknown. */
  readonly #unlooked = new Set<string>()
  /** The pass under way has looked at one of these for the first time: the status of all its items is to be reported. */
  #recovered = false
  /** Objects that were changed, and since then neither seen nor verified: how often. */
  readonly #unseen = new RefMap<string, number>(() => TIMES)
  /** Items that this process has seen deleted. */
  readonly #released = new RefSet()
  /** Interfaces that the agent is deleting, by index, so that their events are no news. */
  readonly #deleting = new Map<number, { readonly name: string; left: number }>()
  /** Items that have changed and are to be taken. */
  #untaken = new RefSet()
  /** Items that were taken, and whose status is to be reported. */
  #untold = new RefSet()
  /** Objects that are no longer the agent's, where that is recorded. */
  #unmade: ObjectRef[] = []
  #taken = false
  readonly #packed = new PackedObjects()
  #forgotten = 0
  #drifted = 0
  #lookedAt: Date | undefined

  constructor(parts: ReconcilerParts) {
    this.#parts = parts
    this.#wanted = new WantedObjects(parts.kinds, parts.state, this.#packed)
  }

  /** False when only a look at all that VPP has can tell what has to be done. */
  get knows(): boolean {
    return this.#observed !== undefined
  }

  get interfaceNames(): ReadonlyMap<number, string> {
    return this.#observed?.interfaceNames() ?? this.#names
  }

  /** Changes found that the agent did not make, since it was started. */
  get drifted(): number {
    return this.#drifted
  }

  /** What keeps an item from being as it should be. */
  problemOf(ref: ItemRef): Problem | undefined {
    return this.#problems.ofItem(ref)
  }

  /** When VPP was last looked at as a whole. */
  get lookedAt(): Date | undefined {
    return this.#lookedAt
  }

  /** Objects that wait for their next try, and those to be compared. */
  get queued(): number {
    return this.#problems.size + this.#dirty.size
  }

  /** True when a pass has something to do now. */
  get isDue(): boolean {
    const changed = this.#untaken.size + this.#untold.size + this.#dirty.size
    return changed > 0 || this.#stale.size > 0 || this.#lost.size > 0 || this.nextRetry <= performance.now()
  }

  /** The desired state reports changed items. */
  changed(refs: readonly ItemRef[]): void {
    // All are taken at first.
    if (!this.#taken) return
    for (const ref of refs) this.#untaken.add(ref)
  }

  /** Time of `performance.now()` at which something is tried again; Infinity for never. */
  get nextRetry(): number {
    return this.#problems.nextRetry
  }

  /** What VPP has is not known any more. */
  forget(): void {
    if (this.#observed !== undefined) this.#names = new Map(this.#observed.interfaceNames())
    this.#observed = undefined
    this.#forgotten++
    this.#hasMore = false
    this.#lost.clear()
    this.#compared = new RefSet()
    this.#problems.clearAll()
    this.#unseen.clear()
    this.#deleting.clear()
  }

  /** Kinds of which what is known is to be looked at again. */
  invalidate(kinds: Iterable<string>): void {
    for (const kind of kinds) this.#stale.add(kind)
  }

  /** The states of an interface as of the last look, with what the agent has changed since. */
  linkState(swIfIndex: number): LinkState | undefined {
    const name = this.#observed?.keyOf('interface', swIfIndex)
    const value =
      name === undefined ? undefined : this.#observed?.get<InterfaceValue>('interface', name)?.value
    if (name === undefined || value?.seen === undefined) return undefined
    const { adminUp, linkUp } = value.seen
    // What the agent has set since the look has not changed the link alone.
    return (this.#observed?.get('interface-up', name) !== undefined) === adminUp
      ? { adminUp, linkUp }
      : undefined
  }

  /**
   * VPP reported an event of an interface. @returns its current or last known name
   */
  interfaceEvent(event: { swIfIndex: number; adminUp: boolean; deleted: boolean }): string | undefined {
    const observed = this.#observed
    const { swIfIndex, adminUp, deleted } = event
    const name = observed?.keyOf('interface', swIfIndex)
    if (observed === undefined) return name ?? this.#names.get(swIfIndex)
    if (deleted) {
      const expected = this.#deleting.get(swIfIndex)
      if (expected !== undefined) {
        if (--expected.left === 0) this.#deleting.delete(swIfIndex)
        return expected.name
      }
      if (name === undefined) return undefined
      this.#lose(observed, name)
      this.#stale.add('interface')
    } else if (name === undefined || (observed.get('interface-up', name) !== undefined) !== adminUp) {
      this.#stale.add('interface')
    }
    return name
  }

  /** Objects of a kind as of the last look, with what was changed since; none while VPP is away. Asks VPP nothing. */
  *seen(kind: string): Iterable<ActualObject> {
    for (const object of this.#observed?.of(kind) ?? []) yield this.#actualOf(object)
  }

  /** What VPP has, of others too. Changes nothing. */
  async actual(): Promise<ActualObject[]> {
    const observed = await this.#lookAside(true)
    return Array.from(observed, (object) => this.#actualOf(object))
  }

  #actualOf(object: Actual): ActualObject {
    const { kind, key, foreign } = object
    return { kind, key, owned: foreign !== true, value: this.#viewOf(object) }
  }

  /** What is desired, and what of it needs what. Asks VPP nothing. */
  async graph(options: GraphOptions): Promise<ObjectGraph> {
    await this.#takeItems()
    return await objectGraph(this.#parts.kinds, this.#wanted, options)
  }

  /** What VPP has, as items. Changes nothing. @param only kinds of items; default: all */
  async dump(only?: ReadonlySet<string>): Promise<Dump> {
    await this.#takeItems()
    const { kinds, connection, identity } = this.#parts
    return await dumpOf({ kinds, connection, identity: await identity(), wanted: this.#wanted, only })
  }

  /** What would be changed. Changes nothing. */
  async plan({ proposal, calls = false }: PlanRequest = {}): Promise<Plan> {
    await this.#takeItems()
    const { kinds, state } = this.#parts
    const parts = { kinds, state, wanted: this.#wanted, released: this.#released, ...proposal }
    if (proposal !== undefined) {
      parts.wanted = new WantedObjects(kinds, proposal.state, this.#packed)
      await parts.wanted.takeAll()
    }
    const { wanted } = parts
    const observed = await this.#lookAside(false, wanted)
    const difference = await this.#compare(new Comparison({ ...parts, observed }))
    return await planOf(difference, { kinds, wanted, observed, calls, items: parts.state }, (object) =>
      this.#viewOf(object),
    )
  }

  /** Handles what has changed, is due for a retry, or was reported by events. */
  async apply(): Promise<Reconciled> {
    if (this.#observed === undefined) return await this.resync()
    return await this.#guarded(async () => {
      let sum = NOTHING
      for (let passes = 0; passes < MAXIMUM_PASSES; passes++) {
        const done = await this.#pass()
        sum = { ...done, applied: sum.applied + done.applied }
        if (this.#dirty.size === 0) break
        // One of many has not been tried yet.
        if (this.#hasMore) passes--
      }
      return sum
    })
  }

  /** Compares all that VPP has with its desired state, until a look shows nothing that could be repaired. */
  async resync(): Promise<Reconciled> {
    return await this.#guarded(async () => {
      let applied = 0
      for (let looks = 1; ; looks++) {
        const known = this.#observed !== undefined && looks === 1
        await this.#takeItems()
        const observed = await this.#lookAll()
        const outcomes = await this.#change(observed, await this.#compareAll(observed, known))
        await this.#conclude(observed, outcomes, undefined)
        let done = countsOf(outcomes)
        while (this.#hasMore) done = sumOf(done, await this.#pass())
        applied += done.applied
        if (done.applied === 0 || looks === MAXIMUM_LOOKS) return { ...done, applied }
      }
    })
  }

  /** An error that is thrown leaves VPP's state unknown. */
  async #guarded(work: () => Promise<Reconciled>): Promise<Reconciled> {
    const forgotten = this.#forgotten
    try {
      return await work()
    } catch (error) {
      this.forget()
      throw error
    } finally {
      // What was seen before it was to be forgotten is worth nothing either.
      if (this.#forgotten !== forgotten) this.#observed = undefined
    }
  }

  async #pass(): Promise<Reconciled> {
    await this.#takeItems()
    const observed = this.#observed
    if (observed === undefined) return NOTHING
    this.#takeDue()
    await this.#lookStale(observed)
    let difference = await this.#compareDirty(observed)
    if (await this.#confirm(observed, difference)) {
      await this.#lookStale(observed)
      await inTurns(this.#compared.values(), (ref) => this.#dirty.add(ref))
      difference = await this.#compareDirty(observed)
    }
    const outcomes = await this.#change(observed, difference)
    const compared = this.#compared
    this.#compared = new RefSet()
    await this.#conclude(observed, outcomes, compared)
    return countsOf(outcomes)
  }

  /** Takes what has changed of the desired state. */
  async #takeItems(): Promise<void> {
    const { state } = this.#parts
    const changed = state.takeChanged()
    this.#untaken = new RefSet()
    if (!this.#taken) {
      this.#taken = true
      await inTurns(changed, (ref) => {
        if (!state.has(ref)) this.#untold.add(ref)
      })
      await this.#wanted.takeAll()
      return
    }
    await inTurns(changed, (ref) => {
      this.#untold.add(ref)
      const isDeleted = !state.has(ref) && state.frozenOf(ref) === undefined
      if (isDeleted) this.#release(this.#wanted.leftBy(ref))
      for (const object of this.#wanted.take(ref)) this.#touch(object)
      if (isDeleted) this.#released.add(ref)
      else this.#released.delete(ref.kind, ref.key)
      this.#adopt(ref)
    })
  }

  /** What an item adopts was foreign at the last look. */
  #adopt(ref: ItemRef): void {
    const { kinds, state } = this.#parts
    const descriptor = kinds.items.get(ref.kind)
    if (descriptor?.leaves === undefined) return
    const item = state.keptOf(ref)?.item
    if (item === undefined || !descriptor.leaves(item, ref.kind)) return
    for (const { kind } of descriptor.objects) this.#stale.add(kind)
  }

  /** What stays in VPP no longer belongs to the agent. */
  #release(objects: readonly ObjectRef[]): void {
    for (const { kind, key } of objects) {
      const actual = this.#observed?.get(kind, key)
      if (actual !== undefined) this.#observed?.set({ ...actual, foreign: true })
      this.#unmake({ kind, key })
    }
  }

  /** An object is compared again, and tried at once: what was known against it may not hold any more. */
  #touch(object: ObjectRef): void {
    const { kind, key } = object
    this.#problems.clear(object)
    this.#unseen.delete(kind, key)
    this.#dirty.add(object)
    const { claims } = this.#parts.kinds.object(kind)
    if (claims === undefined) return
    // Who lost a claim to another may have it now.
    for (const problem of this.#problems.values()) {
      if (problem.state === 'conflict' || problem.state === 'blocked') {
        this.#dirty.add(problem.object)
      }
    }
  }

  /** What is tried again now; VPP is asked first where it may have changed. */
  #takeDue(): void {
    const unknown = new Set(this.#unknown.map(({ kind }) => kind))
    for (const { object, missing, state } of this.#problems.due()) {
      this.#dirty.add(object)
      if (missing !== undefined) this.#stale.add(splitId(missing).kind)
      if (state === 'blocked' || unknown.has(object.kind)) this.#stale.add(object.kind)
    }
  }

  /** Compares what has to be, with what waits for something that is there now. */
  async #compareDirty(observed: Observed): Promise<Difference> {
    await this.#loseMany(observed)
    for (const id of this.#problems.awaited()) {
      if (observed.find(id) === undefined && !this.#dirty.has(...pairOf(id))) continue
      for (const { object } of this.#problems.waitingFor(id)) this.#dirty.add(object)
    }
    this.#compared = new RefSet()
    const { kinds } = this.#parts
    const each = (ref: ObjectRef): void => {
      this.#dirty.delete(ref.kind, ref.key)
      this.#compared.add(ref)
    }
    const refs = refsOf(this.#dirty, manyLast(kinds, kinds.objects.keys()))
    return await this.#compare(this.#comparison(observed), { refs, each, most: AT_A_TIME })
  }

  /**
   * Compares all that VPP has. Of kinds with potentially many objects, the rest of what may differ is left to passes.
   * @param known true when what differs is drift, since VPP was as it should be
   */
  async #compareAll(observed: Observed, known: boolean): Promise<Difference> {
    const comparison = this.#comparison(observed)
    const refs = comparison.candidates()
    const each = (ref: ObjectRef, result: Change | Refusal | undefined): void => {
      if (known) this.#noticeDrift(ref, result)
    }
    const difference = await this.#compare(comparison, { refs, each, most: AT_A_TIME })
    await inTurns(refs, (ref) => {
      const result = ref === undefined ? undefined : comparison.compare(ref)
      if (ref === undefined || result === undefined) return
      if (known) this.#noticeDrift(ref, result)
      this.#dirty.add(ref)
    })
    return difference
  }

  /** Compares what VPP was seen to have with what is wanted at this moment. */
  #comparison(observed: Observed): Comparison {
    const { kinds, state } = this.#parts
    return new Comparison({ kinds, state, observed, wanted: this.#wanted, released: this.#released })
  }

  async #compare(comparison: Comparison, compared?: Compared): Promise<Difference> {
    const difference = await comparison.difference(compared)
    this.#hasMore = difference.limited
    this.#postponed = new RefSet()
    for (const ref of difference.postponed) {
      this.#compared.delete(ref.kind, ref.key)
      this.#dirty.add(ref)
      const object = this.#wanted.desired(ref.kind, ref.key) ?? this.#observed?.get(ref.kind, ref.key)
      const items = object === undefined ? [] : this.#parts.kinds.object(ref.kind).itemsOf(object)
      for (const item of items) this.#postponed.add(item)
    }
    for (const failed of this.#unknown) {
      const { kind } = failed
      const error = errorOfLook(failed)
      const refuse = (key: string): void => {
        difference.refusals.push({ kind, key, state: 'failed', ...error })
      }
      const isUnlooked = this.#unlooked.has(kind)
      await inTurns(difference.changes.of(kind), ({ key }) => {
        difference.changes.delete(kind, key)
        if (!isUnlooked) refuse(key)
      })
      // One for all: when to look again.
      const known = this.#problems.get({ kind, key: '' })
      if (isUnlooked && (known === undefined || known.retryAt <= performance.now())) refuse('')
    }
    return difference
  }

  /** Takes which looks have failed, and what that says of the items. */
  #takeUnknown(failed: readonly FailedLook[], seen: readonly string[], isFirst: boolean): void {
    const { kinds, statuses } = this.#parts
    this.#unknown = failed
    for (const kind of seen) {
      if (!this.#unlooked.delete(kind)) continue
      this.#recovered = true
      this.#problems.clear({ kind, key: '' })
    }
    if (isFirst) for (const { kind } of failed) if (mayBeMany(kinds, kind)) this.#unlooked.add(kind)
    const reasons = new Map<string, ItemError>()
    for (const it of failed) if (this.#unlooked.has(it.kind)) reasons.set(it.kind, errorOfLook(it))
    statuses.unlooked(reasons)
  }

  /** A look for people, beside what is known. */
  async #lookAside(foreign: boolean, wanted: WantedView = this.#wanted): Promise<Observed> {
    const { connection, identity, kinds } = this.#parts
    const observed = new Observed(connection, await identity(), this.#packed)
    const { failed } = await lookAt(observed, kinds, kinds.objects.keys(), wanted, { foreign })
    const [first] = failed
    if (first !== undefined) throw first.error
    return observed
  }

  async #lookAll(): Promise<Observed> {
    const { connection, identity, kinds } = this.#parts
    const before = this.#observed
    const observed = new Observed(connection, await identity(), this.#packed)
    this.#stale.clear()
    this.#dirty = new RefSet()
    const { failed } = await lookAt(observed, kinds, kinds.objects.keys(), this.#wanted, { foreign: false })
    const missed = new Set(failed.map(({ kind }) => kind))
    const seen = [...kinds.objects.keys()].filter((kind) => !missed.has(kind))
    this.#takeUnknown(failed, seen, before === undefined)
    this.#lookedAt = new Date()
    if (before === undefined) await this.#findLost(observed)
    else {
      for (const { kind } of failed) observed.takeOver(kind, before)
      await this.#carryOver(before, observed)
    }
    this.#lost.clear()
    this.#observed = observed
    await this.#forgetSeen(observed, [...kinds.objects.keys()])
    await this.#takeRecords(observed)
    return observed
  }

  /** Begins to write down what was made, in a store of an earlier version; else takes note of what has gone. */
  async #takeRecords(observed: Observed): Promise<void> {
    const { kinds, state, records } = this.#parts
    const unknown = new Set(this.#unknown.map(({ kind }) => kind))
    if (state.made('', '') !== undefined) {
      await inTurns(state.madeRefs(), ({ kind, key }) => {
        const mayBe = unknown.has(kind) || observed.get(kind, key) !== undefined
        if (!mayBe && this.#wanted.desired(kind, key) === undefined) this.#unmake({ kind, key })
      })
      return
    }
    if (unknown.size > 0) return
    const made: ObjectRef[] = []
    for (const [kind, { recorded }] of kinds.objects) {
      if (recorded === undefined) continue
      await inTurns(observed.of(kind), ({ key, value, foreign }) => {
        if (foreign !== true && recorded(value, observed)) made.push({ kind, key })
      })
    }
    await records.begin(made)
  }

  #unmake({ kind, key }: ObjectRef): void {
    if (this.#parts.state.made(kind, key) === true) this.#unmade.push({ kind, key })
  }

  /** Takes note of what is no longer the agent's. */
  async #dropRecords(): Promise<void> {
    const refs = this.#unmade
    if (refs.length === 0) return
    this.#unmade = []
    try {
      await this.#parts.records.drop(refs)
    } catch {
      // The store is away, which others tell; the next look at everything finds them again.
    }
  }

  /** Records what is about to be made and carries no mark. What cannot be recorded is not made. */
  async #writeDown(observed: Observed, { changes, refusals }: Difference): Promise<void> {
    const { kinds, records } = this.#parts
    await this.#dropRecords()
    const made: Change[] = []
    await inTurns(changes.values(), (change) => {
      const { kind, desired, action } = change
      if (desired === undefined || (action !== 'create' && action !== 'replace')) return
      const { recorded, dependsOn } = kinds.object(kind)
      if (recorded?.(desired.value, observed) !== true) return
      const waits = dependsOn(desired.value).some(
        (id) => observed.find(id) === undefined && !changes.has(...pairOf(id)),
      )
      if (!waits) made.push(change)
    })
    if (made.length === 0) return
    try {
      await records.add(made)
    } catch (error) {
      for (const { kind, key } of made) {
        changes.delete(kind, key)
        const message = `it cannot be written down that ${called({ kind, key })} is made: ${(error as Error).message}`
        refusals.push({ kind, key, state: 'failed', code: 'AGENT_STORE', message })
      }
    }
  }

  /** What was removed, or was refused, is not the agent's. */
  async #takeMade(outcomes: readonly Outcome[]): Promise<void> {
    for (const { change, result, unknown } of outcomes) {
      const isGone = change.action === 'delete' ? result === 'applied' : result !== 'applied' && !unknown
      if (isGone && change.action !== 'update') this.#unmake(change)
    }
    await this.#dropRecords()
  }

  /** A dead route looks alive to a new look. */
  async #carryOver(before: Observed, now: Observed): Promise<void> {
    const { kinds } = this.#parts
    const names = new Set([...this.#lost, ...interfaceChanges(before, now)])
    for (const [kind, { lost }] of kinds.objects) {
      if (lost === undefined) continue
      await inTurns(loseInterfaces(now, kinds, names, kind), () => undefined)
      await inTurns(this.#dead.keysOf(kind), (key) => {
        const actual = now.get(kind, key)
        if (actual !== undefined) now.set({ ...actual, value: lost(actual.value) })
      })
    }
  }

  /** Interfaces may have been removed while events were not followed. */
  async #findLost(observed: Observed): Promise<void> {
    for (const [kind, { lost, findLost }] of this.#parts.kinds.objects) {
      if (lost === undefined || findLost === undefined) continue
      await inTurns(await findLost(observed), (key) => {
        const actual = observed.get(kind, key)
        if (actual === undefined || actual.foreign === true) return
        observed.set({ ...actual, value: lost(actual.value) })
        this.#dead.add({ kind, key })
      })
    }
  }

  /** Objects that are dead in VPP and not replaced yet. */
  readonly #dead = new RefSet()
  /** Interfaces that have gone, while kinds with potentially many objects have not been gone through. */
  readonly #lost = new Set<string>()

  async #lookStale(observed: Observed): Promise<void> {
    if (this.#stale.size === 0) return
    const { kinds } = this.#parts
    for (const { kind } of this.#unknown) this.#stale.add(kind)
    const of = [...this.#stale]
    this.#stale.clear()
    const names = new Map(observed.interfaceNames())
    const { kinds: seen, failed } = await lookAt(
      observed,
      kinds,
      of,
      this.#wanted,
      { foreign: false },
      (kind, found) => {
        if (kind === 'interface') this.#takeInterfaces(observed, names, found)
      },
    )
    const unknown = [...this.#unknown.filter(({ kind }) => !seen.includes(kind)), ...failed].filter(
      ({ kind }, at, all) => all.findIndex((it) => it.kind === kind) === at,
    )
    const first = seen.filter((kind) => this.#unlooked.has(kind))
    this.#takeUnknown(unknown, seen, false)
    await this.#findDrift(observed, seen, first)
    await this.#forgetSeen(observed, seen)
    // A new interface has things that are known only after a look at it.
    if (this.#stale.size > 0) await this.#lookStale(observed)
  }

  #takeInterfaces(observed: Observed, names: ReadonlyMap<number, string>, found: readonly Actual[]): void {
    const now = new Map(found.map(({ index, key }) => [index, key]))
    for (const [index, name] of names) if (now.get(index) !== name) this.#lose(observed, name)
    if (found.every(({ index, key }) => index !== undefined && names.get(index) === key)) return
    for (const [kind, { goesWithInterface, toldBy }] of this.#parts.kinds.objects) {
      if (goesWithInterface === true && toldBy === undefined) this.#stale.add(kind)
    }
  }

  /** An interface has gone: what VPP removed with it, and what VPP keeps dead. */
  #lose(observed: Observed, name: string): void {
    const { kinds, drift } = this.#parts
    const few = [...kinds.objects.keys()].filter((kind) => !mayBeMany(kinds, kind))
    const lost = few.flatMap((kind) => [...loseInterfaces(observed, kinds, new Set([name]), kind)])
    observed.delete('interface', name)
    const { kind, key } = { kind: 'interface', key: name }
    const desired = this.#wanted.desired(kind, key)
    if (desired !== undefined) {
      this.#reportDrift({ action: 'create', kind, key, desired, actual: undefined }, drift === 'repair')
    }
    const isRepaired = desired === undefined || drift === 'repair'
    for (const object of [{ kind, key }, ...lost])
      if (object !== undefined) this.#takeLost(object, isRepaired)
    this.#lost.add(name)
  }

  /** Goes through kinds with potentially many objects for interfaces that have gone. */
  async #loseMany(observed: Observed): Promise<void> {
    if (this.#lost.size === 0) return
    const { kinds, drift } = this.#parts
    const names = new Set(this.#lost)
    this.#lost.clear()
    const desired = [...names].filter((name) => this.#wanted.desired('interface', name) !== undefined)
    const kept = new Set(drift === 'repair' ? [] : desired)
    for (const kind of kinds.objects.keys()) {
      if (!mayBeMany(kinds, kind)) continue
      const { dependsOn } = kinds.object(kind)
      await inTurns(loseInterfaces(observed, kinds, names, kind), (actual) => {
        if (actual === undefined) return
        const isKept = dependsOn(actual.value).some((id) => kept.has(splitId(id).key))
        this.#takeLost(actual, !isKept)
      })
    }
  }

  #takeLost(object: ObjectRef, isRepaired: boolean): void {
    this.#unmake(object)
    // VPP had it, until it went with the interface.
    this.#unseen.delete(object.kind, object.key)
    if (this.#parts.kinds.object(object.kind).lost !== undefined) this.#dead.add(object)
    if (isRepaired) this.#dirty.add(object)
  }

  /**
   * Compares kinds that were looked at. A difference without a change of the items is drift.
   * @param first those that were looked at for the first time
   */
  async #findDrift(observed: Observed, of: readonly string[], first: readonly string[]): Promise<void> {
    const comparison = this.#comparison(observed)
    await inTurns(comparison.candidates(of), (ref) => {
      if (ref === undefined || this.#dirty.has(ref.kind, ref.key) || this.#compared.has(ref.kind, ref.key))
        return
      const result = comparison.compare(ref)
      const isWork = first.includes(ref.kind) ? result !== undefined : this.#noticeDrift(ref, result)
      if (isWork) this.#dirty.add(ref)
    })
  }

  /** Handles a look's result for an object without a pending change. @returns whether to compare it again */
  #noticeDrift(ref: ObjectRef, result: Change | Refusal | undefined): boolean {
    const { drift } = this.#parts
    const problem = this.#problems.get(ref)
    // The reason for the refusal is known now: it is foreign.
    if (problem !== undefined)
      return result !== undefined && 'state' in result && result.state !== problem.state
    if (result === undefined) return false
    if ('action' in result && (this.#unseen.get(ref.kind, ref.key) ?? 0) < MAXIMUM_UNSEEN) {
      this.#reportDrift(result, drift === 'repair')
      if (drift === 'report') return false
    }
    return true
  }

  #reportDrift(change: Change, repaired: boolean): void {
    const { kind, key, action } = change
    this.#drifted++
    const [item] = this.#ownersOf(change)
    this.#parts.events.add({ type: 'drift', item, object: { kind, key }, action, repaired })
    if (repaired) return
    const message = `${kind} ${JSON.stringify(key)} was changed behind the agent's back: ${action} would restore it`
    this.#note(change, { state: 'drifted', error: { message, code: 'DRIFT' }, missing: undefined })
    for (const ref of this.#ownersOf(change)) this.#takeStatus(ref)
  }

  /** What was made and is there now as it should be needs no further proof. */
  async #forgetSeen(observed: Observed, of: readonly string[]): Promise<void> {
    for (const kind of of) {
      const comparison = this.#comparison(observed)
      await inTurns(this.#unseen.keysOf(kind), (key) => {
        if (comparison.compare({ kind, key }) !== undefined) return
        this.#unseen.delete(kind, key)
        this.#problems.clear({ kind, key })
      })
    }
  }

  /**
   * Asks for interfaces that changes are about to use, and for the names of those to be made.
   * @returns true when one is not what it was, or a name has been taken
   */
  async #confirm(observed: Observed, { changes }: Difference): Promise<boolean> {
    const { kinds } = this.#parts
    const names = new Set<string>()
    const made = new Set<string>()
    await inTurns(changes.values(), ({ kind, key, desired, action }) => {
      if (desired === undefined || action === 'delete') return
      if (kind === 'interface' && action === 'create') made.add(key)
      for (const id of kinds.object(kind).dependsOn(desired.value)) {
        if (id.startsWith('interface ')) names.add(splitId(id).key)
      }
    })
    const [wrong, isTaken] = await Promise.all([
      confirmInterfaces(observed, names),
      hasNewcomer(observed, made),
    ])
    for (const name of wrong) this.#lose(observed, name)
    if (wrong.length > 0 || isTaken) this.#stale.add('interface')
    return wrong.length > 0 || isTaken
  }

  #pluginMissingFor(object: ObjectRef): string | undefined {
    if (this.#problems.get(object)?.error.code !== 'PLUGIN_MISSING') return undefined
    const desired = this.#wanted.desired(object.kind, object.key)
    return desired === undefined ? undefined : this.#parts.kinds.object(object.kind).plugin?.(desired.value)
  }

  async #change(observed: Observed, difference: Difference): Promise<readonly Outcome[]> {
    const { kinds, mayGoOn } = this.#parts
    const unkept = await this.#takeUnkept(difference)
    await this.#writeDown(observed, difference)
    const graph = await Graph.of(difference, kinds, this.#wanted, observed)
    const run = new Run(kinds, observed, graph, {
      mayGoOn,
      perform: (step) => this.#perform(observed, step),
      pluginMissingFor: (object) => this.#pluginMissingFor(object),
    })
    const outcomes = await run.all()
    await this.#takeMade(outcomes)
    this.#names = observed.interfaceNames()
    const refused = difference.refusals.map(({ kind, key, state, code, message }): Outcome => {
      const change: Change = {
        action: 'create',
        kind,
        key,
        desired: this.#wanted.desired(kind, key),
        actual: observed.get(kind, key),
      }
      return { change, result: state, error: { message, code }, missing: undefined, unknown: false }
    })
    return await this.#verified(observed, [...outcomes, ...refused, ...unkept])
  }

  /** What VPP took more than once and never showed is not asked for at every look. */
  async #takeUnkept({ changes }: Difference): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    await inTurns(changes.values(), (change) => {
      const { kind, key } = change
      if ((this.#unseen.get(kind, key) ?? 0) < MAXIMUM_UNSEEN) return
      const known = this.#problems.get(change)
      if (known !== undefined && known.retryAt <= performance.now()) return
      changes.delete(kind, key)
      outcomes.push(known === undefined ? notKept(change) : stillKnown(change, known))
    })
    return outcomes
  }

  async #perform(observed: Observed, step: Step): Promise<number | undefined> {
    const { change, phase } = step
    const index = change.actual?.index
    if (phase === 'remove' && change.kind === 'interface' && index !== undefined) {
      const left = (this.#deleting.get(index)?.left ?? 0) + 1
      this.#deleting.set(index, { name: change.key, left })
    }
    return await perform(this.#parts.kinds, observed, step)
  }

  /** Asks VPP for what it answered nothing about that would prove it. */
  async #verified(observed: Observed, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
    const { kinds } = this.#parts
    const unproved: Outcome[] = []
    for (const outcome of outcomes) {
      const { change, result } = outcome
      if (result !== 'applied' || change.desired === undefined) continue
      if (kinds.object(change.kind).verify !== undefined) unproved.push(outcome)
      if (unproved.length > MAXIMUM_VERIFIED) return outcomes
    }
    const missing = new Set<Outcome>()
    await Promise.all(
      unproved.map(async (outcome) => {
        const { desired, kind, key } = outcome.change
        if (desired === undefined) return
        if ((await kinds.object(kind).verify?.(observed, desired)) === true) this.#proved.add(outcome.change)
        else {
          missing.add(outcome)
          observed.delete(kind, key)
          this.#unseen.set(kind, key, MAXIMUM_UNSEEN)
        }
      }),
    )
    return outcomes.map((outcome) => (missing.has(outcome) ? notKept(outcome.change) : outcome))
  }

  /** Changes that VPP was asked about after they were made. */
  readonly #proved = new WeakSet<Change>()

  /**
   * Records the outcomes, and with them the status of items.
   * @param compared the objects that were compared; undefined: all
   */
  async #conclude(
    observed: Observed,
    outcomes: readonly Outcome[],
    compared: RefSet | undefined,
  ): Promise<void> {
    const whole = compared === undefined
    const tellsAll = whole || this.#recovered
    this.#recovered = false
    const refs = new RefSet()
    await this.#takeUntold(refs)
    await inTurns(this.#itemsOf(compared?.values() ?? []), (ref) => refs.add(ref))
    const tried = new RefSet()
    const gone = new Set<string>()
    await inTurns(outcomes, (outcome) => {
      const { kind, action } = outcome.change
      tried.add(outcome.change)
      if (outcome.result === 'applied' && action !== 'create') gone.add(kind)
      this.#record(outcome)
      for (const ref of this.#ownersOf(outcome.change)) refs.add(ref)
    })
    await inTurns([...this.#problems.values()], ({ object, items }) => {
      const { kind, key } = object
      // What was compared and does not differ has solved itself.
      const isSame = (whole ? !this.#isLeft(object) : compared.has(kind, key)) && !tried.has(kind, key)
      if (!isSame && !this.#isSolved(observed, object)) return
      this.#problems.clear(object)
      for (const ref of items) refs.add(ref)
    })
    this.#wake(gone)
    if (tellsAll) {
      await inTurns(this.#parts.statuses.pending(), (ref) => {
        if (ref !== undefined) this.#takeStatus(ref)
      })
      // A removal among them may have been tried before VPP went away.
      for (const ref of this.#parts.statuses.problems()) this.#takeStatus(ref)
    }
    await inTurns(refs.values(), (ref) => this.#takeStatus(ref))
    for (const { kind, key, reason } of this.#parts.state.frozen()) {
      const error = { message: reason, code: 'UNREADABLE' }
      this.#parts.statuses.troubled({ kind, key }, { state: 'frozen', error, attempts: 0 })
    }
    await this.#clean(whole, refs)
  }

  /** Items whose status is to be reported, but for those that are left to the next pass. */
  async #takeUntold(refs: RefSet): Promise<void> {
    const untold = this.#untold
    this.#untold = new RefSet()
    await inTurns(untold.values(), (ref) => (this.#isLeft(ref) ? this.#untold : refs).add(ref))
  }

  /** True for what is left to the next pass: one of many, or an item with an object that waits until many have gone. */
  #isLeft({ kind, key }: ObjectRef): boolean {
    if (!this.#hasMore) return false
    if (this.#postponed.has(kind, key)) return true
    return this.#dirty.has(kind, key) && mayBeMany(this.#parts.kinds, kind)
  }

  /** VPP may have refused something because of another one of its kind, which has gone or changed since. */
  #wake(kinds: ReadonlySet<string>): void {
    if (kinds.size === 0) return
    for (const { object, state } of this.#problems.values()) {
      if (state === 'failed' && kinds.has(object.kind)) this.#dirty.add(object)
    }
  }

  /** A problem of an object that is neither desired nor in VPP. */
  #isSolved(observed: Observed, { kind, key }: ObjectRef): boolean {
    if (key === '' && this.#unlooked.has(kind)) return false
    return this.#wanted.desired(kind, key) === undefined && observed.get(kind, key) === undefined
  }

  #record({ change, result, error, missing, unknown }: Outcome): void {
    const { kind, key } = change
    // VPP may refuse to create an object because a foreign one exists already.
    const isTaken = result === 'failed' && change.action === 'create' && error?.retval !== undefined
    const isCheap = this.#parts.kinds.object(kind).verify === undefined
    const before = this.#problems.get(change)
    const isFirst = before === undefined || before.state === 'waiting'
    if (unknown || (isTaken && isCheap && isFirst)) this.#stale.add(kind)
    if (result !== 'applied') {
      // What was left alone has not failed once more.
      if (error !== undefined && error !== this.#problems.get(change)?.error)
        this.#note(change, { state: result, error, missing })
      return
    }
    this.#dead.delete(kind, key)
    // What was not kept before is believed only when it is seen.
    if ((this.#unseen.get(kind, key) ?? 0) < MAXIMUM_UNSEEN || this.#proved.has(change)) {
      this.#problems.clear(change)
    }
    if (this.#proved.has(change) || change.action === 'delete') this.#unseen.delete(kind, key)
    else this.#unseen.set(kind, key, (this.#unseen.get(kind, key) ?? 0) + 1)
    for (const { object } of this.#problems.waitingFor(idOf(change))) this.#dirty.add(object)
  }

  #note(change: Change, what: Pick<Problem, 'state' | 'error' | 'missing'>): void {
    const object = { kind: change.kind, key: change.key }
    this.#problems.set({ object, items: this.#ownersOf(change), ...what })
    const problem = this.#problems.get(object)
    if (problem !== undefined) this.#parts.failed(problem)
  }

  #ownersOf({ kind, desired, actual }: Change): readonly ItemRef[] {
    const object = desired ?? actual
    return object === undefined ? [] : this.#parts.kinds.object(kind).itemsOf(object)
  }

  *#itemsOf(objects: Iterable<ObjectRef>): Iterable<ItemRef> {
    for (const { kind, key } of objects) {
      const object = this.#wanted.desired(kind, key)
      if (object !== undefined) yield* this.#parts.kinds.object(kind).itemsOf(object)
    }
  }

  #takeStatus(ref: ItemRef): void {
    const { state, statuses } = this.#parts
    const problem = this.#problems.ofItem(ref)
    if (problem !== undefined && this.#dirty.has(problem.object.kind, problem.object.key)) {
      // It is retried at once, so this is not the final outcome.
      this.#parts.statuses.declared([ref], () => state.has(ref))
      return
    }
    // What has changed again meanwhile, or is one of many that are left, or not known, has not been tried.
    if (this.#isLeft(ref) || (this.#unlooked.has(ref.kind) && problem === undefined)) return
    if (this.#untaken.has(ref.kind, ref.key) || state.frozenOf(ref) !== undefined) return
    if (!state.has(ref)) {
      if (problem === undefined) statuses.removed(ref)
      else statuses.troubled(ref, { state: 'removing', error: problem.error, attempts: problem.attempts })
      return
    }
    if (problem === undefined) statuses.applied(ref)
    else statuses.troubled(ref, problem)
  }

  /** Forgets deleted items that VPP does not have any more. */
  async #clean(whole: boolean, touched: RefSet): Promise<void> {
    const { state, clean } = this.#parts
    const gone = state
      .goneRefs()
      .filter((ref) => (whole || touched.has(ref.kind, ref.key)) && this.#problems.ofItem(ref) === undefined)
    // Interfaces that were not marked have keys of their own, so they are kept until nothing is in doubt.
    const doubt = this.#stale.has('interface') || this.#unknown.length > 0 || this.#leftInterfaces()
    const clear = gone.filter(({ kind }) => !(kind === 'interface' && doubt) && !this.#stale.has(kind))
    if (clear.length > 0) await clean(clear)
  }

  #leftInterfaces(): boolean {
    for (const { object } of this.#problems.values()) {
      if (object.kind === 'interface' && this.#wanted.desired('interface', object.key) === undefined)
        return true
    }
    return false
  }

  #viewOf(object: { readonly kind: string; readonly value: unknown }): ObjectValue {
    const { view } = this.#parts.kinds.object(object.kind)
    return view === undefined ? { ...(object.value as ObjectValue) } : view(object.value)
  }
}

function pairOf(id: string): [kind: string, key: string] {
  const { kind, key } = splitId(id)
  return [kind, key]
}

function* refsOf(set: RefSet, kinds: readonly string[]): Generator<ObjectRef, void> {
  for (const kind of kinds) yield* set.of(kind)
}

function sumOf(one: Reconciled, other: Reconciled): Reconciled {
  return {
    applied: one.applied + other.applied,
    failed: one.failed + other.failed,
    waiting: one.waiting + other.waiting,
  }
}

function countsOf(outcomes: readonly Outcome[]): Reconciled {
  let applied = 0
  let waiting = 0
  for (const { result } of outcomes) {
    if (result === 'applied') applied++
    else if (result === 'waiting') waiting++
  }
  return { applied, failed: outcomes.length - applied - waiting, waiting }
}

/** Why nothing is known of a kind. */
function errorOfLook({ kind, error }: FailedLook): ItemError {
  const text = error instanceof Error ? error.message : String(error)
  return { code: 'UNKNOWN', message: `VPP cannot be asked for objects of kind ${kind}: ${text}` }
}

/** It was not tried again. */
function stillKnown(change: Change, { state, error, missing }: Problem): Outcome {
  return { change, result: state, error, missing, unknown: false }
}

/** VPP took the change and shows it not. */
function notKept(change: Change): Outcome {
  const { action, kind, key } = change
  const message = `${action} ${kind} ${JSON.stringify(key)}: VPP takes it and shows something else; does another source or client set it too?`
  return {
    change,
    result: 'failed',
    error: { message, code: 'NOT_KEPT' },
    missing: undefined,
    unknown: false,
  }
}
