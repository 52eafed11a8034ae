import { DESCRIPTOR_NEXT, DESCRIPTOR_WORDS, type Ring } from '../shm/ring.ts'
import { Packet } from './packet.ts'
import type { CopySource } from './source.ts'
import { copyWords, SHORT } from './words.ts'

const CACHE_LINE = 64

/** Short packets whose memory is fetched together: few enough that they are still in the nearest cache when copied. */
const GROUP = 32

/** Bytes of a packet, in the mean of a burst, from which on they are copied in runs. */
const LONG = 1024

/** Memory that packets are copied to. */
interface Storage {
  readonly bytes: Uint8Array
  /** The same memory. */
  readonly words: BigInt64Array
}

/**
 * The copied packets of a burst. They lie close together: spread over their own buffers they would miss the cache at
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
  /** Where the packet before ends, on a cache line. */
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
   * Copies the packets from slot `next` of `ring` on that are short, of one buffer each, and lie in `source`, region
   * `index`: at most `limit`. Gives their number, up to the first that is otherwise.
   */
  addShort(
    source: CopySource,
    ring: Ring,
    next: number,
    limit: number,
    index: number,
    longest: number,
  ): number {
    const most = Math.min(SHORT, longest)
    const { words } = source
    if (words === undefined || ring.descriptors[(next & ring.mask) * DESCRIPTOR_WORDS + 1]! > most) return 0
    this.#reserve(limit * lines(this.#headroom + SHORT))
    this.#prepare(limit)
    let taken = 0
    for (let copied = GROUP; copied === GROUP && taken < limit; taken += copied) {
      const count = Math.min(GROUP, limit - taken)
      source.touchSlots(ring, next + taken, count)
      copied = this.#copyShort(words, ring, next + taken, count, index, most)
    }
    return taken
  }

  /** One loop, since what is done for each packet is less than what a second look at it costs. */
  #copyShort(
    words: BigInt64Array,
    ring: Ring,
    next: number,
    limit: number,
    index: number,
    most: number,
  ): number {
    const { descriptors, mask } = ring
    const last = 8 * words.length - SHORT
    const { bytes, words: target } = this.#storage
    const pool = this.#pool
    const packets = this.#packets
    const headroom = this.#headroom
    const step = lines(headroom + SHORT)
    const first = this.count
    let at = this.#at + lines(headroom)
    let copied = 0
    let taken = 0
    for (; taken < limit; taken++) {
      const descriptor = ((next + taken) & mask) * DESCRIPTOR_WORDS
      const word = descriptors[descriptor]!
      const length = descriptors[descriptor + 1]!
      const offset = descriptors[descriptor + 2]!
      if ((word & DESCRIPTOR_NEXT) !== 0 || word >>> 16 !== index) break
      if (length === 0 || length > most || offset > last || (offset & 7) !== 0) break
      const packet = pool[first + taken]!
      packet.assign(bytes, at, length, descriptors[descriptor + 3]!, headroom)
      packets[first + taken] = packet
      copyWords(words, offset >>> 3, target, at >>> 3, SHORT / 8)
      at += step
      copied += length
    }
    this.#at += taken * step
    this.count = first + taken
    this.bytes += copied
    return taken
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
    this.#prepare(count)
    if (bytes >= LONG * count) this.#addRuns(source, found, count)
    else this.#addEach(source, found, count, bytes, slot, mask)
  }

  /** Adds a packet of several buffers, joined. */
  addChain(chain: Packet): void {
    const length = chain.totalLength
    this.#reserve(lines(this.#headroom) + lines(length))
    this.#prepare(1)
    const at = this.#at + lines(this.#headroom)
    this.#point(at, length, chain.metadata)
    chain.copyTo(this.#storage.bytes, at)
    this.#at = at + lines(length)
    this.bytes += length
  }

  #addEach(
    source: CopySource,
    found: Uint32Array,
    count: number,
    bytes: number,
    slot: number,
    mask: number,
  ): void {
    const before = lines(this.#headroom)
    this.#reserve(bytes + count * (before + CACHE_LINE))
    source.touch(found, count)
    const storage = this.#storage.bytes
    let at = this.#at
    for (let n = 0; n < count; n++) {
      const length = found[3 * n + 1]!
      at += before
      this.#point(at, length, found[3 * n + 2]!)
      storage.set(source.view((slot + n) & mask, found[3 * n]!, length), at)
      at += lines(length)
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
      this.#reserve(lines(headroom) + lines(bytes))
      let at = this.#at + lines(headroom)
      this.#storage.bytes.set(source.region.subarray(first, first + bytes), at)
      this.#at = at + lines(bytes)
      for (; n < end; n++, at += gap) this.#point(at, found[3 * n + 1]!, found[3 * n + 2]!)
    }
  }

  /** Points the object of the next packet at its copy. */
  #point(at: number, length: number, metadata: number): void {
    const n = this.count++
    const packet = this.#pool[n]!
    packet.assign(this.#storage.bytes, at, length, metadata, this.#headroom)
    this.#packets[n] = packet
  }

  /** Makes the objects of the next `count` packets, where there are none yet. */
  #prepare(count: number): void {
    for (let n = this.#pool.length; n < this.count + count; n++) this.#pool.push(new Packet())
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
function storageOf(bytes: number): Storage {
  const buffer = new ArrayBuffer(Math.max(16 * 1024, 2 ** Math.ceil(Math.log2(bytes + CACHE_LINE))))
  return { bytes: new Uint8Array(buffer), words: new BigInt64Array(buffer) }
}

/** Rounded up to whole cache lines. */
function lines(bytes: number): number {
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
