import type { EffectiveItems } from '../desired/effective.ts'
import type { Actual, Desired } from '../kinds/descriptor.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { called, idOf, splitId, type ItemRef } from '../model/item-ref.ts'
import type { Action } from '../model/plan.ts'
import { Turns, inTurns } from '../model/turns.ts'
import { RefMap, type RefSet } from '../model/ref-map.ts'
import type { Observed } from '../observed/observed.ts'
import type { Problem } from './problems.ts'
import type { ObjectRef, WantedObjects } from './wanted.ts'

/** A pending change. */
export interface Change extends ObjectRef {
  readonly action: Action
  /** What it has to become; undefined for `delete`. */
  readonly desired: Desired | undefined
  /** What it is; undefined for `create`. */
  readonly actual: Actual | undefined
}

/** Why a change is not made. */
export interface Refusal extends ObjectRef {
  readonly state: Problem['state']
  readonly code: string
  readonly message: string
}

/** What differs. */
export interface Difference {
  readonly changes: RefMap<string, Change>
  readonly refusals: Refusal[]
  /** True when as many were compared as were wanted at most, so that there may be more. */
  readonly limited: boolean
  /** What was compared and has to be compared again: what goes is left until many that need it have gone. */
  readonly postponed: readonly ObjectRef[]
}

/** What is compared. What comes `undefined` only gives others their turn. */
export interface Compared {
  /** Those of kinds with potentially many objects have to come last. Need not be taken to its end. */
  readonly refs: Iterator<ObjectRef | undefined>
  /** Called for each object compared, with the outcome. */
  readonly each?: ((ref: ObjectRef, result: Change | Refusal | undefined) => void) | undefined
  /** Of kinds with potentially many objects, so many at a time where nothing goes that they may need; default: all. */
  readonly most?: number
}

/** What a comparison works with. */
export interface DifferenceParts {
  readonly kinds: Kinds
  readonly wanted: WantedObjects
  readonly observed: Observed
  readonly state: EffectiveItems
  /** Items that this process has seen deleted. */
  readonly released: RefSet
}

/** Compares objects of VPP with the desired ones. */
export class Comparison {
  readonly #parts: DifferenceParts
  readonly #hasFrozen: boolean
  /** An item of a kind that this version does not know may have made anything that carries the mark. */
  readonly #hasUnknown: boolean
  #foreignClaims: Map<string, Actual> | undefined

  constructor(parts: DifferenceParts) {
    this.#parts = parts
    const frozen = [...parts.state.frozen()]
    this.#hasFrozen = frozen.length > 0
    this.#hasUnknown = frozen.some(({ kind }) => !parts.kinds.items.has(kind))
  }

  /** Compares objects; default: all that may differ. */
  async difference(
    { refs, each, most = Infinity }: Compared = { refs: this.candidates() },
  ): Promise<Difference> {
    const changes = new RefMap<string, Change>()
    const refusals: Refusal[] = []
    const turns = new Turns()
    let limit: number | undefined
    let goes = false
    let count = 0
    let gone = 0
    const compared: ObjectRef[] = []
    let looked = 0
    while (limit === undefined || count < limit) {
      if ((++looked & 63) === 0 && turns.over) await turns.next()
      const { value: ref, done } = refs.next()
      if (done === true) break
      if (ref === undefined) continue
      if (mayBeMany(this.#parts.kinds, ref.kind)) {
        // All others have been compared. What needs something that goes has to be known before it goes.
        if (limit === undefined) {
          goes = goingAmong(changes, this.#parts.kinds).size > 0
          limit = goes ? Infinity : most
        }
        count++
      }
      const result = this.compare(ref)
      each?.(ref, result)
      if (goes && isDeletion(result) && mayBeMany(this.#parts.kinds, ref.kind)) gone++
      else compared.push(ref)
      if (result === undefined) continue
      if ('action' in result) changes.set(ref.kind, ref.key, result)
      else refusals.push(result)
      // What needs nothing any more may go before everything else.
      if (gone === most) return onlyDeletions(changes, compared, this.#parts.kinds)
    }
    await this.#takeDown(changes, refusals)
    return { changes, refusals, limited: count === limit, postponed: [] }
  }

  /** Objects of kinds that may differ, those of kinds with potentially many objects last. */
  *candidates(
    of: Iterable<string> = this.#parts.kinds.objects.keys(),
  ): Generator<ObjectRef | undefined, void> {
    const { kinds, wanted, observed } = this.#parts
    for (const kind of manyLast(kinds, of)) {
      let missing = 0
      for (const key of this.#hasFrozen ? wanted.keysOf(kind) : wanted.unlike(kind, observed)) {
        if (key !== undefined && !observed.has(kind, key)) missing++
        yield key === undefined ? undefined : { kind, key }
      }
      // Where VPP has as many as are wanted and not missing, it has no others.
      if (observed.count(kind) === wanted.count(kind) - missing) continue
      for (const key of wanted.unwanted(kind, observed)) {
        const isForeign = key !== undefined && observed.get(kind, key)?.foreign === true
        yield key === undefined || isForeign ? undefined : { kind, key }
      }
    }
  }

  /** What has to be done to one object, or why it cannot be; undefined when it is as it should be. */
  compare({ kind, key }: ObjectRef): Change | Refusal | undefined {
    const { wanted, observed } = this.#parts
    const actual = observed.get(kind, key)
    const desired = this.#withFrozen(wanted.desired(kind, key), actual)
    if (desired === undefined) return actual === undefined ? undefined : this.#removal(actual)
    if (desired === actual || desired.value === actual?.value) return undefined
    if (actual?.foreign === true) return this.#againstForeign(desired, actual)
    const change = this.#changeTo(desired, actual)
    if (change === undefined || change.action === 'update') return change
    return this.#claimedByOther(desired) ?? change
  }

  #changeTo(desired: Desired, actual: Actual | undefined): Change | undefined {
    const { kind, key } = desired
    if (actual === undefined) return { action: 'create', kind, key, desired, actual }
    const descriptor = this.#parts.kinds.object(kind)
    const action = descriptor.compare?.(desired.value, actual.value) ?? this.#compareText(desired, actual)
    return action === 'same' ? undefined : { action, kind, key, desired, actual }
  }

  #compareText(desired: Desired, actual: Actual): 'same' | 'update' | 'replace' {
    if (JSON.stringify(desired.value) === JSON.stringify(actual.value)) return 'same'
    return this.#parts.kinds.object(desired.kind).update === undefined ? 'replace' : 'update'
  }

  /** Something of the agent that is no longer desired. */
  #removal(actual: Actual): Change | undefined {
    const { kind, key } = actual
    // What a store without any record had is unknown: a lost one must not take the network along.
    if (this.#parts.state.isBlank) return undefined
    if (actual.foreign === true || this.isFrozen(actual)) return undefined
    return { action: 'delete', kind, key, desired: undefined, actual }
  }

  /** True for an object whose item cannot be read. */
  isFrozen(actual: Actual): boolean {
    if (!this.#hasFrozen) return false
    const { kinds, state, released } = this.#parts
    const items = kinds.object(actual.kind).itemsOf(actual)
    if (items.some((ref) => state.frozenOf(ref) !== undefined)) return true
    // What several items share may be needed by one that cannot be read.
    if (items.length === 0) return true
    return (
      this.#hasUnknown &&
      !items.some((ref) => released.has(ref.kind, ref.key) || state.goneOf(ref) !== undefined)
    )
  }

  #withFrozen(desired: Desired | undefined, actual: Actual | undefined): Desired | undefined {
    if (!this.#hasFrozen || actual === undefined) return desired
    const { kind, key } = actual
    const { keepFrozen } = this.#parts.kinds.object(kind)
    if (keepFrozen === undefined) return desired
    const isFrozen = (ref: ItemRef): boolean => this.#parts.state.frozenOf(ref) !== undefined
    const value = keepFrozen(desired?.value, actual.value, isFrozen)
    if (value === undefined) return undefined
    return value === desired?.value ? desired : { kind, key, value }
  }

  #againstForeign(desired: Desired, actual: Actual): Refusal | undefined {
    if (this.#parts.kinds.object(desired.kind).usable?.(desired.value, actual.value) === true)
      return undefined
    const { kind, key } = desired
    const remedy =
      kind === 'interface'
        ? 'adopt it with an item of type "existing", or choose another name'
        : 'remove it there, or choose another key'
    const message = `${called(desired)} exists in VPP and was not made by this agent; ${remedy}`
    return { kind, key, state: 'blocked', code: 'FOREIGN', message }
  }

  /** Who has what only one can have. */
  #claimedByOther(desired: Desired): Refusal | undefined {
    const { kinds } = this.#parts
    const { kind, key } = desired
    for (const claim of kinds.object(kind).claims?.(desired.value) ?? []) {
      const first = this.#holderOf(claim)
      if (first !== undefined && !(first.kind === kind && first.key === key)) {
        const message = `${called(desired)}: ${claim} belongs to ${called(first)}; remove it from one of them`
        return { kind, key, state: 'conflict', code: 'CONFLICT', message }
      }
      const foreign = this.#foreignClaim(claim)
      if (foreign !== undefined && !(foreign.kind === kind && foreign.key === key)) {
        const message = `${called(desired)}: ${claim} is taken by ${called(foreign)}, which this agent did not make`
        return { kind, key, state: 'blocked', code: 'FOREIGN', message }
      }
    }
    return undefined
  }

  /** Of several that claim the same, the one that has it in VPP, else the first by name. */
  #holderOf(claim: string): Desired | undefined {
    const named = [...this.#parts.wanted.claimants(claim)].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    return named.find((it) => this.#has(it, claim)) ?? named[0]
  }

  #has({ kind, key }: Desired, claim: string): boolean {
    const { kinds, observed } = this.#parts
    const actual = observed.get(kind, key)
    if (actual === undefined || actual.foreign === true) return false
    return kinds.object(kind).claims?.(actual.value).includes(claim) === true
  }

  #foreignClaim(claim: string): Actual | undefined {
    this.#foreignClaims ??= this.#findForeignClaims()
    return this.#foreignClaims.get(claim)
  }

  #findForeignClaims(): Map<string, Actual> {
    const { kinds, observed } = this.#parts
    const found = new Map<string, Actual>()
    for (const [kind, { claims }] of kinds.objects) {
      if (claims === undefined) continue
      for (const actual of observed.of(kind)) {
        if (actual.foreign === true) for (const claim of claims(actual.value)) found.set(claim, actual)
      }
    }
    return found
  }

  /** What depends on something that goes has to go before it, and is made again on what comes in its place. */
  async #takeDown(changes: RefMap<string, Change>, refusals: Refusal[]): Promise<void> {
    const { kinds } = this.#parts
    const going = goingAmong(changes, kinds)
    if (going.size === 0) return
    const firm = [...kinds.objects].filter(([, { leaf }]) => leaf !== true).map(([kind]) => kind)
    const leaves = [...kinds.objects].filter(([, { leaf }]) => leaf === true).map(([kind]) => kind)
    let before = -1
    while (before !== going.size) {
      before = going.size
      for (const kind of firm) await this.#takeDownKind(kind, going, changes, refusals)
    }
    for (const kind of leaves) await this.#takeDownKind(kind, going, changes, refusals)
  }

  async #takeDownKind(
    kind: string,
    going: Set<string>,
    changes: RefMap<string, Change>,
    refusals: Refusal[],
  ): Promise<void> {
    const { kinds, observed } = this.#parts
    const { dependsOn, leaf } = kinds.object(kind)
    await inTurns(observed.of(kind), (actual) => {
      const base = dependsOn(actual.value).find((id) => going.has(id))
      if (base === undefined || actual.foreign === true) return
      const known = changes.get(kind, actual.key)?.action
      if (known === 'delete' || known === 'replace') return
      if (this.isFrozen(actual)) {
        this.#keep(base, actual, going, changes, refusals)
        return
      }
      const desired = this.#parts.wanted.desired(kind, actual.key)
      const needs = desired !== undefined && this.#needs(desired, base, changes)
      // It lets go while it is changed.
      if (known === 'update' && !needs) return
      const refusal = desired === undefined || !needs ? undefined : this.#claimedByOther(desired)
      if (refusal !== undefined) refusals.push(refusal)
      // What may not become what it should be goes with what it depends on.
      const wanted = refusal === undefined && needs ? desired : undefined
      const action = wanted === undefined ? 'delete' : 'replace'
      changes.set(kind, actual.key, { action, kind, key: actual.key, desired: wanted, actual })
      if (leaf !== true) going.add(idOf(actual))
    })
  }

  /** True for what depends on something, or on what is made and does: it cannot let go of it by becoming what it should be. */
  #needs(
    { kind, value }: Desired,
    base: string,
    changes: RefMap<string, Change>,
    seen: ReadonlySet<string> = new Set<string>(),
  ): boolean {
    for (const id of this.#parts.kinds.object(kind).dependsOn(value)) {
      if (id === base) return true
      const between = seen.has(id) ? undefined : changes.get(...pairOf(id))
      if (between?.desired === undefined || between.action === 'update') continue
      if (this.#needs(between.desired, base, changes, new Set([...seen, id]))) return true
    }
    return false
  }

  /** What cannot be read still needs it, so it stays. */
  #keep(
    base: string,
    user: Actual,
    going: Set<string>,
    changes: RefMap<string, Change>,
    refusals: Refusal[],
  ): void {
    const blank = base.indexOf(' ')
    const ref = { kind: base.slice(0, blank), key: base.slice(blank + 1) }
    if (!changes.delete(ref.kind, ref.key)) return
    going.delete(base)
    const message = `${called(ref)} is used by ${called(user)}, whose item cannot be read`
    refusals.push({ ...ref, state: 'blocked', code: 'UNREADABLE', message })
  }
}

function pairOf(id: string): [kind: string, key: string] {
  const { kind, key } = splitId(id)
  return [kind, key]
}

function isDeletion(result: Change | Refusal | undefined): boolean {
  return result !== undefined && 'action' in result && result.action === 'delete'
}

function onlyDeletions(
  changes: RefMap<string, Change>,
  postponed: readonly ObjectRef[],
  kinds: Kinds,
): Difference {
  const deletions = new RefMap<string, Change>()
  for (const change of changes.values()) {
    if (change.action === 'delete' && mayBeMany(kinds, change.kind)) {
      deletions.set(change.kind, change.key, change)
    }
  }
  return { changes: deletions, refusals: [], limited: true, postponed }
}

/** True for objects of which there may be a million: each is an item, nothing needs it, and it takes nothing from others. */
export function mayBeMany(kinds: Kinds, kind: string): boolean {
  const { leaf, claims } = kinds.object(kind)
  return leaf === true && claims === undefined && kinds.items.has(kind)
}

/** Kinds of objects, those that there may be many of last. */
export function manyLast(kinds: Kinds, of: Iterable<string>): string[] {
  return [...of].sort((a, b) => Number(mayBeMany(kinds, a)) - Number(mayBeMany(kinds, b)))
}

/** Ids of objects that go, and that others may need. */
function goingAmong(changes: RefMap<string, Change>, kinds: Kinds): Set<string> {
  const going = new Set<string>()
  for (const [kind, { leaf }] of kinds.objects) {
    if (leaf === true) continue
    for (const change of changes.of(kind)) {
      if (change.action === 'delete' || change.action === 'replace') going.add(idOf(change))
    }
  }
  return going
}
