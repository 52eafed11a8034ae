import { Cursor } from './cursor.ts'
import { PackedShard } from './packed-shard.ts'

/** How values of a map are written as bytes, and read again. */
export interface Packing<V> {
  /** @returns false for one that cannot be written; it is kept as it is */
  write(value: V, to: Cursor): boolean
  read(key: string, from: Cursor): V
}

/** Parts of a map; a power of two. */
const SHARDS = 256
/** Room for more than expected, since shards are not all alike. */
const SPARE = 1.1
/** Entries that are alike between two chances for others to have their turn, less one. */
const MASK = 63

/**
 * A map by text that keeps its entries as bytes: a million objects would be looked through by the garbage collector
 * again and again, which holds the event loop, and take several times the memory. What it gives is made each time.
 */
export class PackedMap<V> {
  readonly #shards: readonly PackedShard[]
  readonly #packing: Packing<V>
  readonly #writer = new Cursor()
  readonly #reader = new Cursor()
  /** What cannot be written. */
  readonly #odd = new Map<string, V>()
  #packed = 0

  /** @param expected entries that there will be, about; they need not be moved to make room */
  constructor(packing: Packing<V>, expected = 0) {
    this.#packing = packing
    const each = Math.ceil((expected / SHARDS) * SPARE)
    this.#shards = Array.from({ length: SHARDS }, () => new PackedShard(each))
  }

  get size(): number {
    return this.#packed + this.#odd.size
  }

  get(key: string): V | undefined {
    const hash = hashOf(key)
    const shard = this.#shardOf(hash)
    const id = shard.find(key, hash)
    return id < 0 ? this.#odd.get(key) : this.#read(shard, id, key)
  }

  has(key: string): boolean {
    const hash = hashOf(key)
    return this.#shardOf(hash).find(key, hash) >= 0 || this.#odd.has(key)
  }

  set(key: string, value: V): void {
    const cursor = this.#writer
    cursor.at = 0
    if (!this.#packing.write(value, cursor)) {
      this.delete(key)
      this.#odd.set(key, value)
      return
    }
    const hash = hashOf(key)
    if (this.#odd.size > 0) this.#odd.delete(key)
    if (this.#shardOf(hash).set(key, hash, cursor)) this.#packed++
  }

  /** @returns whether there was one */
  delete(key: string): boolean {
    const hash = hashOf(key)
    if (!this.#shardOf(hash).delete(key, hash)) return this.#odd.delete(key)
    this.#packed--
    return true
  }

  *keys(): Generator<string, void> {
    for (const shard of this.#shards) for (const id of shard.ids()) yield shard.keyOf(id)
    yield* this.#odd.keys()
  }

  *values(): Generator<V, void> {
    for (const [, value] of this) yield value
  }

  *[Symbol.iterator](): Generator<[string, V], void> {
    for (const shard of this.#shards) {
      for (const id of shard.ids()) {
        const key = shard.keyOf(id)
        yield [key, this.#read(shard, id, key)]
      }
    }
    yield* this.#odd
  }

  /**
   * Keys whose values another map does not have in the same bytes. Both have to be written by the same packing.
   * `undefined` now and then, so that one who goes through them can give others their turn.
   */
  *unlike(other: PackedMap<unknown>): Generator<string | undefined, void> {
    let count = 0
    for (const [at, shard] of this.#shards.entries()) {
      const same = other.#shards[at] as PackedShard
      for (const id of shard.ids()) {
        if ((++count & MASK) === 0) yield undefined
        if (!shard.isIn(same, id)) yield shard.keyOf(id)
      }
    }
    yield* this.#odd.keys()
  }

  /** Keys that another map does not have. `undefined` now and then. */
  *missingIn(other: PackedMap<unknown>): Generator<string | undefined, void> {
    let count = 0
    for (const [at, shard] of this.#shards.entries()) {
      const same = other.#shards[at] as PackedShard
      for (const id of shard.ids()) {
        if ((++count & MASK) === 0) yield undefined
        if (shard.isKeyIn(same, id)) continue
        const key = shard.keyOf(id)
        if (!other.#odd.has(key)) yield key
      }
    }
    for (const key of this.#odd.keys()) if (!other.has(key)) yield key
  }

  #shardOf(hash: number): PackedShard {
    return this.#shards[hash & (SHARDS - 1)] as PackedShard
  }

  #read(shard: PackedShard, id: number, key: string): V {
    shard.place(id, this.#reader)
    return this.#packing.read(key, this.#reader)
  }
}

/** Offset and prime of FNV-1a, and the multipliers that spread its bits (MurmurHash3). */
const [FNV_OFFSET, FNV_PRIME, SPREAD_1, SPREAD_2] = [0x811c_9dc5, 0x0100_0193, 0x85eb_ca6b, 0xc2b2_ae35]

/** What was hashed last: a key is looked up in several maps, or twice in one. */
let lastKey: string | undefined
let lastHash = 0

function hashOf(key: string): number {
  if (key === lastKey) return lastHash
  let hash = FNV_OFFSET
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), SPREAD_1)
  hash = Math.imul(hash ^ (hash >>> 13), SPREAD_2)
  lastKey = key
  lastHash = hash ^ (hash >>> 16)
  return lastHash
}
