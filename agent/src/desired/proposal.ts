import type { Item, ItemRef } from '../kinds/item.ts'
import type { Many } from '../model/json-list.ts'
import { RefMap, RefSet } from '../model/ref-map.ts'
import { inTurns } from '../model/turns.ts'
import type { Conflict } from './change.ts'
import type { DesiredState } from './desired-state.ts'
import type { EffectiveItem, EffectiveItems, FrozenItem, GoneItems } from './effective.ts'
import type { PlannedWrite } from './planned-writes.ts'
import type { ItemDifference } from './revisions.ts'

/** What a change would do to the desired items. Nothing has been written. */
export interface Proposal {
  /** The items as they would be. */
  readonly state: EffectiveItems
  /** Items that would no longer be desired. */
  readonly released: RefSet
  /** What would change of each. */
  readonly differences: readonly ItemDifference[]
  readonly conflicts: readonly Conflict[]
}

/** How a write is read. */
export interface WriteReader {
  /** The item that is in force after a write, and who declares it; undefined for none that can be read. */
  itemAfter(write: PlannedWrite): { readonly item: Item; readonly origin: string } | undefined
  /** Items that VPP may still have after a write, where it keeps no mark on them. */
  goneAfter(write: PlannedWrite): readonly Item[] | undefined
}

/** Puts a change beside the items that there are. */
export async function propose(
  state: DesiredState,
  plan: { readonly writes: Many<PlannedWrite>; readonly conflicts: readonly Conflict[] },
  reader: WriteReader,
): Promise<Proposal> {
  const proposed = new ProposedItems(state)
  const released = new RefSet()
  const differences: ItemDifference[] = []
  await inTurns(plan.writes, (write) => {
    const { ref, before, value } = write
    differences.push({ ref, before, after: value })
    proposed.add(write, reader)
    if (value === undefined) released.add(ref)
  })
  return { state: proposed, released, differences, conflicts: plan.conflicts }
}

/** The items that there are, with changes over them. */
class ProposedItems implements EffectiveItems {
  readonly known = true
  readonly whole = true
  readonly #base: DesiredState
  /** What is in force of an item that changes. */
  readonly #changed = new RefMap<string, { readonly now: EffectiveItem | undefined }>()
  readonly #gone = new RefMap<string, GoneItems>()

  constructor(base: DesiredState) {
    this.#base = base
  }

  add(write: PlannedWrite, reader: WriteReader): void {
    const { ref } = write
    const read = reader.itemAfter(write)
    const now = read === undefined ? undefined : { ref, ...read }
    this.#changed.set(ref.kind, ref.key, { now })
    const items = reader.goneAfter(write)
    if (items !== undefined) this.#gone.set(ref.kind, ref.key, { ref, items })
  }

  /** What is proposed would be declared. */
  readonly isBlank = false

  get changes(): EffectiveItems['changes'] {
    return this.#base.changes
  }

  get revision(): number {
    return this.#base.revision
  }

  *kept(): Iterable<EffectiveItem> {
    for (const kept of this.#base.kept()) {
      if (!this.#changed.has(kept.ref.kind, kept.ref.key)) yield kept
    }
    for (const { now } of this.#changed.values()) if (now !== undefined) yield now
  }

  keptOf(ref: ItemRef): EffectiveItem | undefined {
    const changed = this.#changed.get(ref.kind, ref.key)
    return changed === undefined ? this.#base.keptOf(ref) : changed.now
  }

  has(ref: ItemRef): boolean {
    const changed = this.#changed.get(ref.kind, ref.key)
    return changed === undefined ? this.#base.has(ref) : changed.now !== undefined
  }

  *frozen(): Iterable<FrozenItem> {
    for (const frozen of this.#base.frozen()) {
      if (!this.#changed.has(frozen.kind, frozen.key)) yield frozen
    }
  }

  frozenOf(ref: { readonly kind: string; readonly key: string }): FrozenItem | undefined {
    return this.#changed.has(ref.kind, ref.key) ? undefined : this.#base.frozenOf(ref)
  }

  *gone(): Iterable<Item> {
    for (const ref of this.goneRefs()) yield* this.goneOf(ref)?.items ?? []
  }

  goneRefs(): readonly ItemRef[] {
    const others = this.#base.goneRefs().filter(({ kind, key }) => !this.#gone.has(kind, key))
    return [...others, ...Array.from(this.#gone.values(), ({ ref }) => ref)]
  }

  goneOf(ref: ItemRef): GoneItems | undefined {
    return this.#gone.get(ref.kind, ref.key) ?? this.#base.goneOf(ref)
  }

  made(kind: string, key: string): boolean | undefined {
    return this.#base.made(kind, key)
  }

  hasMade(kind: string): boolean {
    return this.#base.hasMade(kind)
  }

  madeRefs(): Iterable<ItemRef> {
    return this.#base.madeRefs()
  }

  /** Nothing follows a proposal. */
  takeChanged(): Iterable<ItemRef> {
    return []
  }
}
