import type { EffectiveItem, EffectiveItems } from '../desired/effective.ts'
import type { Item } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { Bell } from '../model/bell.ts'
import type { ItemRef } from '../model/item-ref.ts'
import { RefMap } from '../model/ref-map.ts'

/** Items that are not declared: the desired objects of these alone. */
export class GivenItems implements EffectiveItems {
  readonly isBlank = false
  readonly changes = new Bell()
  readonly known = true
  readonly whole = true
  readonly revision = 0
  readonly #kinds: Pick<Kinds, 'refOf'>
  readonly #kept = new RefMap<string, EffectiveItem>()

  constructor(kinds: Pick<Kinds, 'refOf'>) {
    this.#kinds = kinds
  }

  /** @returns false for one whose key another one has */
  add(item: Item, origin: string): boolean {
    const ref = this.#kinds.refOf(item)
    if (this.has(ref)) return false
    this.#kept.set(ref.kind, ref.key, { ref, item, origin })
    return true
  }

  delete({ kind, key }: ItemRef): void {
    this.#kept.delete(kind, key)
  }

  kept(): Iterable<EffectiveItem> {
    return this.#kept.values()
  }

  keptOf({ kind, key }: ItemRef): EffectiveItem | undefined {
    return this.#kept.get(kind, key)
  }

  has({ kind, key }: ItemRef): boolean {
    return this.#kept.has(kind, key)
  }

  frozen(): readonly never[] {
    return []
  }

  frozenOf(): undefined {
    return undefined
  }

  gone(): readonly never[] {
    return []
  }

  goneRefs(): readonly never[] {
    return []
  }

  goneOf(): undefined {
    return undefined
  }

  made(): undefined {
    return undefined
  }

  hasMade(): boolean {
    return false
  }

  madeRefs(): readonly never[] {
    return []
  }

  takeChanged(): readonly never[] {
    return []
  }
}
