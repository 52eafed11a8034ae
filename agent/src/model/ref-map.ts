import type { ItemRef } from './item-ref.ts'
import type { Packing } from './packed-map.ts'
import { ShardedMap } from './sharded-map.ts'

/** How values are kept if there are many of a kind: see `ShardedMap`. */
export type PackingOf<V> = (kind: string) => Packing<V>

/**
 * A map by kind and key. A map of maps, because an id made of both would be one more text for each of a million routes
 * in every map that knows them.
 */
export class RefMap<K extends string, V> {
  readonly #kinds = new Map<string, ShardedMap<V>>()
  readonly #packingOf: PackingOf<V> | undefined

  constructor(packingOf?: PackingOf<V>) {
    this.#packingOf = packingOf
  }

  get size(): number {
    let size = 0
    for (const known of this.#kinds.values()) size += known.size
    return size
  }

  get(kind: string, key: string): V | undefined {
    return this.#kinds.get(kind)?.get(key)
  }

  has(kind: string, key: string): boolean {
    return this.#kinds.get(kind)?.has(key) ?? false
  }

  set(kind: K, key: string, value: V): void {
    let known = this.#kinds.get(kind)
    if (known === undefined) {
      known = this.empty(kind)
      this.#kinds.set(kind, known)
    }
    known.set(key, value)
  }

  /**
   * A map for values of a kind, to be put in place of those that there are.
   * @param expected values that there will be, about
   */
  empty(kind: string, expected?: number): ShardedMap<V> {
    return new ShardedMap(this.#packingOf?.(kind), expected)
  }

  /** @returns whether there was one */
  delete(kind: string, key: string): boolean {
    return this.#kinds.get(kind)?.delete(key) ?? false
  }

  /** Takes these instead of what there is of a kind. */
  replace(kind: K, entries: ShardedMap<V>): void {
    this.#kinds.set(kind, entries)
  }

  /** Takes what another map has of a kind; both have the same from then on. */
  share(kind: K, other: RefMap<string, V>): void {
    const known = other.#kinds.get(kind)
    if (known !== undefined) this.#kinds.set(kind, known)
  }

  clear(): void {
    this.#kinds.clear()
  }

  /** Number of a kind. */
  countOf(kind: string): number {
    return this.#kinds.get(kind)?.size ?? 0
  }

  /** Those of a kind. */
  of(kind: string): Iterable<V> {
    return this.#kinds.get(kind)?.values() ?? []
  }

  /** Keys of those of a kind. */
  keysOf(kind: string): Iterable<string> {
    return this.#kinds.get(kind)?.keys() ?? []
  }

  /** Keys of a kind whose values another map may not have; see `ShardedMap.unlike`. */
  unlike(kind: string, other: RefMap<string, unknown>): Iterable<string | undefined> {
    return this.#kinds.get(kind)?.unlike(other.#kinds.get(kind)) ?? []
  }

  /** Keys of a kind that another map does not have; see `ShardedMap.missingIn`. */
  missingIn(kind: string, other: RefMap<string, unknown>): Iterable<string | undefined> {
    return this.#kinds.get(kind)?.missingIn(other.#kinds.get(kind)) ?? []
  }

  /** All with kind and key, kind by kind. */
  *entries(): Iterable<[kind: K, key: string, value: V]> {
    for (const [kind, known] of this.#kinds) for (const [key, value] of known) yield [kind as K, key, value]
  }

  /** All, kind by kind. */
  *values(): Iterable<V> {
    for (const known of this.#kinds.values()) yield* known.values()
  }
}

/** Names of items or objects, each once. */
export class RefSet extends RefMap<string, ItemRef> {
  constructor() {
    super((kind) => ({ write: () => true, read: (key) => ({ kind, key }) }))
  }

  add(ref: ItemRef): void {
    this.set(ref.kind, ref.key, ref)
  }
}
