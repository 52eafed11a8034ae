/** The last values of two series, oldest first. A ring, so that a value more costs no copy. */
export class History {
  readonly #rx: Float64Array
  readonly #tx: Float64Array
  #next = 0
  #length = 0

  /** @param capacity values kept of each */
  constructor(capacity: number) {
    this.#rx = new Float64Array(capacity)
    this.#tx = new Float64Array(capacity)
  }

  /** Values there are of each. */
  get length(): number {
    return this.#length
  }

  push(rx: number, tx: number): void {
    this.#rx[this.#next] = rx
    this.#tx[this.#next] = tx
    this.#next = (this.#next + 1) % this.#rx.length
    this.#length = Math.min(this.#length + 1, this.#rx.length)
  }

  rx(): number[] {
    return this.#inOrder(this.#rx)
  }

  tx(): number[] {
    return this.#inOrder(this.#tx)
  }

  #inOrder(ring: Float64Array): number[] {
    const first = this.#next - this.#length + ring.length
    return Array.from({ length: this.#length }, (_, index) => ring[(first + index) % ring.length] ?? 0)
  }
}
