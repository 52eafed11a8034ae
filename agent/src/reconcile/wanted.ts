import type { EffectiveItems } from '../desired/effective.ts'
import type { AnyItem, Desired, Part, WantedView } from '../kinds/descriptor.ts'
import { PackedObjects } from '../kinds/packed-objects.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { idOf, type ItemRef } from '../model/item-ref.ts'
import { RefMap } from '../model/ref-map.ts'
import type { Observed } from '../observed/observed.ts'
import { Turns } from '../model/turns.ts'

/** Names an object. */
export interface ObjectRef {
  readonly kind: string
  readonly key: string
}

/**
 * The desired objects, decomposed from items and updated as these change: the work is that of the items
 * that changed.
 */
export class WantedObjects implements WantedView {
  readonly #kinds: Kinds
  readonly #state: EffectiveItems
  readonly #objects: RefMap<string, Desired>
  /** What each of several items says of an object that they share, by the id of the item. */
  readonly #shares = new RefMap<string, Map<string, Part>>()
  /** How many items ask for an object that is the same for all of them. */
  readonly #counts = new RefMap<string, number>()
  /** Objects of items, apart from marked items that are one object of their own kind and key. */
  readonly #parts = new RefMap<string, readonly ObjectRef[]>()
  /** Items of kinds some of whose objects stay when they are deleted. */
  readonly #leaving = new RefMap<string, AnyItem>()
  /** Holders of what only one object can have. */
  readonly #claims = new Map<string, Map<string, Desired>>()

  /** @param packed how objects are stored if there are many; default: a separate packing */
  constructor(kinds: Kinds, state: EffectiveItems, packed = new PackedObjects()) {
    this.#objects = new RefMap(packed.packingOf)
    this.#kinds = kinds
    this.#state = state
  }

  desired<V>(kind: string, key: string): Desired<V> | undefined {
    return this.#objects.get(kind, key) as Desired<V> | undefined
  }

  count(kind: string): number {
    return this.#objects.countOf(kind)
  }

  of(kind: string): Iterable<Desired> {
    return this.#objects.of(kind)
  }

  keysOf(kind: string): Iterable<string> {
    return this.#objects.keysOf(kind)
  }

  *items<I extends AnyItem>(kind: string): Iterable<I> {
    for (const key of this.#parts.keysOf(kind)) {
      const kept = this.#state.keptOf({ kind, key })
      if (kept !== undefined) yield kept.item as unknown as I
    }
  }

  item<I extends AnyItem>(ref: ItemRef): I | undefined {
    return this.#state.keptOf(ref)?.item as I | undefined
  }

  *gone<I extends AnyItem>(kind: string): Iterable<I> {
    for (const item of this.#state.gone()) if (item.kind === kind) yield item as unknown as I
  }

  owns(ref: ItemRef): boolean {
    return (
      this.#state.has(ref) || this.#state.frozenOf(ref) !== undefined || this.#state.goneOf(ref) !== undefined
    )
  }

  made(kind: string, key: string): boolean | undefined {
    return this.#state.made(kind, key)
  }

  hasMade(kind: string): boolean {
    return this.#state.hasMade(kind)
  }

  /** Objects of an item. */
  partsOf(ref: ItemRef): readonly ObjectRef[] {
    const parts = this.#parts.get(ref.kind, ref.key)
    if (parts !== undefined) return parts
    return this.#objects.has(ref.kind, ref.key) ? [ref] : []
  }

  /** Keys of a kind whose objects VPP may not have as they are wanted. `undefined` now and then. */
  unlike(kind: string, observed: Observed): Iterable<string | undefined> {
    return observed.unlike(kind, this.#objects)
  }

  /** Keys of a kind that VPP has and that are not desired. Yields `undefined` now and then. */
  unwanted(kind: string, observed: Observed): Iterable<string | undefined> {
    return observed.missingIn(kind, this.#objects)
  }

  /** Objects that claim the same; more than one is a conflict. */
  claimants(claim: string): Iterable<Desired> {
    return this.#claims.get(claim)?.values() ?? []
  }

  /** Takes all items again, in slices. */
  async takeAll(): Promise<void> {
    this.#objects.clear()
    this.#shares.clear()
    this.#counts.clear()
    this.#leaving.clear()
    this.#parts.clear()
    this.#claims.clear()
    const turns = new Turns()
    for (const { ref, item } of this.#state.kept()) {
      this.#add(ref, item)
      if (turns.over) await turns.next()
    }
  }

  /** Objects that stay, and are no longer the agent's, when an item is deleted as it was last taken. */
  leftBy(ref: ItemRef): readonly ObjectRef[] {
    const item = this.#leaving.get(ref.kind, ref.key)
    if (item === undefined) return []
    const { leaves } = this.#kinds.item(ref.kind)
    return this.partsOf(ref).filter(({ kind }) => leaves?.(item, kind))
  }

  /** Takes an item as it is now. @returns the objects that were or are part of it */
  take(ref: ItemRef): readonly ObjectRef[] {
    const before = this.partsOf(ref)
    for (const part of before) this.#remove(part, ref)
    this.#parts.delete(ref.kind, ref.key)
    this.#leaving.delete(ref.kind, ref.key)
    const kept = this.#state.keptOf(ref)
    const after = kept === undefined ? [] : this.#add(kept.ref, kept.item)
    return [...before, ...after]
  }

  #add(ref: ItemRef, item: AnyItem): readonly ObjectRef[] {
    const { decompose, unmarked, leaves } = this.#kinds.item(item.kind)
    if (leaves !== undefined) this.#leaving.set(ref.kind, ref.key, item)
    const parts = [...decompose(item, ref.key)]
    for (const part of parts) this.#put(part, ref)
    const [only] = parts
    // A million routes are one object each. Items without a mark in VPP are looked for by kind.
    const isPlain = parts.length === 1 && only?.kind === ref.kind && only.key === ref.key
    if (isPlain && unmarked !== true) return parts
    const refs = parts.map(({ kind, key }) => ({ kind, key }))
    this.#parts.set(ref.kind, ref.key, refs)
    return refs
  }

  #put(part: Part, ref: ItemRef): void {
    const { merge, uniform } = this.#kinds.object(part.kind)
    if (uniform !== undefined) {
      const count = this.#counts.get(part.kind, part.key) ?? 0
      this.#counts.set(part.kind, part.key, count + 1)
      const known = this.#objects.get(part.kind, part.key)
      const value = known === undefined ? part.value : uniform(known.value, part.value)
      if (value !== known?.value) this.#setObject(value === part.value ? part : { ...part, value })
      return
    }
    if (merge === undefined) {
      this.#setObject(part)
      return
    }
    const shares = this.#shares.get(part.kind, part.key) ?? new Map<string, Part>()
    shares.set(idOf(ref), part)
    this.#shares.set(part.kind, part.key, shares)
    this.#merge(part)
  }

  #remove(part: ObjectRef, ref: ItemRef): void {
    const count = this.#counts.get(part.kind, part.key)
    if (count !== undefined) {
      if (count > 1) this.#counts.set(part.kind, part.key, count - 1)
      else {
        this.#counts.delete(part.kind, part.key)
        this.#dropObject(part)
      }
      return
    }
    const shares = this.#shares.get(part.kind, part.key)
    if (shares === undefined) this.#dropObject(part)
    else {
      shares.delete(idOf(ref))
      this.#merge(part)
    }
  }

  #merge({ kind, key }: ObjectRef): void {
    const shares = this.#shares.get(kind, key)
    const { merge } = this.#kinds.object(kind)
    if (shares === undefined || shares.size === 0 || merge === undefined) {
      this.#shares.delete(kind, key)
      this.#dropObject({ kind, key })
      return
    }
    this.#setObject({ kind, key, value: merge([...shares.values()].map(({ value }) => value)) })
  }

  #setObject(object: Desired): void {
    this.#dropClaims(object)
    this.#objects.set(object.kind, object.key, object)
    for (const claim of this.#claimsOf(object)) {
      const holders = this.#claims.get(claim) ?? new Map<string, Desired>()
      holders.set(idOf(object), object)
      this.#claims.set(claim, holders)
    }
  }

  #dropObject(object: ObjectRef): void {
    this.#dropClaims(object)
    this.#objects.delete(object.kind, object.key)
  }

  #dropClaims({ kind, key }: ObjectRef): void {
    if (this.#kinds.object(kind).claims === undefined) return
    const before = this.#objects.get(kind, key)
    for (const claim of before === undefined ? [] : this.#claimsOf(before)) {
      const holders = this.#claims.get(claim)
      holders?.delete(idOf({ kind, key }))
      if (holders?.size === 0) this.#claims.delete(claim)
    }
  }

  #claimsOf({ kind, value }: Desired): readonly string[] {
    return this.#kinds.object(kind).claims?.(value) ?? []
  }
}
