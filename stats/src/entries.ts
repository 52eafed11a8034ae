import type { Rows, SlabRange } from './segment/plan.ts'
import { addWords } from './segment/words.ts'

/**
 * One entry of the segment with its value, by `type`. Values are copies: they stay valid after the connection
 * has gone. Those of a {@link PreparedStats} change with its next `update()`.
 */
export type StatEntry =
  ScalarStat | SimpleStat | CombinedStat | NamesStat | HistogramStat | RingStat | SymlinkStat | UnknownStat

/** What every entry has. */
export interface StatIdentity {
  /** Place in the directory; not stable when the epoch changes. */
  readonly index: number
  /** Full name, for example `/if/rx`. */
  readonly name: string
}

/** Where the values of a prepared or dumped entry are kept. */
export interface Slab {
  readonly slab: BigUint64Array
  /** The same memory in halves. */
  readonly words: Uint32Array
}

/** A single value: `scalar` for timestamps and the heartbeat, `gauge` for what goes up and down. */
export class ScalarStat implements StatIdentity {
  readonly type: 'scalar' | 'gauge'
  readonly index: number
  readonly name: string
  readonly #store: Slab
  readonly #slot: number

  constructor(type: 'scalar' | 'gauge', identity: StatIdentity, store: Slab, slot: number) {
    this.type = type
    this.index = identity.index
    this.name = identity.name
    this.#store = store
    this.#slot = slot
  }

  get value(): bigint {
    return this.#store.slab[this.#slot] ?? 0n
  }
}

/** Shape of a counter: a row per thread, row 0 the main thread (but see {@link SimpleStat}). */
class CounterShape implements StatIdentity {
  readonly index: number
  readonly name: string
  /** The entry that holds the numbers, for a symlink; undefined for an entry that holds them itself. */
  readonly target: number | undefined
  protected readonly store: Slab
  protected readonly start: number
  /** Only for a symlink: the one column of the target that it shows. */
  protected readonly column: number | undefined
  /** Words in the slab. */
  protected readonly size: number
  readonly #lengths: Int32Array

  constructor(identity: StatIdentity, store: Slab, place: SlabRange, rows: Rows, link?: CounterLink) {
    this.index = identity.index
    this.name = identity.name
    this.store = store
    this.start = place.start
    this.size = place.size
    this.target = link?.target
    this.column = link?.column
    this.#lengths = rows.lengths
  }

  /** Number of rows. */
  get rows(): number {
    return this.#lengths.length
  }

  /** Number of columns of a row: rows may differ while VPP grows them. */
  columns(row: number): number {
    const length = this.#lengths[row] ?? 0
    if (this.column === undefined) return length
    return this.column < length ? 1 : 0
  }

  /** Largest number of columns of any row. */
  get width(): number {
    let width = 0
    for (let row = 0; row < this.rows; row++) width = Math.max(width, this.columns(row))
    return width
  }

  /** Where the copied words are: place and number, in words of 8 bytes. */
  get range(): SlabRange {
    return { start: this.start, size: this.size }
  }

  /** True while nothing has been counted. */
  isZero(): boolean {
    const words = this.store.words
    const end = (this.start + this.size) * 2
    for (let at = this.start * 2; at < end; at++) if (words[at] !== 0) return false
    return true
  }

  /** Place of an element in the slab, counted in elements from `start`; -1 when there is none. */
  protected place(row: number, column: number): number {
    if (!(column >= 0 && column < this.columns(row))) return -1
    if (this.column !== undefined) return row
    let place = column
    for (let before = 0; before < row; before++) place += this.#lengths[before] ?? 0
    return place
  }

  /** Copies a row of elements of `words` words. */
  protected copyRow(row: number, words: number): BigUint64Array {
    const { start, size } = this.rangeOf(row, words)
    return this.store.slab.slice(start, start + size)
  }

  /** Sums over all rows of elements of `words` words. */
  protected sumRows(words: number): BigUint64Array {
    const sums = new BigUint64Array(this.width * words)
    for (let row = 0; row < this.rows; row++) {
      const { start, size } = this.rangeOf(row, words)
      addWords(this.store.slab, start, sums, 0, size)
    }
    return sums
  }

  /** Where the copied words of a row of elements of `words` words are. */
  protected rangeOf(row: number, words: number): SlabRange {
    const place = this.place(row, 0)
    if (place < 0) return { start: 0, size: 0 }
    return { start: this.start + place * words, size: this.columns(row) * words }
  }
}

/** What a symlink points to. */
export interface CounterLink {
  readonly target: number
  readonly column: number
}

/**
 * Counters of one number: `get(thread, index)`. What the index means depends on the entry: sw_if_index for
 * `/if/*`, node index for `/sys/node/*`; a symlink has the single index 0. A few entries (`/mem/*`,
 * `/sys/*_per_worker`, `/sys/tcp`) have one row whatever the number of threads.
 */
export class SimpleStat extends CounterShape {
  readonly type = 'simple'

  /** The counter of one thread; undefined when the row has no such column (yet). */
  get(row: number, column = 0): bigint | undefined {
    const place = this.place(row, column)
    return place < 0 ? undefined : this.store.slab[this.start + place]
  }

  /** The counter summed over all threads, modulo 2^64. */
  sum(column = 0): bigint {
    return sumPlaces(this.rows, (row) => this.get(row, column))
  }

  /** Where one thread's copied words are. */
  rowRange(row: number): SlabRange {
    return this.rangeOf(row, 1)
  }

  /** A copy of one thread's counters, by column. */
  row(row: number): BigUint64Array {
    return this.copyRow(row, 1)
  }

  /** Sums over all threads, by column. */
  sums(): BigUint64Array {
    return this.sumRows(1)
  }
}

/** Counters of packets and bytes: `packets(thread, index)`, `bytes(thread, index)`. See {@link SimpleStat}. */
export class CombinedStat extends CounterShape {
  readonly type = 'combined'

  /** The packets of one thread; undefined when the row has no such column (yet). */
  packets(row: number, column = 0): bigint | undefined {
    return this.#word(row, column, 0)
  }

  /** The bytes of one thread; undefined when the row has no such column (yet). */
  bytes(row: number, column = 0): bigint | undefined {
    return this.#word(row, column, 1)
  }

  /** Packets of all threads, modulo 2^64. */
  sumPackets(column = 0): bigint {
    return sumPlaces(this.rows, (row) => this.packets(row, column))
  }

  /** Bytes of all threads, modulo 2^64. */
  sumBytes(column = 0): bigint {
    return sumPlaces(this.rows, (row) => this.bytes(row, column))
  }

  /** Where one thread's copied words are. */
  rowRange(row: number): SlabRange {
    return this.rangeOf(row, 2)
  }

  /** A copy of one thread's counters: packets of column `i` at `2 * i`, bytes at `2 * i + 1`. */
  row(row: number): BigUint64Array {
    return this.copyRow(row, 2)
  }

  /** Sums over all threads: packets of column `i` at `2 * i`, bytes at `2 * i + 1`. */
  sums(): BigUint64Array {
    return this.sumRows(2)
  }

  #word(row: number, column: number, word: 0 | 1): bigint | undefined {
    const place = this.place(row, column)
    return place < 0 ? undefined : this.store.slab[this.start + place * 2 + word]
  }
}

/** Names by index, for example interface names by sw_if_index; undefined where a slot is free. */
export class NamesStat implements StatIdentity {
  readonly type = 'names'
  readonly index: number
  readonly name: string
  readonly names: readonly (string | undefined)[]

  constructor(identity: StatIdentity, names: readonly (string | undefined)[]) {
    this.index = identity.index
    this.name = identity.name
    this.names = names
  }
}

/** One bin of a histogram: how many values were at most `upperBound` and above the bin before it. */
export interface HistogramBin {
  /** Largest value counted here; undefined for the last bin, which takes everything above. */
  readonly upperBound: bigint | undefined
  readonly count: bigint
}

/** A histogram with bins that double in size, per thread. */
export class HistogramStat extends CounterShape {
  readonly type = 'histogram'

  /** Logarithm to base 2 of the least value of the second bin, less one; undefined for a thread without data. */
  minExponent(row: number): number | undefined {
    const place = this.place(row, 0)
    if (place < 0) return undefined
    const value = this.store.slab[this.start + place] ?? 0n
    return value < 64n ? Number(value) : 64
  }

  /** The bins of one thread. Bin 0 also counts all smaller values, the last all larger ones. */
  bins(row: number): HistogramBin[] {
    const exponent = this.minExponent(row)
    if (exponent === undefined) return []
    const count = this.columns(row) - 1
    return Array.from({ length: count }, (_, bin) => ({
      upperBound: bin === count - 1 ? undefined : 2n ** BigInt(exponent + bin + 1) - 1n,
      count: this.store.slab[this.start + this.place(row, bin + 1)] ?? 0n,
    }))
  }
}

/** How a ring buffer is laid out, and how much was written. Its contents: {@link StatsClient.ring}. */
export class RingStat implements StatIdentity {
  readonly type = 'ring'
  readonly index: number
  readonly name: string
  /** Bytes of one record. */
  readonly entrySize: number
  /** Records of one thread; one less of them can be read safely. */
  readonly ringSize: number
  readonly schemaVersion: number
  readonly #store: Slab
  readonly #slots: readonly number[]

  constructor(
    identity: StatIdentity,
    shape: { entrySize: number; ringSize: number; schemaVersion: number },
    store: Slab,
    slots: readonly number[],
  ) {
    this.index = identity.index
    this.name = identity.name
    this.entrySize = shape.entrySize
    this.ringSize = shape.ringSize
    this.schemaVersion = shape.schemaVersion
    this.#store = store
    this.#slots = slots
  }

  /** Number of threads that write. */
  get threads(): number {
    return this.#slots.length
  }

  /** Records written by a thread since the ring was made. */
  sequence(thread: number): bigint {
    const slot = this.#slots[thread]
    return slot === undefined ? 0n : (this.#store.slab[slot] ?? 0n)
  }
}

/** A symlink whose target is not a counter (any more): it has no value. */
export class SymlinkStat implements StatIdentity {
  readonly type = 'symlink'
  readonly index: number
  readonly name: string
  readonly target: number
  readonly column: number

  constructor(identity: StatIdentity, link: CounterLink) {
    this.index = identity.index
    this.name = identity.name
    this.target = link.target
    this.column = link.column
  }
}

/** An entry of a type that this reader does not know: newer than VPP 26.10. */
export class UnknownStat implements StatIdentity {
  readonly type = 'unknown'
  readonly index: number
  readonly name: string

  constructor(identity: StatIdentity) {
    this.index = identity.index
    this.name = identity.name
  }
}

/** The names of the entry types, as {@link StatEntry} has them. */
export type StatType = StatEntry['type']

function sumPlaces(rows: number, get: (row: number) => bigint | undefined): bigint {
  let sum = 0n
  for (let row = 0; row < rows; row++) sum = BigInt.asUintN(64, sum + (get(row) ?? 0n))
  return sum
}
