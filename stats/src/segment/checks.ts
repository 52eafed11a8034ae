/** Words of the segment that must have certain values for something read earlier to hold still. */
export class WordChecks {
  #indexes = new Uint32Array(256)
  #values = new Uint32Array(256)
  #length = 0

  /** Demands that the word at index `word` is `value`. */
  add(word: number, value: number): void {
    if (this.#length === this.#indexes.length) {
      this.#indexes = grown(this.#indexes)
      this.#values = grown(this.#values)
    }
    this.#indexes[this.#length] = word
    this.#values[this.#length++] = value
  }

  /** True while all of them have. */
  hold(words: Uint32Array): boolean {
    const indexes = this.#indexes
    const values = this.#values
    const length = this.#length
    for (let i = 0; i < length; i++) {
      if (words[indexes[i] ?? 0] !== values[i]) return false
    }
    return true
  }
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
