import { SimulatorError } from '../errors.ts'
import type { EntryMemory } from './memory.ts'

/** Rows of `words` words an element, one per thread, all of one width. */
class CounterVector {
  readonly index: number
  readonly rows: number
  readonly #segment: EntryMemory
  readonly #words: number
  readonly #starts: number[]
  #width = 0
  #capacity = 0

  constructor(segment: EntryMemory, index: number, rows: number, words: number) {
    this.#segment = segment
    this.index = index
    this.rows = rows
    this.#words = words
    this.#starts = Array.from<number>({ length: rows }).fill(0)
  }

  /** Number of columns. */
  get width(): number {
    return this.#width
  }

  /** Makes room for `width` columns in every row, as one change of structure; never shrinks. */
  widen(width: number): void {
    if (width <= this.#width) return
    this.#segment.change(() => {
      if (width > this.#capacity) this.#move(Math.max(8, width * 2))
      for (const start of this.#starts) this.#segment.heap.words[start * 2 - 2] = width
      this.#width = width
    })
  }

  /** Sets a column to zero in every row. */
  clear(column: number): void {
    for (let row = 0; row < this.rows; row++) {
      const at = this.place(row, column)
      this.quads.fill(0n, at, at + this.#words)
    }
  }

  /** Puts the rows where they have room to grow. */
  #move(capacity: number): void {
    const { heap } = this.#segment
    const outer = heap.vector(this.rows, 8)
    for (let row = 0; row < this.rows; row++) {
      const inner = heap.vector(capacity, 8 * this.#words)
      const from = this.#starts[row] ?? 0
      heap.quads.copyWithin(inner / 8, from, from + this.#width * this.#words)
      this.#starts[row] = inner / 8
      heap.quads[outer / 8 + row] = this.#segment.pointer(inner)
    }
    this.#segment.setValue(this.index, this.#segment.pointer(outer))
    this.#capacity = capacity
  }

  /** Place of an element among the segment's words. */
  protected place(row: number, column: number): number {
    const start = this.#starts[row]
    if (start === undefined || !(column >= 0 && column < this.#width)) {
      throw new SimulatorError(
        'SIMULATOR_STATE',
        `no element [${row}][${column}] in stats entry ${this.index}: ${this.rows} rows of ${this.#width}`,
      )
    }
    return start + column * this.#words
  }

  protected get quads(): BigUint64Array {
    return this.#segment.heap.quads
  }
}

/** A counter of one number. */
export class SimpleCounter extends CounterVector {
  constructor(segment: EntryMemory, index: number, rows: number) {
    super(segment, index, rows, 1)
  }

  set(row: number, column: number, value: bigint): void {
    this.quads[this.place(row, column)] = value
  }

  add(row: number, column: number, value: bigint): void {
    const at = this.place(row, column)
    this.quads[at] = (this.quads[at] ?? 0n) + value
  }
}

/** A counter of packets and bytes: two words, which a reader may see one before the other. */
export class CombinedCounter extends CounterVector {
  constructor(segment: EntryMemory, index: number, rows: number) {
    super(segment, index, rows, 2)
  }

  set(row: number, column: number, packets: bigint, bytes: bigint): void {
    const at = this.place(row, column)
    this.quads[at] = packets
    this.quads[at + 1] = bytes
  }

  add(row: number, column: number, packets: bigint, bytes: bigint): void {
    const at = this.place(row, column)
    this.quads[at] = (this.quads[at] ?? 0n) + packets
    this.quads[at + 1] = (this.quads[at + 1] ?? 0n) + bytes
  }
}
