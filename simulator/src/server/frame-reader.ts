/** Bytes in front of every message: a pointer, the length, a time stamp. Only the length (big-endian) counts. */
export const FRAME_HEADER = 16
const LENGTH_OFFSET = 8

const EMPTY: Buffer = Buffer.alloc(0)

/**
 * Cuts a stream of bytes into messages. A message that came in one piece is not copied; one that came in many is put
 * together once, when it is complete.
 */
export class FrameReader {
  /** Holds the message that `next` found, in `[start, end)`; valid until the next call. */
  bytes: Buffer = EMPTY
  start = 0
  end = 0

  readonly #longest: number
  /** Bytes that were not looked at yet: `#buffer` from `#offset` on, then `#later`. */
  #buffer: Buffer = EMPTY
  /** Length of the frame that was refused. */
  announced = 0
  #offset = 0
  #later: Buffer[] = []
  #available = 0

  /** @param longest announced length above which the stream is given up */
  constructor(longest: number) {
    this.#longest = longest
  }

  push(chunk: Buffer): void {
    if (this.#available === 0) {
      this.#buffer = chunk
      this.#offset = 0
    } else {
      this.#later.push(chunk)
    }
    this.#available += chunk.length
  }

  /** Finds the next message. `refused` when its length is above the limit: nothing behind it can be read. */
  next(): 'message' | 'incomplete' | 'refused' {
    if (this.#available < FRAME_HEADER) return 'incomplete'
    if (!this.#holds(FRAME_HEADER)) this.#join()
    const length = this.#buffer.readUInt32BE(this.#offset + LENGTH_OFFSET)
    if (length > this.#longest) {
      this.announced = length
      return 'refused'
    }
    const size = FRAME_HEADER + length
    if (this.#available < size) return 'incomplete'
    if (!this.#holds(size)) this.#join()
    this.bytes = this.#buffer
    this.start = this.#offset + FRAME_HEADER
    this.end = this.#offset + size
    this.#offset += size
    this.#available -= size
    return 'message'
  }

  #holds(size: number): boolean {
    return this.#buffer.length - this.#offset >= size
  }

  #join(): void {
    this.#buffer = Buffer.concat([this.#buffer.subarray(this.#offset), ...this.#later])
    this.#offset = 0
    this.#later = []
  }
}
