import { StatsError } from './errors.ts'
import type { SnapshotRunner } from './prepared.ts'
import type { SegmentReader } from './segment/reader.ts'
import type { RingBatch, RingLayout } from './segment/ring.ts'
import { ticks } from './ticks.ts'

/** What one thread has written since the last read. */
export interface RingRecords {
  /** 0 is the main thread. */
  readonly thread: number
  /** Number of the first record: they are numbered from 0 in the order of writing. */
  readonly first: bigint
  /** The records, oldest first. */
  readonly records: readonly Uint8Array[]
  /** Records that were overwritten before they could be read, directly before `first`. */
  readonly lost: bigint
}

/** Most records of one thread that one read delivers; the rest comes with the next. */
const BATCH_LIMIT = 65_536

interface Position {
  readonly reader: SegmentReader
  readonly index: number
  readonly next: readonly bigint[]
}

interface Taken {
  readonly position: Position
  readonly batches: readonly RingBatch[]
}

/** Follows a ring buffer of the segment, thread by thread. The content is opaque: see {@link schema}. */
export class RingSubscription {
  readonly name: string
  readonly #runner: SnapshotRunner
  #position: Position
  #lost = 0n

  private constructor(runner: SnapshotRunner, name: string, position: Position) {
    this.#runner = runner
    this.name = name
    this.#position = position
  }

  /** Made by {@link StatsClient.ring}. */
  static async open(runner: SnapshotRunner, name: string): Promise<RingSubscription> {
    const position = await runner.run((reader) => {
      const { index, ring } = find(reader, name)
      return { reader, index, next: ring.sequences.map((_, thread) => written(reader, ring, thread)) }
    })
    return new RingSubscription(runner, name, position)
  }

  /** Records lost since the subscription began, in all threads. */
  get lost(): bigint {
    return this.#lost
  }

  /** The schema that the writer attached, for example a CBOR schema; undefined without one. */
  schema(): Promise<Uint8Array | undefined> {
    return this.#runner.run((reader) => {
      const { schema } = find(reader, this.name).ring
      if (schema === undefined) return undefined
      return Uint8Array.from(reader.memory.bytes.subarray(schema.offset, schema.offset + schema.length))
    })
  }

  /**
   * What was written since the last call, for the threads that wrote or lost something. After a restart of VPP
   * the ring is followed from its start. `STATS_NO_ENTRY` when the new VPP has none.
   */
  async read(): Promise<RingRecords[]> {
    const { batches } = await this.#runner.run(
      (reader) => this.#take(reader),
      (taken) => {
        this.#position = taken.position
        for (const { lost } of taken.batches) this.#lost += lost
      },
    )
    const taken = batches.map(({ first, records, lost }, thread) => ({ thread, first, records, lost }))
    return taken.filter(({ records, lost }) => records.length > 0 || lost > 0n)
  }

  /** Yields what each {@link read} gives, with pauses of `interval` milliseconds; empty reads are left out. */
  async *follow(options: {
    readonly interval: number
    readonly signal?: AbortSignal
  }): AsyncGenerator<RingRecords[], void, void> {
    for await (const _ of ticks(options.interval, options.signal)) {
      const records = await this.read()
      if (records.length > 0) yield records
    }
  }

  #take(reader: SegmentReader): Taken {
    const { index, ring } = find(reader, this.name)
    const before =
      this.#position.reader === reader && this.#position.index === index ? this.#position.next : []
    const batches = ring.sequences.map((_, thread) =>
      reader.records(ring, thread, before[thread] ?? 0n, BATCH_LIMIT),
    )
    return { position: { reader, index, next: batches.map(({ next }) => next) }, batches }
  }
}

function find(reader: SegmentReader, name: string): { index: number; ring: RingLayout } {
  const index = reader.directory().names.indexOf(name)
  const ring = index < 0 ? undefined : reader.ring(index)
  if (ring === undefined) throw new StatsError('STATS_NO_ENTRY', `no ring buffer ${name}`)
  return { index, ring }
}

function written(reader: SegmentReader, ring: RingLayout, thread: number): bigint {
  return reader.memory.quads[ring.sequences[thread] ?? 0] ?? 0n
}
