import { SimulatorError } from '../errors.ts'
import type { EntryMemory } from './memory.ts'

/** Bins that double in size, per thread: bin `j` counts values from 2^(min + j) to below twice that. */
export class Histogram {
  readonly index: number
  readonly #segment: EntryMemory
  readonly #starts: number[] = []
  readonly #minExponent: number
  readonly #bins: number

  constructor(segment: EntryMemory, index: number, rows: number, minExponent: number, bins: number) {
    this.#segment = segment
    this.index = index
    this.#minExponent = minExponent
    this.#bins = bins
    segment.change(() => {
      const { heap } = segment
      const outer = heap.vector(rows, 8)
      for (let row = 0; row < rows; row++) {
        const inner = heap.vector(bins + 1, 8)
        heap.quads[inner / 8] = BigInt(minExponent)
        this.#starts.push(inner / 8)
        heap.quads[outer / 8 + row] = segment.pointer(inner)
      }
      segment.setValue(index, segment.pointer(outer))
    })
  }

  /** Counts a value: smaller ones in the first bin, larger ones in the last. */
  record(row: number, value: bigint): void {
    const start = this.#starts[row]
    if (start === undefined)
      throw new SimulatorError('SIMULATOR_STATE', `stats entry ${this.index} has no row ${row}`)
    const exponent = value < 1n ? 0 : value.toString(2).length - 1
    const bin = Math.min(Math.max(exponent - this.#minExponent, 0), this.#bins - 1)
    const { quads } = this.#segment.heap
    quads[start + 1 + bin] = (quads[start + 1 + bin] ?? 0n) + 1n
  }
}
