import { DESCRIPTOR_WORDS, type Ring } from '../shm/ring.ts'
import { wordsOf } from './words.ts'

const CACHE_LINE = 64

/** Keeps what was read: what is read for nothing may be left out by the compiler. */
const kept = new Uint8Array(1)

/**
 * A shared region that packets are copied out of. `set` wants a view of what it copies, and a new one costs more than
 * the copy: one is kept for each slot. It ends at a full cache line, so that it also serves packets of nearly the same
 * length; the bytes behind a packet's end that are copied with it are never looked at.
 */
export class CopySource {
  readonly region: Uint8Array
  /** The same memory, as `wordsOf` gives it. */
  readonly words: BigInt64Array | undefined
  readonly #views: Uint8Array[] = []
  /** Where the view of each slot begins. */
  readonly #offsets: Uint32Array

  constructor(region: Uint8Array, slots: number) {
    this.region = region
    this.words = wordsOf(region)
    this.#offsets = new Uint32Array(slots)
  }

  /**
   * Reads a byte of `count` packets, whose offsets are every third number of `found`, so that the processor fetches many
   * of them at once from where the peer wrote them: copies, one call each, would wait for one after the other.
   */
  touch(found: Uint32Array, count: number): void {
    const { region } = this
    let read = 0
    for (let n = 0; n < count; n++) read ^= region[found[3 * n]!]!
    kept[0] = read
  }

  /** What `touch` does, for the packets in `count` slots of `ring` from `next` on; what their descriptors say is not checked. */
  touchSlots({ descriptors, mask }: Ring, next: number, count: number): void {
    const { region } = this
    const end = region.length
    let read = 0
    for (let n = 0; n < count; n++) {
      const offset = descriptors[((next + n) & mask) * DESCRIPTOR_WORDS + 2]!
      if (offset < end) read ^= region[offset]!
    }
    kept[0] = read
  }

  /** The packet in `slot`, with what follows up to the next full cache line. */
  view(slot: number, offset: number, length: number): Uint8Array {
    const kept = this.#views[slot]
    const bytes = Math.min((length + CACHE_LINE - 1) & -CACHE_LINE, this.region.length - offset)
    if (kept !== undefined && kept.length === bytes && this.#offsets[slot] === offset) return kept
    this.#offsets[slot] = offset
    return (this.#views[slot] = this.region.subarray(offset, offset + bytes))
  }
}
