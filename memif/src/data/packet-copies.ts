import { Packet } from './packet.ts'
import type { CopySource, CopyTarget } from './source.ts'

const CACHE_LINE = 64

/** Bytes of a packet, in the mean of a burst, from which on they are copied in runs. */
const LONG = 1024

/**
 * The copied packets of a burst. They lie close together: spread over buffers of their own they would miss the cache at
 * every packet.
 */
export class PacketCopies {
  /** Packets copied, and their bytes, since `clear`. */
  count = 0
  bytes = 0
  readonly #headroom: number
  readonly #pool: Packet[] = []
  readonly #packets: Packet[] = []
  #storage = storageOf(0)
  /** Where the next packet's headroom begins. */
  #at = 0

  constructor(headroom: number) {
    this.#headroom = headroom
  }

  /** Begins a new burst; the packets of the one before become invalid. */
  clear(): void {
    this.count = 0
    this.bytes = 0
    this.#at = 0
  }

  /** The packets of the burst. */
  finish(): readonly Packet[] {
    if (this.#packets.length !== this.count) this.#packets.length = this.count
    return this.#packets
  }

  /**
   * Adds `count` packets of one buffer each, which lie inside `source`: `found` has offset, length and metadata of each,
   * `bytes` is their sum, `slot` the slot of the first.
   */
  add(
    source: CopySource,
    found: Uint32Array,
    count: number,
    bytes: number,
    slot: number,
    mask: number,
  ): void {
    this.bytes += bytes
    if (bytes >= LONG * count) this.#addRuns(source, found, count)
    else {
      this.#reserve(bytes + count * (this.#headroom + CACHE_LINE))
      this.#addEach(source, found, count, slot, mask)
    }
  }

  #addEach(source: CopySource, found: Uint32Array, count: number, slot: number, mask: number): void {
    const headroom = this.#headroom
    source.touch(found, count)
    const storage = this.#storage
    let at = this.#at
    for (let n = 0; n < count; n++) {
      const length = found[3 * n + 1]!
      this.#next().assign(storage.bytes, at + headroom, length, found[3 * n + 2]!, headroom)
      source.copy((slot + n) & mask, found[3 * n]!, length, storage, at + headroom)
      at += stride(headroom + length)
    }
    this.#at = at
  }

  /**
   * Long packets in buffers side by side are copied at once, with what lies between them: the processor fetches one
   * long stretch sooner than many pieces of it, for each of which it waits.
   */
  #addRuns(source: CopySource, found: Uint32Array, count: number): void {
    const headroom = this.#headroom
    for (let n = 0; n < count;) {
      const first = found[3 * n]!
      const gap = n + 1 < count ? found[3 * n + 3]! - first : 0
      const end = runEnd(found, n, count, gap, headroom)
      const bytes = found[3 * end - 3]! + found[3 * end - 2]! - first
      this.#reserve(stride(headroom + bytes))
      const storage = this.#storage.bytes
      let at = this.#at + headroom
      storage.set(source.region.subarray(first, first + bytes), at)
      this.#at += stride(headroom + bytes)
      for (; n < end; n++) {
        this.#next().assign(storage, at, found[3 * n + 1]!, found[3 * n + 2]!, headroom)
        at += gap
      }
    }
  }

  /** Adds a packet of several buffers, joined. */
  addChain(chain: Packet): void {
    const length = chain.totalLength
    this.#reserve(stride(this.#headroom + length))
    const at = this.#at + this.#headroom
    this.#next().assign(this.#storage.bytes, at, length, chain.metadata, this.#headroom)
    chain.copyTo(this.#storage.bytes, at)
    this.#at += stride(this.#headroom + length)
    this.bytes += length
  }

  /** The object for the next packet. */
  #next(): Packet {
    const n = this.count++
    return (this.#packets[n] = this.#pool[n] ??= new Packet())
  }

  /** What is copied so far stays where it is; from the next burst on all of it fits into the new storage. */
  #reserve(bytes: number): void {
    const { length } = this.#storage.bytes
    if (this.#at + bytes <= length) return
    this.#storage = storageOf(length + this.#at + bytes)
    this.#at = 0
  }
}

/** Rounded up, so that bursts of mixed sizes settle instead of growing their storage again and again. */
function storageOf(bytes: number): CopyTarget {
  const buffer = new ArrayBuffer(Math.max(16 * 1024, 2 ** Math.ceil(Math.log2(bytes + CACHE_LINE))))
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) }
}

/** Bytes from one packet to the next, so that each begins with a cache line. */
function stride(bytes: number): number {
  return (bytes + CACHE_LINE - 1) & -CACHE_LINE
}

/**
 * The end of the run of packets from `start` on that begin `gap` bytes after each other: each fills at least half of
 * its part, and leaves room for the headroom of the next.
 */
function runEnd(found: Uint32Array, start: number, count: number, gap: number, headroom: number): number {
  let end = start
  let expected = found[3 * start]!
  while (end < count && found[3 * end] === expected) {
    const length = found[3 * end + 1]!
    if (length + headroom > gap || 2 * length < gap) break
    expected += gap
    end++
  }
  return Math.max(end, start + 1)
}
