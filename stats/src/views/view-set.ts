import { NamesStat } from '../entries.ts'
import type { PreparedStats } from '../prepared.ts'
import { Columns, type Field } from './columns.ts'

/** A prepared set of names and counters over the same index. */
export class ViewSet {
  readonly #set: PreparedStats
  readonly #namesEntry: string
  readonly #wanted: readonly { readonly name: string; readonly type: 'simple' | 'combined' }[]
  #shape = 0
  #names: readonly (string | undefined)[] = []
  #fields: readonly Field[] = []

  constructor(
    set: PreparedStats,
    namesEntry: string,
    wanted: readonly { readonly name: string; readonly type: 'simple' | 'combined' }[],
  ) {
    this.#set = set
    this.#namesEntry = namesEntry
    this.#wanted = wanted
  }

  /** Names by index. */
  get names(): readonly (string | undefined)[] {
    return this.#names
  }

  /** Reads all of it, in one snapshot. */
  async update(): Promise<void> {
    if (!this.#set.updateNow()) await this.#set.update()
    if (this.#shape === this.#set.shape) return
    this.#shape = this.#set.shape
    const names = this.#set.get(this.#namesEntry)
    this.#names = names instanceof NamesStat ? names.names : []
    this.#fields = this.#wanted.map(({ name, type }) => {
      const stat = this.#set.get(name)
      return stat?.type === type ? (stat as Field) : undefined
    })
  }

  /** One row: a thread, or the only row of a set that has sums. */
  row(row: number): Columns {
    return Columns.ofRow(this.#set.words, this.#fields, row)
  }

  /** Every row. */
  threads(): Columns[] {
    const count = Math.max(0, ...this.#fields.map((field) => field?.rows ?? 0))
    return Array.from({ length: count }, (_, row) => this.row(row))
  }

  /** Sums over all rows. */
  sums(): Columns {
    return Columns.ofSums(this.#fields)
  }
}
