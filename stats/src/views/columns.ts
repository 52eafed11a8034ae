import type { CombinedStat, SimpleStat, Slab } from '../entries.ts'
import type { SlabRange } from '../segment/plan.ts'

/** Packets and bytes. */
export interface PacketsBytes {
  readonly packets: bigint
  readonly bytes: bigint
}

/** A counter that a view shows; undefined where VPP has none of that name. */
export type Field = SimpleStat | CombinedStat | undefined

/** Most counters are zero: nothing is made for those. */
const NO_PACKETS: PacketsBytes = Object.freeze({ packets: 0n, bytes: 0n })
const NOTHING: SlabRange = { start: 0, size: 0 }

/**
 * One counter by index (interface, node): one row of it, or the sums over all rows. An object per counter, so that
 * what reads a value is small enough to be compiled into the loop over all indexes.
 */
export class Column {
  readonly #start: number
  readonly #size: number
  #slab: BigUint64Array
  #words: Uint32Array

  private constructor({ slab, words }: Slab, { start, size }: SlabRange) {
    this.#start = start
    this.#size = size
    this.#slab = slab
    this.#words = words
  }

  /** One row of a counter whose words are in `copied`. */
  static ofRow(copied: Slab, field: Field, row: number): Column {
    return new Column(copied, field?.rowRange(row) ?? NOTHING)
  }

  /** Sums over all rows. */
  static ofSums(field: Field): Column {
    const slab = field?.sums() ?? new BigUint64Array(0)
    return new Column({ slab, words: new Uint32Array(slab.buffer) }, { start: 0, size: slab.length })
  }

  /** Shows another copy of the same shape. */
  show({ slab, words }: Slab): void {
    this.#slab = slab
    this.#words = words
  }

  /** Packets and bytes, of a counter that has both. */
  pair(index: number): PacketsBytes {
    if (index * 2 >= this.#size) return NO_PACKETS
    const words = this.#words
    const at = this.#start + index * 2
    const half = at * 2
    const seen = (words[half] ?? 0) | (words[half + 1] ?? 0) | (words[half + 2] ?? 0) | (words[half + 3] ?? 0)
    if (seen === 0) return NO_PACKETS
    return { packets: this.#slab[at] as bigint, bytes: this.#slab[at + 1] as bigint }
  }

  /** The number of a counter that has one. */
  value(index: number): bigint {
    return this.isZero(index) ? 0n : (this.#slab[this.#start + index] as bigint)
  }

  /** True where nothing has been counted. */
  isZero(index: number): boolean {
    if (index >= this.#size) return true
    const half = (this.#start + index) * 2
    return ((this.#words[half] ?? 0) | (this.#words[half + 1] ?? 0)) === 0
  }

  /** The number as a double: for ratios. */
  number(index: number): number {
    if (index >= this.#size) return 0
    const half = (this.#start + index) * 2
    return (this.#words[half] ?? 0) + (this.#words[half + 1] ?? 0) * 2 ** 32
  }
}

/** Counters over the same index, by what a view calls them. */
export type Columns<Name extends string> = Readonly<Record<Name, Column>>
