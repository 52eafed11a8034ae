import type { PreparedStats, StatEntry, StatsClient } from '@vpp-ts/stats'

const NAMES = '/if/names'
/** Entries with packets and bytes, and the first column of each. */
const PAIRS = [
  ['/if/rx', 0],
  ['/if/tx', 2],
] as const
/** Entries with one number, and the column that they count in. */
const SINGLES = [
  ['/if/drops', 4],
  ['/if/rx-error', 5],
  ['/if/rx-miss', 5],
  ['/if/rx-no-buf', 5],
  ['/if/tx-error', 5],
] as const
const ENTRIES = new RegExp(`^(?:${[NAMES, ...PAIRS.flat(), ...SINGLES.flat()].join('|')})$`)
/** Columns: packets and bytes received, packets and bytes sent, drops, errors. */
const COLUMNS = 6
/** VPP names the slot of a deleted interface like this. */
const DELETED = 'deleted'
const HALF = 2 ** 32

/** Counters of all interfaces at one time. */
export interface InterfaceReading {
  /** VPP's names by sw_if_index; undefined where there is none. The same list as long as no name has changed. */
  readonly names: readonly (string | undefined)[]
  /** Six numbers for each index. Beyond 2^53 they lose their last digits. They hold until the reading after the next. */
  readonly values: Float64Array
}

/** Reads the counters of all interfaces with no more work than thousands of them need once a second. */
export class InterfaceCounters {
  #set: PreparedStats | undefined
  #client: StatsClient | undefined
  #shape = 0
  #names: readonly (string | undefined)[] = []
  /** Used in turn: memory beside the heap that is made every second makes the collector run for it. */
  #values: readonly [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)]

  /** All of one snapshot. @throws StatsError */
  async read(client: StatsClient): Promise<InterfaceReading> {
    const set = await this.#prepared(client)
    if (this.#shape !== set.shape) this.#takeNames(set)
    const values = this.#next(this.#names.length * COLUMNS)
    for (const [name, column] of PAIRS) {
      add(set, name, 2, values, column)
    }
    for (const [name, column] of SINGLES) add(set, name, 1, values, column)
    return { names: this.#names, values }
  }

  #next(length: number): Float64Array {
    const [, other] = this.#values
    const values = other.length === length ? other.fill(0) : new Float64Array(length)
    this.#values = [values, this.#values[0]]
    return values
  }

  async #prepared(client: StatsClient): Promise<PreparedStats> {
    if (this.#client === client && this.#set !== undefined) {
      if (!this.#set.updateNow()) await this.#set.update()
      return this.#set
    }
    this.#set = await client.prepare(ENTRIES)
    this.#client = client
    this.#shape = 0
    return this.#set
  }

  #takeNames(set: PreparedStats): void {
    this.#shape = set.shape
    const entry = set.get(NAMES)
    const names = entry?.type === 'names' ? entry.names : []
    const now = names.map((name) => (name === '' || name === DELETED ? undefined : name))
    const isSame = now.length === this.#names.length && now.every((name, at) => name === this.#names[at])
    if (!isSame) this.#names = now
  }
}

/** Adds what all threads have counted. @param words of 8 bytes of one index */
function add(set: PreparedStats, name: string, words: 1 | 2, values: Float64Array, column: number): void {
  const entry: StatEntry | undefined = set.get(name)
  if (entry?.type !== (words === 2 ? 'combined' : 'simple')) return
  const { words: halves } = set.words
  const count = values.length / COLUMNS
  for (let thread = 0; thread < entry.rows; thread++) {
    const { start, size } = entry.rowRange(thread)
    const end = Math.min(count, size / words)
    for (let index = 0; index < end; index++) {
      for (let word = 0; word < words; word++) {
        const half = (start + index * words + word) * 2
        const at = index * COLUMNS + column + word
        values[at] = (values[at] ?? 0) + (halves[half] ?? 0) + (halves[half + 1] ?? 0) * HALF
      }
    }
  }
}

/** A rate of each column. */
export type InterfaceRate = Float64Array

/**
 * Rates of interfaces that are read again and again. There is none for an interface that was not there before or had
 * another name, nor for one with a counter that has become smaller: it was cleared at an unknown time.
 */
export class InterfaceGrowth {
  #before: InterfaceReading = { names: [], values: new Float64Array(0) }
  #keys: readonly (string | undefined)[] = []
  /** One of each index, made once. */
  readonly #rates: InterfaceRate[] = []

  /**
   * Takes a reading.
   * @param keys what interfaces are called here, by index; one that is called otherwise is another one
   * @param seconds since the reading before; undefined: that one is of another VPP, or too old
   * @param tell receives each rate, valid until the next reading
   */
  update(
    reading: InterfaceReading,
    keys: readonly (string | undefined)[],
    seconds: number | undefined,
    tell: (index: number, key: string, rate: InterfaceRate) => void,
  ): void {
    const before = this.#before
    const count = seconds === undefined ? 0 : keys.length
    for (let index = 0; index < count; index++) {
      const key = keys[index]
      if (key === undefined || key !== this.#keys[index] || reading.names[index] !== before.names[index]) {
        continue
      }
      const rate = (this.#rates[index] ??= new Float64Array(COLUMNS))
      let isGrowth = true
      for (let column = 0; column < COLUMNS; column++) {
        const at = index * COLUMNS + column
        const growth = (reading.values[at] ?? 0) - (before.values[at] ?? 0)
        rate[column] = growth / (seconds ?? 1)
        isGrowth &&= growth >= 0
      }
      if (isGrowth) tell(index, key, rate)
    }
    this.#before = reading
    this.#keys = keys
  }
}
