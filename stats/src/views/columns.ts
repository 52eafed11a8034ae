import type { CombinedStat, SimpleStat, Slab } from '../entries.ts'

/** Packets and bytes. */
export interface PacketsBytes {
  readonly packets: bigint
  readonly bytes: bigint
}

/** A counter that a view shows; undefined where VPP has none of that name. */
export type Field = SimpleStat | CombinedStat | undefined

/** Most counters are zero: nothing is made for those. */
const NO_PACKETS: PacketsBytes = Object.freeze({ packets: 0n, bytes: 0n })

/** Several counters over the same index (interfaces, nodes): one row of them, or the sums over all rows. */
export class Columns {
  readonly #slab: BigUint64Array
  readonly #words: Uint32Array
  /** Where each field starts, and how many words it has. */
  readonly #starts: number[] = []
  readonly #sizes: number[] = []

  private constructor({ slab, words }: Slab) {
    this.#slab = slab
    this.#words = words
  }

  /** One row of counters whose words are in `copied`. */
  static ofRow(copied: Slab, fields: readonly Field[], row: number): Columns {
    const columns = new Columns(copied)
    for (const field of fields) columns.#add(field?.rowRange(row) ?? { start: 0, size: 0 })
    return columns
  }

  /** Sums over all rows. */
  static ofSums(fields: readonly Field[]): Columns {
    const sums = fields.map((field) => field?.sums() ?? new BigUint64Array(0))
    const slab = new BigUint64Array(sums.reduce((size, { length }) => size + length, 0))
    const columns = new Columns({ slab, words: new Uint32Array(slab.buffer) })
    let start = 0
    for (const values of sums) {
      slab.set(values, start)
      columns.#add({ start, size: values.length })
      start += values.length
    }
    return columns
  }

  /** Packets and bytes of a field that has both. */
  pair(field: number, index: number): PacketsBytes {
    if (index * 2 >= (this.#sizes[field] ?? 0)) return NO_PACKETS
    const words = this.#words
    const at = (this.#starts[field] ?? 0) + index * 2
    const half = at * 2
    const seen = (words[half] ?? 0) | (words[half + 1] ?? 0) | (words[half + 2] ?? 0) | (words[half + 3] ?? 0)
    if (seen === 0) return NO_PACKETS
    return { packets: this.#slab[at] as bigint, bytes: this.#slab[at + 1] as bigint }
  }

  /** A field of one number. */
  value(field: number, index: number): bigint {
    return this.exact(field, index, this.number(field, index))
  }

  /** The same, for whoever has read it as a double already. */
  exact(field: number, index: number, approximate: number): bigint {
    return approximate === 0 ? 0n : (this.#slab[(this.#starts[field] ?? 0) + index] as bigint)
  }

  /** A field of one number as a double: for ratios. */
  number(field: number, index: number): number {
    if (index >= (this.#sizes[field] ?? 0)) return 0
    const half = ((this.#starts[field] ?? 0) + index) * 2
    return (this.#words[half] ?? 0) + (this.#words[half + 1] ?? 0) * 2 ** 32
  }

  #add({ start, size }: { start: number; size: number }): void {
    this.#starts.push(start)
    this.#sizes.push(size)
  }
}
