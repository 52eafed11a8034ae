import { ShardedMap } from './sharded-map.ts'

/**
 * A map by kind and key. A map of maps, because an id made of both would be one more text for each of a million routes
 * in every map that knows them.
 */
export class RefMap<K extends string, V> {
  readonly #kinds = new Map<string, ShardedMap<V>>()

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
    const known = this.#kinds.get(kind)
    if (known === undefined) this.#kinds.set(kind, new ShardedMap([[key, value]]))
    else known.set(key, value)
  }

  /** @returns whether there was one */
  delete(kind: string, key: string): boolean {
    return this.#kinds.get(kind)?.delete(key) ?? false
  }

  /** Takes these instead of what there is of a kind. */
  replace(kind: K, entries: ShardedMap<V>): void {
    this.#kinds.set(kind, entries)
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

  /** All with kind and key, kind by kind. */
  *entries(): Iterable<[kind: K, key: string, value: V]> {
    for (const [kind, known] of this.#kinds) for (const [key, value] of known) yield [kind as K, key, value]
  }

  /** All, kind by kind. */
  *values(): Iterable<V> {
    for (const known of this.#kinds.values()) yield* known.values()
  }
}
