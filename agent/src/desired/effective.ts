import type { Item, ItemRef } from '../kinds/item.ts'
import type { Bell } from '../model/bell.ts'

/** An item in force: of all declarations of its key the one that counts. */
export interface EffectiveItem {
  /** Its name. */
  readonly ref: ItemRef
  /** Read by this version's schema, with all defaults. */
  readonly item: Item
  /** Who declared it. */
  readonly origin: string
}

/**
 * An item that the store has and this version cannot read: written by a newer version, or damaged. Whatever VPP has
 * of it stays exactly as it is.
 */
export interface FrozenItem {
  /** As the store says; may be a kind that this version does not know. */
  readonly kind: string
  readonly key: string
  /** Undefined when not even that can be read. */
  readonly origin: string | undefined
  /** Why it cannot be read, for people. */
  readonly reason: string
}

/** Items under one key that VPP had to have and may still have, though it keeps no mark on them. */
export interface GoneItems {
  readonly ref: ItemRef
  readonly items: readonly Item[]
}

/**
 * The desired items of one VPP, as the one who programs it sees them. A change set becomes visible as a whole: while
 * a large one is taken in, `whole` is false, and no comparison should begin.
 */
export interface EffectiveItems {
  /** Rings whenever something has changed, and when `whole` becomes true. */
  readonly changes: Bell
  /** False until the store has been read. */
  readonly known: boolean
  /** False until the store has been read, and while part of a change set has been taken in. */
  readonly whole: boolean
  /** The last change of the store that was seen. */
  readonly revision: number
  /** True while nothing has ever been declared: the store is new, or what was in it is lost. */
  readonly isBlank: boolean
  /** Every item in force that can be read. */
  kept(): Iterable<EffectiveItem>
  keptOf(ref: ItemRef): EffectiveItem | undefined
  /** True for an item in force that can be read; costs less than to have it. */
  has(ref: ItemRef): boolean
  /** Items whose objects must not be touched. */
  frozen(): Iterable<FrozenItem>
  frozenOf(ref: { readonly kind: string; readonly key: string }): FrozenItem | undefined
  /** Items that VPP may still have. */
  gone(): Iterable<Item>
  goneRefs(): readonly ItemRef[]
  goneOf(ref: ItemRef): GoneItems | undefined
  /** Whether the agent made an object that carries no mark; undefined while the store has no records of that. */
  made(kind: string, key: string): boolean | undefined
  /** Whether there is any of a kind. */
  hasMade(kind: string): boolean
  /** The objects that it has recorded. */
  madeRefs(): Iterable<ItemRef>
  /** Names of items put, deleted, frozen or thawed since the last call; at the first, only of those not in force. */
  takeChanged(): Iterable<ItemRef>
}
