import type { RpcConnection } from '@vpp-ts/runtime'
import type { DesiredState } from '../desired/desired-state.ts'
import type { DesiredWriter } from '../desired/desired-writer.ts'
import type { ItemStatuses } from '../status/item-statuses.ts'
import type { ActualObject, Plan, PlannedChange } from '../model/plan.ts'
import type { InterfaceItem } from '../kinds/interface/schema.ts'
import type { ItemKind, ItemRef } from '../kinds/item.ts'
import type { Vpp, Wanted } from '../kinds/handler.ts'
import { itemOf, objectId, type Actual, type Desired, type Kind } from '../kinds/object.ts'
import { objectsOf, type DesiredObjects, type KnownParts } from './decompose.ts'
import { diff, inOrder, type Change } from './diff.ts'
import { execute, missingFor, type Outcome } from './execute.ts'
import { look } from './look.ts'

/** What came of an apply or a resync. */
export interface Reconciled {
  readonly applied: number
  readonly failed: number
  readonly waiting: number
}

/** Kinds of items that can be changed without a look at VPP: they are one object each that nothing stands on. */
const SIMPLE: ReadonlySet<ItemKind> = new Set(['route', 'neighbour', 'nat44-static'])
/** Looks of one resync. Each but the last is followed by changes; two are the rule. */
const MOST_LOOKS = 6

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly connection: RpcConnection
  readonly state: DesiredState
  readonly writer: DesiredWriter
  readonly statuses: ItemStatuses
  /** Asked before every request that changes something; throws to stop. */
  readonly mayGoOn: () => void
}

/** Makes one VPP be what it is to be. One call at a time. */
export class Reconciler {
  readonly #connection: RpcConnection
  readonly #state: DesiredState
  readonly #writer: DesiredWriter
  readonly #statuses: ItemStatuses
  readonly #mayGoOn: () => void
  /** What VPP has, as far as it is known. */
  #vpp: Vpp | undefined
  /** Names of interfaces as of the last look, also while nothing else is known. */
  #names: ReadonlyMap<number, string> = new Map()
  readonly #parts: KnownParts = new WeakMap()
  #forgotten = 0

  constructor({ connection, state, writer, statuses, mayGoOn }: ReconcilerParts) {
    this.#connection = connection
    this.#state = state
    this.#writer = writer
    this.#statuses = statuses
    this.#mayGoOn = mayGoOn
  }

  /** False when only a look at all that VPP has can tell what is to be done. */
  get knows(): boolean {
    return this.#vpp !== undefined
  }

  get interfaceNames(): ReadonlyMap<number, string> {
    return this.#names
  }

  /** Nobody knows any more what VPP has. */
  forget(): void {
    this.#vpp = undefined
    this.#forgotten++
  }

  /** What VPP has, of others too. */
  async actual(): Promise<ActualObject[]> {
    const vpp = await look(this.#connection, this.#wanted(), { foreignRoutes: true })
    return Array.from(vpp.snapshot, ({ kind, key, owned, value }) => ({
      kind,
      key,
      owned,
      value: { ...value },
    }))
  }

  /** What would be changed. */
  async plan(): Promise<Plan> {
    const vpp = await look(this.#connection, this.#wanted())
    const changes = inOrder(this.#difference(vpp))
    const coming = new Set([
      ...vpp.snapshot.ids(),
      ...changes.filter((it) => it.desired !== undefined).map(({ kind, key }) => objectId(kind, key)),
    ])
    return { changes: changes.map((change) => plannedOf(change, coming)) }
  }

  /** Makes good what has changed, and what did not go well before. */
  async apply(): Promise<Reconciled> {
    const vpp = this.#vpp
    if (vpp === undefined) return await this.resync()
    const retried = this.#statuses.problems()
    const changed = new Map([...this.#state.takeChanged(), ...retried].map((ref) => [idOf(ref), ref]))
    if (changed.size === 0) return { applied: 0, failed: 0, waiting: 0 }
    const refs = [...changed.values()]
    if (refs.every(({ kind }) => SIMPLE.has(kind))) return await this.#applySimple(vpp, refs)
    const seen = await look(this.#connection, this.#wanted(), { routesOf: vpp.snapshot })
    return await this.#guarded(async () => {
      const outcomes = await this.#execute(seen, this.#difference(seen))
      await this.#finish(this.#refs(), [...refs, ...this.#statuses.list()], outcomes)
      // What VPP does by itself when interfaces change is not known until the next look.
      if (outcomes.some(({ result }) => result === 'failed')) this.#vpp = undefined
      return countsOf(outcomes)
    })
  }

  /** Compares all that VPP has with what it is to have, until a look shows nothing that could be mended. */
  async resync(): Promise<Reconciled> {
    this.#vpp = undefined
    const changed = this.#state.takeChanged()
    return await this.#guarded(async () => {
      let applied = 0
      let outcomes: Outcome[] = []
      let done = new Set<string>()
      for (let looks = 0; looks < MOST_LOOKS; looks++) {
        const vpp = await look(this.#connection, this.#wanted())
        const changes = this.#difference(vpp)
        this.#vpp = vpp
        this.#names = vpp.snapshot.interfaceNames()
        const again = changes.filter((change) => done.has(signatureOf(change)))
        outcomes = await this.#execute(vpp, changes)
        const made = outcomes.filter(({ result }) => result === 'applied')
        applied += made.length
        if (made.length === 0) break
        if (looks > 1 && again.length === changes.length) {
          outcomes = outcomes.map(notKept)
          break
        }
        done = new Set([...done, ...made.map(({ change }) => signatureOf(change))])
      }
      await this.#finish(this.#refs(), [...changed, ...this.#statuses.list()], outcomes)
      return { ...countsOf(outcomes), applied }
    })
  }

  /** An error that is thrown leaves nobody knowing what VPP has. */
  async #guarded(work: () => Promise<Reconciled>): Promise<Reconciled> {
    const forgotten = this.#forgotten
    try {
      return await work()
    } catch (error) {
      this.#vpp = undefined
      throw error
    } finally {
      // What was seen before it was to be forgotten is worth nothing either.
      if (this.#forgotten !== forgotten) this.#vpp = undefined
    }
  }

  async #execute(vpp: Vpp, changes: readonly Change[]): Promise<Outcome[]> {
    this.#vpp = vpp
    const outcomes = await execute(vpp, changes, this.#mayGoOn)
    this.#names = vpp.snapshot.interfaceNames()
    return outcomes
  }

  async #applySimple(vpp: Vpp, refs: readonly ItemRef[]): Promise<Reconciled> {
    const items = refs.map((ref) => this.#state.keptOf(ref)).filter((kept) => kept !== undefined)
    const removed = refs
      .filter((ref) => this.#state.get(ref) === undefined)
      .map(({ kind, key }) => (kind === 'acl' ? undefined : vpp.snapshot.get(kind, key)))
      .filter((object) => object !== undefined)
    return await this.#guarded(async () => {
      const changes = diff(objectsOf(items, this.#interfaces(), this.#parts), vpp.snapshot, removed)
      const outcomes = await this.#execute(vpp, changes)
      await this.#finish(
        items.map(({ ref }) => ref),
        refs,
        outcomes,
      )
      return countsOf(outcomes)
    })
  }

  /** Takes down how items stand that are there, those among `tried` too that were deleted, and forgets what VPP has no longer. */
  async #finish(
    there: readonly ItemRef[],
    tried: readonly ItemRef[],
    outcomes: readonly Outcome[],
  ): Promise<void> {
    const goneRefs = this.#state.goneRefs()
    const gone = [...tried, ...goneRefs].filter((ref) => this.#state.get(ref) === undefined)
    this.#statuses.take(there, gone, outcomes)
    const left = new Set(
      outcomes
        .filter(({ change, result }) => result !== 'applied' && change.desired === undefined)
        .map(({ change }) => idOf(itemOf(change.actual as Actual) ?? change)),
    )
    // Interfaces that were not marked have a key of their own, so they are all kept until nothing fails.
    const clean = goneRefs.filter((ref) =>
      ref.kind === 'interface' ? left.size === 0 : !left.has(idOf(ref)),
    )
    await this.#writer.clean(clean)
  }

  #refs(): ItemRef[] {
    return Array.from(this.#state.kept(), ({ ref }) => ref)
  }

  #objects(): DesiredObjects {
    return objectsOf(this.#state.kept(), this.#interfaces(), this.#parts)
  }

  #difference(vpp: Vpp): Change[] {
    return diff(this.#objects(), vpp.snapshot)
  }

  #interfaces(): Map<string, InterfaceItem> {
    return new Map(Array.from(this.#state.itemsOf('interface'), (item) => [item.name, item]))
  }

  #wanted(): Wanted {
    const objects = this.#objects()
    return {
      interfaces: this.#interfaces(),
      desired: <K extends Kind>(kind: K, key: string) => objects.get(kind, key) as Desired<K> | undefined,
      goneInterfaces: [...this.#state.gone()].filter((item) => item.kind === 'interface'),
      owns: (ref) => this.#state.owns(ref),
    }
  }
}

function plannedOf(change: Change, coming: ReadonlySet<string>): PlannedChange {
  const { action, kind, key, desired, actual } = change
  const object = (desired ?? actual) as Actual
  return {
    action,
    kind,
    key,
    item: itemOf(object),
    from: actual === undefined ? undefined : { ...actual.value },
    to: desired === undefined ? undefined : { ...desired.value },
    waitsFor: missingFor(desired, coming),
  }
}

function countsOf(outcomes: readonly Outcome[]): Reconciled {
  const count = (result: Outcome['result']): number => outcomes.filter((it) => it.result === result).length
  return { applied: count('applied'), failed: count('failed'), waiting: count('waiting') }
}

function signatureOf({ action, kind, key }: Change): string {
  return `${action} ${objectId(kind, key)}`
}

/** VPP took the change three times and shows it not. */
function notKept(outcome: Outcome): Outcome {
  if (outcome.result !== 'applied') return outcome
  const { action, kind, key } = outcome.change
  const message = `${action} ${kind} "${key}": VPP takes it and shows something else; does another source or client set it too?`
  return { change: outcome.change, result: 'failed', error: { message, code: 'NOT_KEPT' } }
}

function idOf({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`
}
