import { makeView } from './view.ts'

const DEFAULT_CAPACITY = 16 * 1024

/** `Buffer` has its own slower one, which also takes text. */
const ZERO_FILL = Uint8Array.prototype.fill

/**
 * A growing buffer that messages are appended to. Bytes behind `length` are always zero: padding, empty strings
 * and zero fields need not be written, which is most of many messages.
 */
export class ByteWriter {
  /** Memory of the writer; `[0, length)` is content. Replaced when the writer grows. */
  bytes: Buffer
  /** The same memory: a number that goes through it is one store. */
  view: DataView
  /** Number of bytes of content. */
  length = 0

  readonly #capacity: number

  /** @param capacity bytes to begin with, and after each `take` that leaves too little */
  constructor(capacity: number = DEFAULT_CAPACITY) {
    this.#capacity = Math.max(64, capacity)
    this.bytes = Buffer.alloc(this.#capacity)
    this.view = makeView(this.bytes)
  }

  /** Appends `size` zero bytes and gives back their offset. Offsets stay valid until `take` or `clear`. */
  reserve(size: number): number {
    const offset = this.length
    const end = offset + size
    if (end > this.bytes.length) this.#grow(end)
    this.length = end
    return offset
  }

  /** Gives up what lies behind `length`, as when a message turned out to be invalid half-way. */
  truncate(length: number): void {
    if (length >= this.length) return
    ZERO_FILL.call(this.bytes, 0, length, this.length)
    this.length = length
  }

  /** Hands over the content without copying it; the writer continues with new memory. */
  take(): Buffer {
    const content = this.bytes.subarray(0, this.length)
    const rest = this.bytes.subarray(this.length)
    this.bytes = rest.length < this.#capacity / 4 ? Buffer.alloc(this.#capacity) : rest
    this.view = makeView(this.bytes)
    this.length = 0
    return content
  }

  /** Forgets the content and keeps the memory. */
  clear(): void {
    this.truncate(0)
  }

  #grow(needed: number): void {
    const grown = Buffer.alloc(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
    this.view = makeView(grown)
  }
}
