import type { EffectiveItem, EffectiveItems, FrozenItem, GoneItems } from '../../desired/effective.ts'
import type { Item } from '../../kinds/item.ts'
import type { Kinds } from '../../kinds/kinds.ts'
import { Bell } from '../../model/bell.ts'
import type { ItemRef } from '../../model/item-ref.ts'
import { RefMap } from '../../model/ref-map.ts'

/** Items without a store. */
export class ItemsInMemory implements EffectiveItems {
  readonly isBlank = false
  readonly changes = new Bell()
  readonly known = true
  readonly whole = true
  readonly #kinds: Kinds
  readonly #kept = new RefMap<string, EffectiveItem>()
  readonly #frozen = new RefMap<string, FrozenItem>()
  readonly #gone = new RefMap<string, GoneItems>()
  #changed: ItemRef[] = []
  revision = 0

  constructor(kinds: Kinds) {
    this.#kinds = kinds
  }

  /** Makes these all items there are. @returns those that have changed */
  declare(items: readonly Item[]): ItemRef[] {
    const now = new RefMap<string, Item>()
    for (const item of items) now.set(item.kind, this.#kinds.refOf(item).key, item)
    const before = [...this.#kept.values()]
    for (const { ref, item } of before) {
      if (now.has(ref.kind, ref.key)) continue
      this.#kept.delete(ref.kind, ref.key)
      this.#remember(ref, item)
      this.#changed.push(ref)
    }
    for (const item of now.values()) {
      const ref = this.#kinds.refOf(item)
      const was = this.#kept.get(ref.kind, ref.key)?.item
      if (JSON.stringify(was) === JSON.stringify(item)) continue
      if (was !== undefined) this.#remember(ref, was)
      this.#kept.set(ref.kind, ref.key, { ref, item, origin: 'test' })
      this.#changed.push(ref)
    }
    this.revision++
    return [...this.#changed]
  }

  /** An item cannot be read any more. */
  freeze(ref: { readonly kind: string; readonly key: string }): void {
    this.#kept.delete(ref.kind, ref.key)
    this.#frozen.set(ref.kind, ref.key, { ...ref, origin: 'test', reason: 'test' })
    this.#changed.push(ref)
  }

  kept(): Iterable<EffectiveItem> {
    return this.#kept.values()
  }

  has({ kind, key }: ItemRef): boolean {
    return this.#kept.has(kind, key)
  }

  keptOf({ kind, key }: ItemRef): EffectiveItem | undefined {
    return this.#kept.get(kind, key)
  }

  frozen(): Iterable<FrozenItem> {
    return this.#frozen.values()
  }

  frozenOf({ kind, key }: { readonly kind: string; readonly key: string }): FrozenItem | undefined {
    return this.#frozen.get(kind, key)
  }

  *gone(): Iterable<Item> {
    for (const { items } of this.#gone.values()) yield* items
  }

  goneRefs(): readonly ItemRef[] {
    return Array.from(this.#gone.values(), ({ ref }) => ref)
  }

  goneOf({ kind, key }: ItemRef): GoneItems | undefined {
    return this.#gone.get(kind, key)
  }

  clean(refs: readonly ItemRef[]): Promise<void> {
    for (const { kind, key } of refs) this.#gone.delete(kind, key)
    return Promise.resolve()
  }

  made(): boolean | undefined {
    return undefined
  }

  hasMade(): boolean {
    return false
  }

  madeRefs(): readonly ItemRef[] {
    return []
  }

  takeChanged(): readonly ItemRef[] {
    const changed = this.#changed
    this.#changed = []
    return changed
  }

  #remember(ref: ItemRef, item: Item): void {
    if (this.#kinds.item(ref.kind).unmarked !== true) return
    const before = this.#gone.get(ref.kind, ref.key)?.items ?? []
    this.#gone.set(ref.kind, ref.key, { ref, items: [...before, item] })
  }
}
