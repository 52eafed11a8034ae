import { SimulatorError } from '../errors.ts'
/** What stands in front of every vector: the length, and what VPP's allocator notes there. */
const VECTOR_HEADER = 8
const PAGE = 4096
/** VPP's note of a vector on the default heap, aligned to 2^6 bytes. */
const ALIGN_64_DEFAULT_HEAP = 0x86

/**
 * Hands out memory of a segment from front to back. As in a real segment nothing ever moves, and what is freed
 * stays readable: it is not used again.
 */
export class SegmentHeap {
  readonly words: Uint32Array
  readonly quads: BigUint64Array
  readonly bytes: Uint8Array
  #next = PAGE

  constructor(buffer: ArrayBuffer) {
    this.words = new Uint32Array(buffer)
    this.quads = new BigUint64Array(buffer)
    this.bytes = new Uint8Array(buffer)
  }

  /** Bytes in use, the header's page included. */
  get used(): number {
    return this.#next
  }

  /** `size` zero bytes at a multiple of 64. Returns their offset. */
  allocate(size: number): number {
    const at = this.#next
    const next = at + Math.ceil(size / 64) * 64
    if (next > this.bytes.length) {
      throw new SimulatorError(
        'SIMULATOR_STATE',
        `the stats segment is full: ${this.bytes.length} bytes, ${size} more wanted; publish with a larger size`,
      )
    }
    this.#next = next
    return at
  }

  /** A vector of `length` elements of `elementSize` bytes, its data at a multiple of 64. Returns their offset. */
  vector(length: number, elementSize: number): number {
    const data = this.allocate(64 + length * elementSize) + 64
    this.words[(data - VECTOR_HEADER) / 4] = length
    // Header size in units of 8 bytes, alignment and heap; the two bytes behind are zero.
    this.words[(data - VECTOR_HEADER) / 4 + 1] = (64 / 8) | (ALIGN_64_DEFAULT_HEAP << 8)
    return data
  }

  /** Length of the vector at `offset`. */
  vectorLength(offset: number): number {
    return this.words[(offset - VECTOR_HEADER) / 4] ?? 0
  }

  /** Shortens or lengthens a vector within the room that it was made with. */
  setVectorLength(offset: number, length: number): void {
    this.words[(offset - VECTOR_HEADER) / 4] = length
  }
}
