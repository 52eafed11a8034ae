import type { Item, ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import type { Packing } from '../model/packed-map.ts'
import { PackedValues } from '../model/packed-values.ts'
import { RefMap } from '../model/ref-map.ts'
import { originOfStored, type Declared, type OtherDeclaration } from './declaration.ts'
import type { EffectiveItem, FrozenItem } from './effective.ts'
import { StoredReader } from './stored-reader.ts'
import { textHash } from './text-hash.ts'

/** An item in force with all that is kept of it. */
export interface KeptItem extends EffectiveItem {
  /** Declarations of the same key that do not count; most items have none. */
  readonly others: readonly OtherDeclaration[]
  /** Of the value that the store has. */
  readonly hash: number
}

/** An item that cannot be read with all that is kept of it. */
interface KeptFrozen extends FrozenItem {
  readonly hash: number
}

const NO_OTHERS: readonly OtherDeclaration[] = []

/** The items of one VPP in memory, as the store has them. */
export class EffectiveTable {
  readonly #items = new RefMap<string, KeptItem>(packingOf)
  readonly #frozen = new RefMap<string, KeptFrozen>()
  /** Those with more than one declaration. */
  readonly #shared = new RefMap<string, KeptItem>()
  readonly #origins = new Map<string, number>()
  readonly #kinds: Kinds
  readonly #reader: StoredReader
  readonly #failed: (problem: Error) => void

  /** @param failed called for an item that cannot be read */
  constructor(kinds: Kinds, failed: (problem: Error) => void) {
    this.#kinds = kinds
    this.#reader = new StoredReader(kinds)
    this.#failed = failed
  }

  get(ref: ItemRef): KeptItem | undefined {
    return this.#items.get(ref.kind, ref.key)
  }

  has({ kind, key }: ItemRef): boolean {
    return this.#items.has(kind, key)
  }

  frozenOf({ kind, key }: { readonly kind: string; readonly key: string }): FrozenItem | undefined {
    return this.#frozen.get(kind, key)
  }

  items(): Iterable<KeptItem> {
    return this.#items.values()
  }

  itemsOf(kind: string): Iterable<KeptItem> {
    return this.#items.of(kind)
  }

  /** Number of items of a kind. */
  countOf(kind: string): number {
    return this.#items.countOf(kind)
  }

  get countFrozen(): number {
    return this.#frozen.size
  }

  frozen(): Iterable<FrozenItem> {
    return this.#frozen.values()
  }

  /** Items that several origins declare. */
  shared(): Iterable<KeptItem> {
    return this.#shared.values()
  }

  /** Number of items in force by who declared them. */
  get origins(): ReadonlyMap<string, number> {
    return this.#origins
  }

  /**
   * Takes the value that the store has under a key.
   * @param known what it says, when that is known
   * @returns the name of the item when it has changed
   */
  set(kind: string, key: string, text: string, known?: Declared): ItemRef | undefined {
    const hash = textHash(text)
    const before = this.#items.get(kind, key)
    if ((before ?? this.#frozen.get(kind, key))?.hash === hash) return undefined
    try {
      if (!this.#kinds.items.has(kind)) throw new Error(`items of kind "${kind}" are not known to this agent`)
      const declared = known ?? this.#reader.read({ kind, key }, text)
      return this.#setItem(before, { kind, key }, declared, hash)
    } catch (error) {
      const reason = (error as Error).message
      const wasItem = this.#remove({ kind, key })
      const frozen = this.#frozen.get(kind, key)
      this.#frozen.set(kind, key, { kind, key, origin: originOfStored(text), reason, hash })
      if (frozen?.reason !== reason) this.#failed(error as Error)
      return wasItem || frozen === undefined ? { kind, key } : undefined
    }
  }

  /** Takes that a key is gone. @returns the name of the item when there was one */
  delete(kind: string, key: string): ItemRef | undefined {
    const ref = { kind, key }
    const known = this.get(ref)?.ref ?? ref
    const wasFrozen = this.#frozen.delete(kind, key)
    return this.#remove(ref) || wasFrozen ? known : undefined
  }

  #setItem(
    before: KeptItem | undefined,
    name: ItemRef,
    declared: Declared,
    hash: number,
  ): ItemRef | undefined {
    const ref = before?.ref ?? name
    // An unchanged item stays the same object, so that it is not decomposed again.
    const same = before !== undefined && isEqual(before.item, declared.item)
    const item = same ? before.item : declared.item
    const others = declared.others.length === 0 ? NO_OTHERS : declared.others
    const kept: KeptItem = { ref, item, origin: declared.origin, others, hash }
    if (before !== undefined) this.#count(before.origin, -1)
    this.#count(kept.origin, 1)
    this.#items.set(ref.kind, ref.key, kept)
    if (others.length > 0) this.#shared.set(ref.kind, ref.key, kept)
    else if (before !== undefined) this.#shared.delete(ref.kind, ref.key)
    const thawed = this.#frozen.delete(ref.kind, ref.key)
    return same && !thawed ? undefined : ref
  }

  #remove({ kind, key }: ItemRef): boolean {
    const before = this.#items.get(kind, key)
    if (before === undefined) return false
    this.#items.delete(kind, key)
    this.#shared.delete(kind, key)
    this.#count(before.origin, -1)
    return true
  }

  #count(origin: string, change: number): void {
    const count = (this.#origins.get(origin) ?? 0) + change
    if (count === 0) this.#origins.delete(origin)
    else this.#origins.set(origin, count)
  }
}

/** Items of one declaration are kept in few bytes if there are many of a kind. */
function packingOf(kind: string): Packing<KeptItem> {
  const items = new PackedValues()
  const origins = new PackedValues()
  return {
    write({ item, origin, others, hash }, to) {
      if (others.length > 0) return false
      to.putNumber(hash)
      return origins.write(origin, to) && items.write(item, to)
    },
    read(key, from) {
      const hash = from.number()
      const origin = origins.read(from) as string
      const item = items.read(from) as Item
      return { ref: { kind, key }, item, origin, others: NO_OTHERS, hash }
    },
  }
}

/** True when two items, both as their schema reads them, say the same. */
export function isEqual(one: Item, other: Item): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
