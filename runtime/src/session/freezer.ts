import { ByteWriter } from '../codec/writer.ts'
import type { Pending } from './pending.ts'

/** Memory for one request with its frame, where it is made while another is. */
const ONE_REQUEST = 256

/** Memory that requests share, and what of it may be used before there is another: little has to be copied to grow. */
const SHARED = 16 * 1024
const FULL = 12 * 1024

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
    try {
      pending.freeze(this.#writer)
    } finally {
      this.#busy = false
      if (this.#writer.length > FULL) this.#writer = new ByteWriter(SHARED)
    }
  }
}
