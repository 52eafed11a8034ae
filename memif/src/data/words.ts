/**
 * Memory as words of 8 bytes, the same one time after the other as a rule. They are BigInts to JavaScript, but not to its
 * compiler, which moves them from one array to another as they are.
 */
export class Words {
  #bytes: Uint8Array | undefined
  #words: BigInt64Array | undefined

  /** The words of `bytes`; undefined when it does not begin with one. */
  of(bytes: Uint8Array): BigInt64Array | undefined {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes
      this.#words = wordsOf(bytes)
    }
    return this.#words
  }
}

/** The whole words of `bytes`; undefined when it does not begin with one. */
function wordsOf({ buffer, byteOffset, length }: Uint8Array): BigInt64Array | undefined {
  return byteOffset % 8 === 0 ? new BigInt64Array(buffer, byteOffset, length >>> 3) : undefined
}
