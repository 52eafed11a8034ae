import { Turns } from '../model/turns.ts'
import { Chunk, chunkOf, foldRow, type Row, type RowLimits } from './chunk.ts'
import type { ChunkFolder } from './chunk-folder.ts'
import { COARSE, kindOf, ROW_FIELDS, SECONDS, spanOf, type Level } from './levels.ts'
import { rateCode, rateOf, UNKNOWN } from './rate-code.ts'

/** Part of a second that must be known for its value to be. */
const LEAST_KNOWN = 0.5

/** What is known of the second under way. */
interface Partial {
  /** Of each field its rate times the part of the second that it was told of. */
  readonly sums: Float64Array
  /** Part of the second. */
  known: number
}

/** Values of one field over some time; NaN where nothing is known. */
export interface Series {
  readonly mean: Float64Array
  readonly maximum: Float64Array
}

/** What of a row is asked for. */
export interface Span {
  readonly level: Level
  /** Slot of the level, in steps since 1970. */
  readonly first: number
  readonly count: number
}

/** How a ring that cannot be written is reported. */
export interface RingListener {
  /** Undefined: it can be written again. */
  failed(error: Error | undefined): void
}

/**
 * Rates of many things: every second for 10 minutes, means and greatest values of 10 seconds for a day, of a minute for
 * a month. What is older than the minute under way is in files; a process that is killed loses this minute.
 */
export class HistoryRing {
  readonly #folder: ChunkFolder
  readonly #limits: RowLimits
  readonly #listener: RingListener
  /** The chunks under way, by level. */
  readonly #open = new Map<Level, Chunk>()
  #partial = new Map<string, Partial>()
  /** The second under way. */
  #second: number | undefined
  /** Rows of the last second that there was no room for. */
  #left = new Set<string>()
  /** What is being written; one thing after another. */
  #work: Promise<void> = Promise.resolve()

  constructor(folder: ChunkFolder, limits: RowLimits, listener: RingListener) {
    this.#folder = folder
    this.#limits = limits
    this.#listener = listener
  }

  /** Keys that there was no room for. */
  get leftOut(): ReadonlySet<string> {
    return this.#left
  }

  /** Keys of the rows that are being written. */
  keys(): string[] {
    return [...(this.#open.get(SECONDS)?.rows.keys() ?? [])]
  }

  /** Takes up what an earlier process has written. @param now milliseconds since 1970 */
  async open(now: number): Promise<void> {
    try {
      await this.#folder.open()
    } catch (error) {
      this.#listener.failed(error as Error)
      return
    }
    const second = Math.floor(now / 1000)
    await this.#folder.readInto(this.#chunk(SECONDS, chunkOf(SECONDS, second)))
    let fine = SECONDS
    for (const level of COARSE) {
      await this.#complete(level, fine, chunkOf(level, second))
      fine = level
    }
  }

  /**
   * Takes what was measured from one time to another, in milliseconds since 1970: rates by key, each with the values of
   * the fields of its kind. Calls follow one another in time; a clock that was set writes over what was there.
   */
  add(from: number, to: number, rows: ReadonlyMap<string, ArrayLike<number>>): void {
    for (let time = from; time < to;) {
      const second = Math.floor(time / 1000)
      if (second !== this.#second) this.#begin(second)
      const end = Math.min(to, (second + 1) * 1000)
      const part = (end - time) / 1000
      for (const [key, values] of rows) this.#take(key, values, part)
      time = end
    }
  }

  /** Values of a row, by field in the order of its kind. */
  async read(key: string, span: Span): Promise<Series[]> {
    await this.#work
    const { level, first, count } = span
    const fields = ROW_FIELDS[kindOf(key)].length
    const series = Array.from({ length: fields }, () => ({
      mean: new Float64Array(count).fill(Number.NaN),
      maximum: new Float64Array(count).fill(Number.NaN),
    }))
    const [from, to] = [Math.floor(first / level.slots), Math.floor((first + count - 1) / level.slots)]
    const underWay = this.#underWay(level, key)
    for (const number of this.#folder.numbers(level, from, to)) {
      const row = await this.#folder.row(level, number, key)
      if (row !== undefined) show(row, { level, first: number * level.slots }, series, first)
    }
    for (const { first: begin, row } of underWay) show(row, { level, first: begin }, series, first)
    return series
  }

  /** Writes what has not been written, as far as it goes. */
  async close(): Promise<void> {
    this.#begin(undefined)
    await this.#work
  }

  /** Ends the second under way, and the minute when it has ended, and begins another. */
  #begin(second: number | undefined): void {
    const last = this.#second
    if (last !== undefined) {
      this.#endSecond(last)
      const minute = chunkOf(SECONDS, last)
      if (second === undefined || chunkOf(SECONDS, second) !== minute) this.#endMinute(second)
    }
    this.#second = second
  }

  #take(key: string, values: ArrayLike<number>, part: number): void {
    let partial = this.#partial.get(key)
    if (partial === undefined) {
      partial = { sums: new Float64Array(values.length), known: 0 }
      this.#partial.set(key, partial)
    }
    const { sums } = partial
    for (let at = 0; at < sums.length; at++) sums[at] = (sums[at] ?? 0) + (values[at] ?? 0) * part
    partial.known += part
  }

  #endSecond(second: number): void {
    const chunk = this.#chunk(SECONDS, chunkOf(SECONDS, second))
    const slot = second - chunk.first
    const left = new Set<string>()
    for (const [key, partial] of this.#partial) {
      const { sums, known } = partial
      if (known === 0) {
        // No value for a second: it is gone.
        this.#partial.delete(key)
        continue
      }
      const row = known < LEAST_KNOWN ? undefined : chunk.make(key)
      if (row === undefined && known >= LEAST_KNOWN) left.add(key)
      for (let at = 0; at < sums.length; at++) {
        if (row !== undefined) row[at * SECONDS.slots + slot] = rateCode((sums[at] ?? 0) / known)
        sums[at] = 0
      }
      partial.known = 0
    }
    this.#left = left
  }

  /** The minute has ended: it is written, and what is coarser is made of it. */
  #endMinute(next: number | undefined): void {
    const minute = this.#open.get(SECONDS)
    if (minute === undefined) return
    this.#open.delete(SECONDS)
    this.#work = this.#takeMinute(minute, next, this.#work)
  }

  async #takeMinute(minute: Chunk, next: number | undefined, before: Promise<void>): Promise<void> {
    await before
    await this.#write(minute)
    for (const level of COARSE) {
      const number = chunkOf(level, minute.first)
      const open = this.#open.get(level)
      if (open !== undefined && open.number !== number) await this.#write(open)
      const chunk = this.#chunk(level, number)
      await foldChunk(minute, chunk)
      // A process that ends does not end a chunk: the next one completes it from what was written.
      if (next === undefined || chunkOf(level, next) === number) continue
      this.#open.delete(level)
      await this.#write(chunk)
    }
  }

  async #write(chunk: Chunk): Promise<void> {
    try {
      // Another process, or this one before the clock was set, may have written some of it.
      await this.#folder.readInto(chunk)
      await this.#folder.write(chunk)
      this.#listener.failed(undefined)
    } catch (error) {
      this.#listener.failed(error as Error)
    }
  }

  /** The chunk of a level under way. One of another time has been written. */
  #chunk(level: Level, number: number): Chunk {
    const open = this.#open.get(level)
    if (open?.number === number) return open
    const chunk = new Chunk(level, number, this.#limits)
    this.#open.set(level, chunk)
    return chunk
  }

  /** Makes the chunks of a level that a process which ended has not written, out of those of the level before. */
  async #complete(level: Level, fine: Level, now: number): Promise<void> {
    const ratio = spanOf(level) / spanOf(fine)
    const written = new Set(this.#folder.numbers(level, 0, Infinity))
    const numbers = new Set(this.#folder.numbers(fine, 0, Infinity).map((it) => Math.floor(it / ratio)))
    for (const number of [...numbers, now]) {
      const isUnderWay = number === now
      if (!isUnderWay && written.has(number)) continue
      const chunk = isUnderWay ? this.#chunk(level, now) : new Chunk(level, number, this.#limits)
      const first = number * ratio
      for (const part of this.#folder.numbers(fine, first, first + ratio - 1)) {
        const made = new Chunk(fine, part, this.#limits)
        await this.#folder.readInto(made)
        await foldChunk(made, chunk)
      }
      const open = this.#open.get(fine)
      // The minute under way is taken when it has ended.
      if (!isUnderWay) await this.#write(chunk)
      else if (fine !== SECONDS && open !== undefined) await foldChunk(open, chunk)
    }
  }

  /** What is in memory of a row: the chunk under way, and what the minute under way comes to. */
  #underWay(level: Level, key: string): { first: number; row: Row }[] {
    const found: { first: number; row: Row }[] = []
    const open = this.#open.get(level)
    const known = open?.row(key)
    if (open !== undefined && known !== undefined) found.push({ first: open.first, row: known })
    const minute = this.#open.get(SECONDS)
    const fine = minute?.row(key)
    if (level === SECONDS || minute === undefined || fine === undefined) return found
    const coarse = new Chunk(level, chunkOf(level, minute.first), this.#limits)
    const row = coarse.make(key)
    if (row === undefined) return found
    const from = { level: SECONDS, first: minute.first, row: fine }
    foldRow(kindOf(key), from, { level, first: coarse.first, row })
    return [...found, { first: coarse.first, row }]
  }
}

/** Makes what a coarse chunk has of a time out of a fine one. Others have their turn meanwhile. */
async function foldChunk(fine: Chunk, coarse: Chunk): Promise<void> {
  const turns = new Turns()
  for (const [key, row] of fine.rows) {
    const into = coarse.make(key)
    if (into === undefined) continue
    foldRow(
      kindOf(key),
      { level: fine.level, first: fine.first, row },
      { level: coarse.level, first: coarse.first, row: into },
    )
    if (turns.over) await turns.next()
  }
}

/** Puts the values of a chunk where they belong in what was asked for. */
function show(
  row: Row,
  { level, first }: Pick<Chunk, 'level' | 'first'>,
  series: readonly Series[],
  asked: number,
): void {
  const { slots, hasMaximum } = level
  for (const [field, { mean, maximum }] of series.entries()) {
    for (let slot = 0; slot < slots; slot++) {
      const at = first + slot - asked
      const code = row[field * slots + slot] ?? UNKNOWN
      if (at < 0 || at >= mean.length || code === UNKNOWN) continue
      mean[at] = rateOf(code)
      maximum[at] = hasMaximum ? rateOf(row[(series.length + field) * slots + slot] ?? UNKNOWN) : mean[at]
    }
  }
}
