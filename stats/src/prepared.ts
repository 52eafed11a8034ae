import type { Slab, StatEntry } from './entries.ts'
import type { RowMode } from './segment/build.ts'
import type { Directory } from './segment/directory.ts'
import type { CopyPlan } from './segment/plan.ts'
import { RETRY, type SegmentReader } from './segment/reader.ts'

/** How a set gets at the segment of the day. */
export interface SnapshotRunner {
  /**
   * Runs `read` until it was not disturbed, waiting as long as the client's options allow. `accept` is called with the
   * result before anything else can run: other readers may be waiting for the same objects.
   */
  run<T>(read: (reader: SegmentReader) => T, accept?: (result: T) => void): Promise<T>
  /** The segment, if there is one now. */
  current(): SegmentReader | undefined
}

/**
 * A set of entries that is read again and again. While the segment keeps its shape an update copies numbers in
 * place and allocates nothing; when entries appear, go or move, the set is rebuilt automatically and
 * {@link shape} grows.
 */
export class PreparedStats {
  readonly #runner: SnapshotRunner
  readonly #wanted: (name: string) => boolean
  readonly #mode: RowMode
  #reader: SegmentReader | undefined
  /** The plan in use; its entries are shown once it has been executed undisturbed. */
  #made: Made | undefined
  #entries: readonly StatEntry[] = []
  #byName = new Map<string, StatEntry>()
  #shape = 0

  /** Made by {@link StatsClient.prepare}. */
  constructor(runner: SnapshotRunner, wanted: (name: string) => boolean, mode: RowMode = 'rows') {
    this.#runner = runner
    this.#wanted = wanted
    this.#mode = mode
  }

  /** The entries, in the order of the directory, all of one epoch. Updated in place while the shape stays. */
  get entries(): readonly StatEntry[] {
    return this.#entries
  }

  /** Grows whenever {@link entries} is a new list, which then may have other entries in it. */
  get shape(): number {
    return this.#shape
  }

  /** The copied words of all entries: see `range` and `rowRange` of the counters. Other arrays after each update. */
  get words(): Slab {
    return this.#made?.plan ?? NO_WORDS
  }

  /** The entry of that name. */
  get(name: string): StatEntry | undefined {
    return this.#byName.get(name)
  }

  /** Brings all values up to date, in one snapshot. Waits for VPP where it must. */
  async update(): Promise<this> {
    if (!this.updateNow()) {
      await this.#runner.run(
        (reader) => this.#read(reader),
        () => this.#commit(),
      )
    }
    return this
  }

  /** Like {@link update}, but never waits: false, with the values as they were, when VPP is in the way or away. */
  updateNow(): boolean {
    const reader = this.#runner.current()
    if (reader === undefined) return false
    this.#reader = reader
    if (reader.attempt(this.#readCurrent) === RETRY) return false
    this.#commit()
    return true
  }

  readonly #readCurrent = () => {
    if (this.#reader !== undefined) this.#read(this.#reader)
  }

  #read(reader: SegmentReader): void {
    const made = this.#made
    if (made === undefined || made.reader !== reader || !reader.holds(made.plan))
      this.#made = this.#prepare(reader)
    this.#made?.plan.execute()
  }

  #prepare(reader: SegmentReader): Made {
    return { reader, ...reader.plan(selectIndexes(reader.directory(), this.#wanted), true, this.#mode) }
  }

  #commit(): void {
    const made = this.#made
    if (made === undefined) return
    made.plan.commit()
    if (this.#entries === made.entries) return
    this.#entries = made.entries
    this.#byName = new Map(made.entries.map((entry) => [entry.name, entry]))
    this.#shape++
  }
}

const NO_WORDS: Slab = { slab: new BigUint64Array(0), words: new Uint32Array(0) }

interface Made {
  readonly reader: SegmentReader
  readonly plan: CopyPlan
  readonly entries: readonly StatEntry[]
}

/** Indexes of the live entries whose name is wanted. */
export function selectIndexes(directory: Directory, wanted: (name: string) => boolean): number[] {
  const indexes: number[] = []
  directory.names.forEach((name, index) => {
    if (name !== '' && wanted(name)) indexes.push(index)
  })
  return indexes
}
