const NOTHING: Uint8Array = new Uint8Array(0)

/**
 * A packet, or one buffer of it, where it lies: `length` bytes at `offset` of `bytes`. Objects of this class are reused
 * by the queue that gave them; how long one is valid is said where it is given.
 */
export class Packet {
  /** The memory the packet lies in: a buffer of the queue, or a whole shared region in the zero-copy forms. */
  bytes: Uint8Array = NOTHING
  /** Where the packet begins in `bytes`. */
  offset = 0
  /** Bytes of this part of the packet. */
  length = 0
  /** Bytes free in front of the packet, for `prepend`. */
  headroom = 0
  /** The descriptor's metadata word; 0 with every known peer. */
  metadata = 0
  /** The rest of a packet that spans several buffers; only in the zero-copy forms. */
  next: Packet | undefined = undefined

  #view = NOTHING
  #viewOf = NOTHING
  #viewOffset = 0

  /** Points the object at another packet. */
  assign(bytes: Uint8Array, offset: number, length: number, metadata: number, headroom: number): void {
    this.bytes = bytes
    this.offset = offset
    this.length = length
    this.metadata = metadata
    this.headroom = headroom
    this.next = undefined
  }

  /** The bytes of this part, as a view. Kept while place and length stay the same, so equal-sized traffic makes none. */
  get data(): Uint8Array {
    if (
      this.#view.length !== this.length ||
      this.#viewOffset !== this.offset ||
      this.#viewOf !== this.bytes
    ) {
      this.#view = this.bytes.subarray(this.offset, this.offset + this.length)
      this.#viewOf = this.bytes
      this.#viewOffset = this.offset
    }
    return this.#view
  }

  /** Bytes of the whole packet, all buffers of a chain counted. */
  get totalLength(): number {
    let total = this.length
    for (let part = this.next; part !== undefined; part = part.next) total += part.length
    return total
  }

  /** Writes the whole packet to `target` at `offset`; the caller has checked that `totalLength` bytes fit. */
  copyTo(target: Uint8Array, offset: number): void {
    target.set(this.data, offset)
    let at = offset + this.length
    for (let part = this.next; part !== undefined; part = part.next) {
      target.set(part.data, at)
      at += part.length
    }
  }

  /** the whole packet in separate memory, to keep. */
  copy(): Uint8Array {
    if (this.next === undefined) return this.data.slice()
    const bytes = new Uint8Array(this.totalLength)
    this.copyTo(bytes, 0)
    return bytes
  }

  /**
   * Grows the packet by `count` bytes at its front, into its headroom, and gives the new `data`.
   *
   * @throws RangeError when the headroom has fewer bytes
   */
  prepend(count: number): Uint8Array {
    if (!(count >= 0 && count <= this.headroom)) {
      throw new RangeError(
        `cannot prepend ${count} bytes to a headroom of ${this.headroom}: see the option headroom`,
      )
    }
    this.headroom -= count
    this.offset -= count
    this.length += count
    return this.data
  }
}
