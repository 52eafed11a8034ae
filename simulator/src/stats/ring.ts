import { SimulatorError } from '../errors.ts'
import { RING_CACHE_LINE, RingMetadata, RingOffset } from '@vpp-ts/stats/internal'
import type { EntryMemory } from './memory.ts'

/** Shape of a ring buffer. */
export interface RingOptions {
  /** Bytes of one record. */
  readonly entrySize: number
  /** Records per thread. */
  readonly ringSize: number
  readonly threads: number
  /** Describes the records, in whatever form the readers know. */
  readonly schema?: Uint8Array
  readonly schemaVersion?: number
}

/** A ring buffer per thread: the writer overwrites the oldest record and looks at nobody. */
export class Ring {
  readonly index: number
  readonly #segment: EntryMemory
  readonly #options: RingOptions
  readonly #start: number
  readonly #metadata: number

  constructor(segment: EntryMemory, index: number, options: RingOptions) {
    this.#segment = segment
    this.index = index
    this.#options = options
    const { entrySize, ringSize, threads, schema } = options
    const data = entrySize * ringSize * threads
    this.#metadata = roundUp(RingOffset.HEADER_SIZE + data)
    const schemaOffset = this.#metadata + threads * RING_CACHE_LINE
    this.#start = segment.heap.allocate(schemaOffset + (schema?.length ?? 0))
    this.#write(RingOffset.ENTRY_SIZE, entrySize)
    this.#write(RingOffset.RING_SIZE, ringSize)
    this.#write(RingOffset.THREADS, threads)
    this.#write(RingOffset.SCHEMA_SIZE, schema?.length ?? 0)
    this.#write(RingOffset.SCHEMA_VERSION, options.schemaVersion ?? 0)
    this.#write(RingOffset.METADATA, this.#metadata)
    this.#write(RingOffset.DATA, RingOffset.HEADER_SIZE)
    for (let thread = 0; thread < threads; thread++) {
      const at = this.#metadata + thread * RING_CACHE_LINE
      this.#write(at + 4, options.schemaVersion ?? 0)
      this.#write(at + RingMetadata.SCHEMA_OFFSET, schema === undefined ? 0 : schemaOffset)
      this.#write(at + RingMetadata.SCHEMA_SIZE, schema?.length ?? 0)
    }
    if (schema !== undefined) segment.heap.bytes.set(schema, this.#start + schemaOffset)
    segment.change(() => segment.setValue(index, segment.pointer(this.#start)))
  }

  /** Appends a record of exactly `entrySize` bytes. */
  produce(thread: number, record: Uint8Array): void {
    const { entrySize, ringSize, threads } = this.#options
    if (record.length !== entrySize || !(thread >= 0 && thread < threads)) {
      throw new SimulatorError(
        'SIMULATOR_STATE',
        `a record of ${record.length} bytes for thread ${thread} in ring ${this.index}`,
      )
    }
    const { bytes, quads, words } = this.#segment.heap
    const metadata = this.#start + this.#metadata + thread * RING_CACHE_LINE
    const head = words[metadata / 4] ?? 0
    bytes.set(record, this.#start + RingOffset.HEADER_SIZE + (thread * ringSize + head) * entrySize)
    words[metadata / 4] = (head + 1) % ringSize
    Atomics.add(quads, (metadata + RingMetadata.SEQUENCE) / 8, 1n)
  }

  #write(at: number, value: number): void {
    this.#segment.heap.words[(this.#start + at) / 4] = value
  }
}

function roundUp(size: number): number {
  return Math.ceil(size / RING_CACHE_LINE) * RING_CACHE_LINE
}
