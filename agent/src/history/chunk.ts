import { kindOf, ROW_FIELDS, spanOf, widthOf, type Level, type RowKind } from './levels.ts'
import { rateCode, rateOf, UNKNOWN } from './rate-code.ts'

/** Maximum rows of each kind in a chunk. */
export type RowLimits = Readonly<Record<RowKind, number>>

/** Codes of a row: those of one field after those of another, the means before the greatest values. */
export type Row = Uint16Array

/** Rows that memory is made for at a time. */
const SLAB = 64

/** Values of many rows over one span of time. */
export class Chunk {
  readonly level: Level
  /** Counts spans of the level since 1970. */
  readonly number: number
  readonly #limits: RowLimits
  readonly #rows = new Map<string, Row>()
  readonly #counts = new Map<RowKind, number>()
  /** Memory for the next rows, by their lengths: made for many at a time, since thousands are made at once. */
  readonly #slabs = new Map<number, { readonly codes: Uint16Array; used: number }>()

  constructor(level: Level, number: number, limits: RowLimits) {
    this.level = level
    this.number = number
    this.#limits = limits
  }

  /** First slot, counted in steps since 1970. */
  get first(): number {
    return this.number * this.level.slots
  }

  /** Keys and codes. */
  get rows(): ReadonlyMap<string, Row> {
    return this.#rows
  }

  row(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  /** The row of a key, made when there is none; undefined when there is no room for another one of its kind. */
  make(key: string): Row | undefined {
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const kind = kindOf(key)
    const count = this.#counts.get(kind) ?? 0
    if (count >= this.#limits[kind]) return undefined
    this.#counts.set(kind, count + 1)
    const row = this.#allocate(widthOf(kind, this.level) * this.level.slots)
    this.#rows.set(key, row)
    return row
  }

  #allocate(length: number): Row {
    let slab = this.#slabs.get(length)
    if (slab === undefined || slab.used === slab.codes.length) {
      // The first is small: there are few of most kinds.
      const rows = slab === undefined ? 4 : SLAB
      slab = { codes: new Uint16Array(length * rows).fill(UNKNOWN), used: 0 }
      this.#slabs.set(length, slab)
    }
    const row = slab.codes.subarray(slab.used, slab.used + length)
    slab.used += length
    return row
  }

  /** Takes from another row of a key what is not known here. */
  merge(key: string, other: Row): void {
    const row = this.make(key)
    if (row?.length !== other.length) return
    for (const [at, code] of other.entries()) if (row[at] === UNKNOWN) row[at] = code
  }
}

/** Number of the chunk of a level that a second belongs to. */
export function chunkOf(level: Level, second: number): number {
  return Math.floor(second / spanOf(level))
}

/**
 * Makes the values of a coarser level out of a row of a finer one: of all that is known in a slot the mean, and the
 * greatest. A slot of which nothing is known stays as it was.
 * @param first the first slot of `from`, in steps of `fine` since 1970
 */
export function foldRow(
  kind: RowKind,
  fine: { readonly level: Level; readonly first: number; readonly row: Row },
  coarse: { readonly level: Level; readonly first: number; readonly row: Row },
): void {
  const ratio = coarse.level.step / fine.level.step
  const fields = ROW_FIELDS[kind].length
  const { slots } = fine.level
  const maximumAt = fine.level.hasMaximum ? fields * slots : 0
  for (let field = 0; field < fields; field++) {
    const means = field * slots
    for (let begin = 0; begin < slots; begin += ratio) {
      const slot = (fine.first + begin) / ratio - coarse.first
      if (slot < 0 || slot >= coarse.level.slots) continue
      const { mean, maximum } = foldSlots(fine.row, means + begin, means + maximumAt + begin, ratio)
      if (Number.isNaN(mean)) continue
      coarse.row[field * coarse.level.slots + slot] = rateCode(mean)
      coarse.row[(fields + field) * coarse.level.slots + slot] = maximum
    }
  }
}

function foldSlots(
  row: Row,
  means: number,
  maxima: number,
  count: number,
): { mean: number; maximum: number } {
  let sum = 0
  let known = 0
  let maximum = 0
  for (let at = 0; at < count; at++) {
    const code = row[means + at] ?? UNKNOWN
    if (code === UNKNOWN) continue
    sum += rateOf(code)
    known++
    // Codes are in the order of their values.
    maximum = Math.max(maximum, row[maxima + at] ?? 0)
  }
  return { mean: known === 0 ? Number.NaN : sum / known, maximum }
}
