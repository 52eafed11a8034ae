import { NamesStat } from '../entries.ts'
import type { PreparedStats } from '../prepared.ts'
import { Column, type Columns, type Field } from './columns.ts'

/** The entry that a counter of a view is read from. */
export interface Source {
  readonly entry: string
  readonly type: 'simple' | 'combined'
}

/** A prepared set of names and counters over the same index. */
export class ViewSet<Name extends string> {
  readonly #set: PreparedStats
  readonly #namesEntry: string
  readonly #sources: readonly (readonly [Name, Source])[]
  #shape = 0
  #names: readonly (string | undefined)[] = []
  #fields: readonly (readonly [Name, Field])[] = []
  #first: Columns<Name>

  constructor(set: PreparedStats, namesEntry: string, sources: Readonly<Record<Name, Source>>) {
    this.#set = set
    this.#namesEntry = namesEntry
    this.#sources = Object.entries(sources) as [Name, Source][]
    this.#first = this.#row(0)
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
    this.#fields = this.#sources.map(([name, { entry, type }]) => {
      const stat = this.#set.get(entry)
      return [name, stat?.type === type ? (stat as Field) : undefined]
    })
    this.#first = this.#row(0)
  }

  /** The only row of a set that has sums. The columns are the same objects each time. */
  first(): Columns<Name> {
    const { words } = this.#set
    for (const name in this.#first) this.#first[name].show(words)
    return this.#first
  }

  /** Every row: a thread. */
  threads(): Columns<Name>[] {
    const count = Math.max(0, ...this.#fields.map(([, field]) => field?.rows ?? 0))
    return Array.from({ length: count }, (_, row) => this.#row(row))
  }

  /** Sums over all rows. */
  sums(): Columns<Name> {
    return this.#columns((field) => Column.ofSums(field))
  }

  #row(row: number): Columns<Name> {
    const { words } = this.#set
    return this.#columns((field) => Column.ofRow(words, field, row))
  }

  #columns(make: (field: Field) => Column): Columns<Name> {
    return Object.fromEntries(this.#fields.map(([name, field]) => [name, make(field)])) as Columns<Name>
  }
}
