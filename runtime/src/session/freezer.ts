import { ByteWriter } from '../codec/writer.ts'
import type { Pending } from './pending.ts'

/** Memory for one request with its frame, where it is made while another is. */
const ONE_REQUEST = 256

/** Memory that requests share. */
const SHARED = 16 * 1024

/** Encodes the requests of calls that have to wait, into memory that they share. */
export class Freezer {
  #writer = new ByteWriter(SHARED)
  #busy = false

  /**
   * @throws VppEncodeError
   */
  freeze(pending: Pending): void {
    // A getter of a request may make another call.
    if (this.#busy) {
      pending.freeze(new ByteWriter(ONE_REQUEST))
      return
    }
    this.#busy = true
    const before = this.#writer.length
    try {
      pending.freeze(this.#writer)
    } finally {
      this.#busy = false
      // The next request is mostly as long as this one: where it finds no room, all that lies here is copied.
      const { length } = this.#writer
      if (2 * length - before > SHARED) this.#writer = new ByteWriter(SHARED)
    }
  }
}
