import { PackedMap, type Packing } from './packed-map.ts'

/** Entries from which a map is divided. */
const DIVIDED = 8192
/** Parts of a divided map; a power of two. */
const SHARDS = 256

/**
 * A map by text that may have millions of entries. A `Map` that grows copies all its entries without a pause, and would
 * hold the event loop for a tenth of a second and more; this one is many small ones. With a packing it keeps them as
 * bytes from then on, so that every read returns a new object: compare values, not identity.
 * Entries come in the order in which they were put until the map is divided, and in no particular order afterwards.
 */
export class ShardedMap<V> {
  #whole: Map<string, V> | undefined
  #shards: readonly Map<string, V>[] = []
  #size = 0
  readonly #packing: Packing<V> | undefined
  #packed: PackedMap<V> | undefined

  /**
   * @param packing how values are kept when there are many; undefined: as they are
   * @param expected entries that there will be, about
   */
  constructor(packing?: Packing<V>, expected = 0) {
    this.#packing = packing
    if (packing !== undefined && expected > DIVIDED) this.#packed = new PackedMap(packing, expected)
    else this.#whole = new Map()
  }

  get size(): number {
    return this.#whole?.size ?? this.#packed?.size ?? this.#size
  }

  get(key: string): V | undefined {
    return (this.#packed ?? this.#of(key)).get(key)
  }

  has(key: string): boolean {
    return (this.#packed ?? this.#of(key)).has(key)
  }

  set(key: string, value: V): void {
    if (this.#packed !== undefined) {
      this.#packed.set(key, value)
      return
    }
    if (this.#whole !== undefined) {
      this.#whole.set(key, value)
      if (this.#whole.size > DIVIDED) this.#divide(this.#whole)
      return
    }
    const shard = this.#of(key)
    const before = shard.size
    shard.set(key, value)
    this.#size += shard.size - before
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    if (this.#packed !== undefined) return this.#packed.delete(key)
    if (!this.#of(key).delete(key)) return false
    this.#size--
    return true
  }

  *keys(): Iterable<string> {
    for (const map of this.#maps()) yield* map.keys()
  }

  *values(): Iterable<V> {
    for (const map of this.#maps()) yield* map.values()
  }

  *[Symbol.iterator](): Iterator<[string, V]> {
    for (const map of this.#maps()) yield* map
  }

  /**
   * Keys whose values another map may not have, `undefined` now and then so that one who goes through them can give
   * others their turn. Where both are packed by the same packing, their bytes say which; else all keys come.
   */
  *unlike(other: ShardedMap<unknown> | undefined): Iterable<string | undefined> {
    const packed = other === undefined ? undefined : other.#packed
    if (this.#packed === undefined || packed === undefined) yield* this.keys()
    else yield* this.#packed.unlike(packed)
  }

  /** Keys that another map does not have; `undefined` now and then. */
  *missingIn(other: ShardedMap<unknown> | undefined): Iterable<string | undefined> {
    const packed = other === undefined ? undefined : other.#packed
    if (this.#packed !== undefined && packed !== undefined) yield* this.#packed.missingIn(packed)
    else for (const key of this.keys()) yield other?.has(key) === true ? undefined : key
  }

  #maps(): readonly (Map<string, V> | PackedMap<V>)[] {
    if (this.#packed !== undefined) return [this.#packed]
    return this.#whole === undefined ? this.#shards : [this.#whole]
  }

  #of(key: string): Map<string, V> {
    return this.#whole ?? (this.#shards[shardOf(key)] as Map<string, V>)
  }

  /** Who goes through the map meanwhile ends with what it had. */
  #divide(whole: Map<string, V>): void {
    this.#whole = undefined
    if (this.#packing !== undefined) {
      this.#packed = new PackedMap(this.#packing)
      for (const [key, value] of whole) this.#packed.set(key, value)
      return
    }
    const shards = Array.from({ length: SHARDS }, () => new Map<string, V>())
    for (const [key, value] of whole) shards[shardOf(key)]?.set(key, value)
    this.#size = whole.size
    this.#shards = shards
  }
}

function shardOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SHARDS - 1)
}
