import { invalidSegment, StatsError } from '../errors.ts'
import { HEADER_SIZE, HeaderQuad, SEGMENT_LIMIT, STRING_LIMIT, VERSION, type Layout } from './layout.ts'

const HIGH = 2 ** 32

/**
 * Checked access to the memory of a segment. Everything in it is hostile, and may change between two reads:
 * a length is read once, checked, and only the checked copy is used.
 */
export class SegmentMemory {
  /** Usable bytes: the buffer's, rounded down to a multiple of 8. */
  readonly size: number
  readonly bytes: Buffer
  readonly words: Uint32Array
  /** Loads from here are single 8-byte loads; `DataView` and `Buffer` may tear a counter in two. */
  readonly quads: BigUint64Array
  readonly #fenceWord = new Int32Array(1)

  constructor(buffer: ArrayBuffer) {
    this.size = buffer.byteLength - (buffer.byteLength % 8)
    if (this.size < HEADER_SIZE || this.size > SEGMENT_LIMIT) {
      throw invalidSegment(`a segment has ${HEADER_SIZE} to ${SEGMENT_LIMIT} bytes, not ${buffer.byteLength}`)
    }
    this.bytes = Buffer.from(buffer, 0, this.size)
    this.words = new Uint32Array(buffer, 0, this.size / 4)
    this.quads = new BigUint64Array(buffer, 0, this.size / 8)
  }

  /** Which layout the segment has; throws for versions this reader does not know. */
  layout(): Layout {
    const version = this.quads[HeaderQuad.VERSION]
    if (version !== BigInt(VERSION)) throw unsupported(version)
    // The word behind today's header is zero; up to VPP 22.02 it pointed to the error counters.
    const errors = this.#rebase(HeaderQuad.ERRORS * 8)
    return errors > 0 && errors < this.size ? 'old' : 'current'
  }

  /** Keeps loads before it from being done after it, on processors that reorder loads. */
  fence(): void {
    Atomics.store(this.#fenceWord, 0, 0)
  }

  /** Low half of the epoch, then its high half: compared, never computed with. */
  epochWord(half: 0 | 1): number {
    return Atomics.load(this.words, HeaderQuad.EPOCH * 2 + half)
  }

  /** The epoch: grows by one with each change of the segment's structure. */
  get epoch(): bigint {
    return Atomics.load(this.quads, HeaderQuad.EPOCH)
  }

  /** True while VPP changes the segment's structure. */
  get inProgress(): boolean {
    const at = HeaderQuad.IN_PROGRESS * 2
    return (Atomics.load(this.words, at) | Atomics.load(this.words, at + 1)) !== 0
  }

  /** The pointer stored at byte `at`, as an offset into the segment; 0 when it is null. Throws when outside. */
  pointer(at: number, what: string): number {
    const offset = this.#rebase(at)
    if (offset === 0) return 0
    if (!(offset >= 8 && offset < this.size) || offset % 8 !== 0) {
      throw invalidSegment(`${what} points to offset ${offset} of ${this.size} bytes`)
    }
    return offset
  }

  /** The length of the vector whose first element is at `offset`, after a check that all of it is inside. */
  vectorLength(offset: number, elementSize: number, what: string): number {
    const length = this.words[(offset - 8) / 4] ?? 0
    if (length > (this.size - offset) / elementSize) {
      throw invalidSegment(
        `${what} has ${length} elements of ${elementSize} bytes at ${offset} of ${this.size}`,
      )
    }
    return length
  }

  /** A C string of at most `length` bytes; a missing NUL ends it there. UTF-8 where it is valid. */
  string(offset: number, length: number): string {
    return decodeString(this.bytes, offset, Math.min(length, STRING_LIMIT)).text
  }

  /** Distance of the pointer at byte `at` from the segment's base; exact when it is within the segment. */
  #rebase(at: number): number {
    const { words } = this
    const low = words[at / 4] ?? 0
    const high = words[at / 4 + 1] ?? 0
    if (low === 0 && high === 0) return 0
    const baseLow = words[HeaderQuad.BASE * 2] ?? 0
    const baseHigh = words[HeaderQuad.BASE * 2 + 1] ?? 0
    const distance = (high - baseHigh) * HIGH + (low - baseLow)
    // A pointer to the header is not data, yet not null: let the caller's range check refuse it.
    return distance === 0 ? -1 : distance
  }
}

/** The C string at `offset`, of at most `limit` bytes; `ended` tells whether there was a NUL. */
export function decodeString(bytes: Buffer, offset: number, limit: number): { text: string; ended: boolean } {
  let end = offset
  let seen = 0
  let byte = 0
  for (; end < offset + limit; end++) {
    byte = bytes[end] ?? 0
    if (byte === 0) break
    seen |= byte
  }
  const text = bytes.toString(seen < 0x80 ? 'latin1' : 'utf8', offset, end)
  return { text, ended: end < offset + limit }
}

function unsupported(version: bigint | undefined): StatsError {
  const which = version === 1n ? '1 (VPP 19.08 to 20.05)' : String(version)
  return new StatsError(
    'STATS_VERSION_UNSUPPORTED',
    `stats segment version ${which} is not supported: this reader knows version 2, VPP 20.09 and newer`,
  )
}
