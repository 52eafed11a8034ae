import type { StatsSegment } from './segment.ts'

/** A list of names; a slot without one is null in the segment. */
export class NameVector {
  readonly index: number
  readonly #segment: StatsSegment
  #outer = 0
  #length = 0
  #capacity = 0

  constructor(segment: StatsSegment, index: number) {
    this.#segment = segment
    this.index = index
  }

  /** Sets or (with undefined) empties one slot, as one change of structure. */
  set(slot: number, name: string | undefined): void {
    this.#segment.change(() => {
      const { heap } = this.#segment
      if (slot >= this.#length) this.#grow(slot + 1)
      heap.quads[this.#outer / 8 + slot] = name === undefined ? 0n : this.#segment.pointer(heap.string(name))
    })
  }

  /** Lengthens the list; the vector has room for twice as much, so that growing one by one stays cheap. */
  #grow(length: number): void {
    const { heap } = this.#segment
    if (length > this.#capacity) {
      this.#capacity = Math.max(16, length * 2)
      const outer = heap.vector(this.#capacity, 8)
      heap.quads.copyWithin(outer / 8, this.#outer / 8, this.#outer / 8 + this.#length)
      this.#outer = outer
    }
    this.#length = length
    heap.words[this.#outer / 4 - 2] = length
    this.#segment.setValue(this.index, this.#segment.pointer(this.#outer))
  }
}
