import { invalidSegment, StatsError } from '../errors.ts'
import { WordChecks } from './checks.ts'
import type { Directory } from './directory.ts'
import { ENTRY_VALUE, HeaderQuad, ROW_LIMIT, STRING_LIMIT } from './layout.ts'
import type { SegmentMemory } from './memory.ts'
import { addTwice, addWords, copyWords, gatherPairs, gatherWords, putSums, putSumsOfThree } from './words.ts'

/**
 * Longest piece, in words, that is copied by `TypedArray.prototype.set`, which is memmove: up to 1 KiB libc moves
 * vector registers, in which no word is split. From 2 KiB on it takes the processor's string instruction, whose last
 * bytes go one by one: the last word of a row was seen half old and half new once in some 10^8 words.
 */
const PIECE = 128
/** Up to so many words a loop is as fast. */
const LOOP_LIMIT = 24

/** Words of the slab. */
export interface SlabRange {
  readonly start: number
  readonly size: number
}

/** Where the rows of a counter are: word index (8 bytes each) and number of elements, one per thread. */
export interface Rows {
  readonly quads: Int32Array
  readonly lengths: Int32Array
}

/** A counter whose rows are added up. Rows without elements have no part in it. */
interface Sum {
  /** Where the rows start, and how many words they have. */
  readonly starts: Int32Array
  readonly sizes: Int32Array
  readonly slot: number
  /** Words of the longest row. */
  readonly size: number
  /** Words that every row has: fewer than `size` while VPP makes the rows longer, one after the other. */
  readonly common: number
}

/** All symlinks of a plan into one counter: a gather of columns. */
interface Gather {
  readonly rows: Rows
  readonly width: 1 | 2
  readonly columns: number[]
  /** Where each link's values go in the slab: `rows * width` words. */
  readonly slots: number[]
  largest: number
}

/**
 * What to copy out of a segment for a list of entries, and where to put it: computed once per shape of the
 * segment, executed per update. Every address in it was checked against the mapping when the plan was made;
 * what it relies on is in {@link holds}.
 */
export class CopyPlan {
  readonly #memory: SegmentMemory
  readonly #directory: Directory
  readonly #byteLimit: number
  readonly #checks: WordChecks | undefined
  /**
   * Where names lie, and their words: VPP writes a new name into the memory of the old one, but changes nothing of names
   * without a new epoch, so that only then thousands of them need be looked at.
   */
  readonly #nameChecks: WordChecks | undefined
  #epochLow: number
  #epochHigh: number
  readonly #rows = new Map<number, Rows>()
  readonly #gathers = new Map<number, Gather>()
  readonly #targets = new Set<number>()
  readonly #singles: number[] = []
  readonly #singleSlots: number[] = []
  /** Long rows, piece by piece. */
  readonly #pieces: { view: BigUint64Array; slot: number }[] = []
  readonly #blocks: { from: number; length: number; slot: number }[] = []
  readonly #sums: Sum[] = []
  #slab = new BigUint64Array(0)
  #next = new BigUint64Array(0)
  #words = new Uint32Array(0)
  #nextWords = new Uint32Array(0)
  #size = 0

  /** `repeatable` collects what {@link holds} needs; a plan that is executed once does without. */
  constructor(memory: SegmentMemory, directory: Directory, byteLimit: number, repeatable: boolean) {
    this.#memory = memory
    this.#directory = directory
    this.#byteLimit = byteLimit
    this.#epochLow = memory.epochWord(0)
    this.#epochHigh = memory.epochWord(1)
    if (!repeatable) return
    this.#checks = new WordChecks()
    this.#nameChecks = new WordChecks()
    const at = HeaderQuad.DIRECTORY * 2
    this.#check(at)
    this.#check(at + 1)
    if (directory.offset !== 0) this.#checks.add(directory.offset / 4 - 2, directory.length)
  }

  /** The words of the last copy that was found good: see {@link commit}. */
  get slab(): BigUint64Array<ArrayBuffer> {
    return this.#slab
  }

  /** The same memory as {@link slab} in halves. */
  get words(): Uint32Array<ArrayBuffer> {
    return this.#words
  }

  /** Demands that entry `index` stays what it is; without `withValue` its value in place may change. */
  addIdentity(index: number, withValue: boolean): void {
    if (this.#checks !== undefined) this.#directory.addIdentity(index, withValue, this.#checks)
  }

  /** Demands that entry `index`, which a symlink points to, stays of its type. */
  addTargetKind(index: number): void {
    if (this.#targets.has(index)) return
    this.#targets.add(index)
    this.#check(this.#directory.entryOffset(index) / 4)
  }

  /** Copies one word. Returns its place in the slab. */
  addSingle(quad: number): number {
    const slot = this.#reserve(1)
    this.#singles.push(quad)
    this.#singleSlots.push(slot)
    return slot
  }

  /** Copies rows of `width` words an element, one after the other. Returns their place in the slab. */
  addRows(rows: Rows, width: number): SlabRange {
    const start = this.#size
    for (let row = 0; row < rows.quads.length; row++) {
      const length = (rows.lengths[row] ?? 0) * width
      const slot = this.#reserve(length)
      this.#addBlock(rows.quads[row] ?? 0, length, slot)
    }
    return { start, size: this.#size - start }
  }

  /** Adds rows of `width` words an element up, column by column. Returns the place of the sums in the slab. */
  addSums(rows: Rows, width: number): SlabRange {
    const starts = rows.quads.filter((_, row) => rows.lengths[row] !== 0)
    const sizes = rows.lengths.filter((length) => length !== 0).map((length) => length * width)
    const size = Math.max(0, ...sizes)
    const slot = this.#reserve(size)
    // What is read counts, not only what is kept: rows that overlap could else keep a reader busy for minutes.
    this.#account(sizes.reduce((sum, words) => sum + words, 0) - size)
    this.#sums.push({ starts, sizes, slot, size, common: Math.min(size, ...sizes) })
    return { start: slot, size }
  }

  /** Copies one column of every row of a counter. Returns the place in the slab: a value per row. */
  addColumn(target: number, rows: Rows, width: 1 | 2, column: number): SlabRange {
    const size = rows.quads.length * width
    const slot = this.#reserve(size)
    let gather = this.#gathers.get(target)
    if (gather === undefined) {
      gather = { rows, width, columns: [], slots: [], largest: 0 }
      this.#gathers.set(target, gather)
    }
    gather.columns.push(column)
    gather.slots.push(slot)
    gather.largest = Math.max(gather.largest, column)
    return { start: slot, size }
  }

  /** The rows of the counter (or histogram) in entry `index`, checked and remembered. */
  rowsOf(index: number, elementSize: number): Rows {
    const known = this.#rows.get(index)
    if (known !== undefined) return known
    const rows = this.#readRows(
      this.#directory.entryOffset(index) + ENTRY_VALUE,
      elementSize,
      `entry ${index}`,
    )
    this.#rows.set(index, rows)
    return rows
  }

  /** The rows of the error counters of VPP 22.02 and older. */
  errorRows(): Rows {
    const known = this.#rows.get(-1)
    if (known !== undefined) return known
    const rows = this.#readRows(HeaderQuad.ERRORS * 8, 8, 'the error counters')
    this.#rows.set(-1, rows)
    return rows
  }

  /** The strings of name vector `index`; undefined where a slot has none. */
  readNames(index: number): (string | undefined)[] {
    const memory = this.#memory
    const at = this.#directory.entryOffset(index) + ENTRY_VALUE
    const checks = this.#nameChecks
    const outer = this.#pointer(at, `name vector ${index}`, checks)
    if (outer === 0) return []
    const length = this.#length(outer, 8, `name vector ${index}`, checks)
    this.#account(length)
    const names: (string | undefined)[] = []
    for (let slot = 0; slot < length; slot++) {
      const inner = this.#pointer(outer + slot * 8, `name ${slot} of entry ${index}`, checks)
      const bytes = inner === 0 ? 0 : this.#length(inner, 1, `name ${slot} of entry ${index}`, checks)
      this.#account(bytes / 8)
      names.push(inner === 0 ? undefined : memory.string(inner, bytes))
      if (inner !== 0) this.#checkName(inner, bytes)
    }
    return names
  }

  #checkName(offset: number, bytes: number): void {
    const checks = this.#nameChecks
    if (checks === undefined) return
    const end = (offset + Math.min(bytes, STRING_LIMIT)) / 4
    for (let word = offset / 4; word < end; word++) checks.add(word, this.#memory.words[word] ?? 0)
  }

  /** Makes room, after the last entry was added. */
  allocate(): void {
    this.#next = new BigUint64Array(this.#size)
    this.#nextWords = new Uint32Array(this.#next.buffer)
  }

  /** Shows what {@link execute} has copied, once it is known to be from one epoch. */
  commit(): void {
    const { slab, words } = this
    this.#slab = this.#next
    this.#words = this.#nextWords
    // A plan that is executed once needs no second array; else the one shown until now takes the next copy.
    if (this.#checks === undefined) return
    if (slab.length !== this.#size) return this.allocate()
    this.#next = slab
    this.#nextWords = words
  }

  /** True while every pointer, length and name that the plan was made from is unchanged in the epoch of these words. */
  holds(low: number, high: number): boolean {
    const { words } = this.#memory
    if (this.#checks?.hold(words) !== true) return false
    if (low === this.#epochLow && high === this.#epochHigh) return true
    if (this.#nameChecks?.hold(words) !== true) return false
    this.#epochLow = low
    this.#epochHigh = high
    return true
  }

  /** Copies; the result shows after {@link commit}. */
  execute(): void {
    this.#copySingles()
    for (const { view, slot } of this.#pieces) this.#next.set(view, slot)
    for (const { from, length, slot } of this.#blocks) {
      copyWords(this.#memory.quads, from, this.#next, slot, length)
    }
    for (const gather of this.#gathers.values()) this.#gather(gather)
    for (const sum of this.#sums) this.#sum(sum)
  }

  #sum({ starts, sizes, slot, size, common }: Sum): void {
    const from = this.#memory.quads
    const to = this.#next
    const count = starts.length
    const first = starts[0] ?? 0
    const second = starts[1] ?? 0
    if (count === 1) copyWords(from, first, to, slot, common)
    if (count === 2) putSums(from, first, second, to, slot, common)
    if (count > 2) putSumsOfThree(from, first, second, starts[2] ?? 0, to, slot, common)
    let row = 3
    for (; row + 1 < count; row += 2) addTwice(from, starts[row] ?? 0, starts[row + 1] ?? 0, to, slot, common)
    if (row < count) addWords(from, starts[row] ?? 0, to, slot, common)
    if (common === size) return
    to.fill(0n, slot + common, slot + size)
    for (row = 0; row < count; row++) {
      addWords(from, (starts[row] ?? 0) + common, to, slot + common, (sizes[row] ?? 0) - common)
    }
  }

  #addBlock(from: number, length: number, slot: number): void {
    let done = 0
    for (; length - done > LOOP_LIMIT; done += PIECE) {
      const view = this.#memory.quads.subarray(from + done, from + Math.min(done + PIECE, length))
      this.#pieces.push({ view, slot: slot + done })
    }
    if (done < length) this.#blocks.push({ from: from + done, length: length - done, slot: slot + done })
  }

  #copySingles(): void {
    const quads = this.#memory.quads
    const slab = this.#next
    const from = this.#singles
    const slots = this.#singleSlots
    for (let i = 0; i < from.length; i++) slab[slots[i] ?? 0] = quads[from[i] ?? 0] ?? 0n
  }

  #gather({ rows, width, columns, slots, largest }: Gather): void {
    for (let row = 0; row < rows.quads.length; row++) {
      const start = rows.quads[row] ?? 0
      const length = rows.lengths[row] ?? 0
      if (largest < length && width === 1) {
        gatherWords(this.#memory.quads, start, columns, this.#next, slots, row)
      } else if (largest < length) {
        gatherPairs(this.#memory.quads, start, columns, this.#next, slots, row * 2)
      } else {
        this.#gatherPresent(start, length, columns, slots, row, width)
      }
    }
  }

  /** For rows that lack some of the columns. */
  #gatherPresent(
    start: number,
    length: number,
    columns: readonly number[],
    slots: readonly number[],
    row: number,
    width: number,
  ): void {
    columns.forEach((column, i) => {
      if (column >= length) return
      copyWords(this.#memory.quads, start + column * width, this.#next, (slots[i] ?? 0) + row * width, width)
    })
  }

  #readRows(at: number, elementSize: number, what: string): Rows {
    const outer = this.#pointer(at, what)
    const count = outer === 0 ? 0 : this.#length(outer, 8, what)
    if (count > ROW_LIMIT) throw invalidSegment(`${what} has ${count} rows, more than ${ROW_LIMIT}`)
    const quads = new Int32Array(count)
    const lengths = new Int32Array(count)
    for (let row = 0; row < count; row++) {
      const inner = this.#pointer(outer + row * 8, `row ${row} of ${what}`)
      if (inner === 0) continue
      quads[row] = inner / 8
      lengths[row] = this.#length(inner, elementSize, `row ${row} of ${what}`)
    }
    return { quads, lengths }
  }

  #pointer(at: number, what: string, checks = this.#checks): number {
    const { words } = this.#memory
    const offset = this.#memory.pointer(at, what)
    checks?.add(at / 4, words[at / 4] ?? 0)
    checks?.add(at / 4 + 1, words[at / 4 + 1] ?? 0)
    return offset
  }

  #length(offset: number, elementSize: number, what: string, checks = this.#checks): number {
    const length = this.#memory.vectorLength(offset, elementSize, what)
    checks?.add(offset / 4 - 2, length)
    return length
  }

  #check(word: number): void {
    this.#checks?.add(word, this.#memory.words[word] ?? 0)
  }

  #reserve(words: number): number {
    const slot = this.#size
    this.#account(words)
    this.#size += words
    return slot
  }

  #accounted = 0
  #account(words: number): void {
    this.#accounted += words
    if (this.#accounted * 8 > this.#byteLimit) {
      throw new StatsError(
        'STATS_SNAPSHOT_TOO_LARGE',
        `the snapshot has more than ${this.#byteLimit} bytes: ask for fewer entries, or raise limits.snapshotBytes`,
      )
    }
  }
}
