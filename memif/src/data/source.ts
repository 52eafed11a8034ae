const CACHE_LINE = 64

/** Copied in one step of the loop over words. */
const STEP = 32

/** Up to here a loop over words is quicker than `set`, which costs 12 ns before it copies, and needs no view. */
const SHORT = 64

/** Keeps what was read: what is read for nothing may be left out by the compiler. */
const kept = new Uint8Array(1)

/**
 * A shared region that packets are copied out of. `set` wants a view of what it copies, and a new one costs more than
 * the copy: one is kept for each slot. It ends at a full cache line, so that it also serves packets of nearly the same
 * length; the bytes behind a packet's end that are copied with it are never looked at.
 */
export class CopySource {
  readonly region: Uint8Array
  readonly #words: Int32Array
  readonly #views: Uint8Array[] = []
  /** Where the view of each slot begins. */
  readonly #offsets: Uint32Array

  constructor(region: Uint8Array, slots: number) {
    this.region = region
    this.#words = new Int32Array(region.buffer, region.byteOffset, region.length >>> 2)
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

  /**
   * Copies `length` bytes at `offset`, which lie inside the region, to `at` of `target`. What follows
   * there up to the next full cache line may be overwritten.
   */
  copy(slot: number, offset: number, length: number, target: CopyTarget, at: number): void {
    if (length <= SHORT && ((offset | at) & 3) === 0 && offset + SHORT <= this.region.length) {
      this.#copyWords(offset >>> 2, (length + STEP - 1) & -STEP, target.words, at >>> 2)
    } else target.bytes.set(this.#view(slot, offset, length), at)
  }

  #copyWords(from: number, bytes: number, target: Int32Array, at: number): void {
    const words = this.#words
    let to = at
    const end = from + (bytes >>> 2)
    for (let n = from; n < end; n += 8, to += 8) {
      target[to] = words[n]!
      target[to + 1] = words[n + 1]!
      target[to + 2] = words[n + 2]!
      target[to + 3] = words[n + 3]!
      target[to + 4] = words[n + 4]!
      target[to + 5] = words[n + 5]!
      target[to + 6] = words[n + 6]!
      target[to + 7] = words[n + 7]!
    }
  }

  #view(slot: number, offset: number, length: number): Uint8Array {
    const kept = this.#views[slot]
    const bytes = Math.min((length + CACHE_LINE - 1) & -CACHE_LINE, this.region.length - offset)
    if (kept !== undefined && kept.length === bytes && this.#offsets[slot] === offset) return kept
    this.#offsets[slot] = offset
    return (this.#views[slot] = this.region.subarray(offset, offset + bytes))
  }
}

/** Memory that packets are copied to. */
export interface CopyTarget {
  readonly bytes: Uint8Array
  /** The same memory. */
  readonly words: Int32Array
}
