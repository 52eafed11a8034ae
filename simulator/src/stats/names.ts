import type { SegmentHeap } from './heap.ts'
import type { EntryMemory } from './memory.ts'

/** Bytes that a name gets at least, so that most others fit into its place. */
const SMALLEST = 32

/** Where a name is, and how long another one there may be. */
interface Place {
  readonly offset: number
  readonly capacity: number
}

/**
 * A list of names; a slot without one is null in the segment. As VPP does, a new name is written over the one before,
 * at the same address; only one that does not fit gets another place.
 */
export class NameVector {
  readonly index: number
  readonly #segment: EntryMemory
  readonly #places = new Map<number, Place>()
  #outer = 0
  #length = 0
  #capacity = 0

  constructor(segment: EntryMemory, index: number) {
    this.#segment = segment
    this.index = index
  }

  /** Sets or (with undefined) empties one slot, as one change of structure. */
  set(slot: number, name: string | undefined): void {
    this.#segment.change(() => {
      const { heap } = this.#segment
      if (slot >= this.#length) this.#grow(slot + 1)
      if (name === undefined) {
        this.#places.delete(slot)
        heap.quads[this.#outer / 8 + slot] = 0n
        return
      }
      const bytes = Buffer.from(`${name}\0`)
      const place = this.#placeFor(heap, slot, bytes.length)
      heap.bytes.set(bytes, place.offset)
      heap.setVectorLength(place.offset, bytes.length)
      heap.quads[this.#outer / 8 + slot] = this.#segment.pointer(place.offset)
    })
  }

  #placeFor(heap: SegmentHeap, slot: number, length: number): Place {
    const known = this.#places.get(slot)
    if (known !== undefined && length <= known.capacity) return known
    const capacity = Math.max(SMALLEST, Math.ceil(length * 1.5))
    const place = { offset: heap.vector(capacity, 1), capacity }
    this.#places.set(slot, place)
    return place
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
    heap.setVectorLength(this.#outer, length)
    this.#segment.setValue(this.index, this.#segment.pointer(this.#outer))
  }
}
