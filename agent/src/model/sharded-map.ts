/** Entries from which a map is divided. */
const DIVIDED = 8192
/** Parts of a divided map; a power of two. */
const SHARDS = 256

/**
 * A map by text that may have millions of entries. A `Map` that grows copies all that it has at a stretch, and would
 * hold the event loop for a tenth of a second and more; this one is many small ones. Entries come in the order in
 * which they were put until the map is divided, and in no particular order from then on.
 */
export class ShardedMap<V> {
  #whole: Map<string, V> | undefined
  #shards: readonly Map<string, V>[] = []
  #size = 0

  constructor(entries: Iterable<readonly [string, V]> = []) {
    this.#whole = new Map()
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#whole?.size ?? this.#size
  }

  get(key: string): V | undefined {
    return this.#of(key).get(key)
  }

  has(key: string): boolean {
    return this.#of(key).has(key)
  }

  set(key: string, value: V): void {
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

  #maps(): readonly Map<string, V>[] {
    return this.#whole === undefined ? this.#shards : [this.#whole]
  }

  #of(key: string): Map<string, V> {
    return this.#whole ?? (this.#shards[shardOf(key)] as Map<string, V>)
  }

  /** Who goes through the map meanwhile ends with what it had. */
  #divide(whole: Map<string, V>): void {
    const shards = Array.from({ length: SHARDS }, () => new Map<string, V>())
    for (const [key, value] of whole) shards[shardOf(key)]?.set(key, value)
    this.#size = whole.size
    this.#shards = shards
    this.#whole = undefined
  }
}

function shardOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SHARDS - 1)
}
