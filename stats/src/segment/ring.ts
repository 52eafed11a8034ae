import { invalidSegment } from '../errors.ts'
import { RING_CACHE_LINE, RingMetadata, RingOffset, ROW_LIMIT } from './layout.ts'
import type { SegmentMemory } from './memory.ts'

/** A ring buffer's structure, every product and range of it checked. Offsets are from the segment's start. */
export interface RingLayout {
  readonly entrySize: number
  /** Records per thread. */
  readonly ringSize: number
  readonly threads: number
  readonly schemaVersion: number
  /** Where the records of thread 0 start; the next thread's follow them. */
  readonly data: number
  /** Word index (8 bytes) of each thread's sequence. */
  readonly sequences: readonly number[]
  readonly schema: { readonly offset: number; readonly length: number } | undefined
}

/** Reads the structure at byte `offset`. */
export function readRing(memory: SegmentMemory, offset: number, what: string): RingLayout {
  const word = (at: number) => memory.words[(offset + at) / 4] ?? 0
  const inside = (start: number, length: number, part: string) => {
    if (start >= 0 && length >= 0 && start + length <= memory.size) return
    throw invalidSegment(`${part} of ${what}: ${length} bytes at ${start} of ${memory.size}`)
  }
  inside(offset, RingOffset.HEADER_SIZE, 'the header')
  const entrySize = word(RingOffset.ENTRY_SIZE)
  const ringSize = word(RingOffset.RING_SIZE)
  const threads = word(RingOffset.THREADS)
  if (entrySize === 0 || ringSize === 0 || threads > ROW_LIMIT) {
    throw invalidSegment(`${what} has ${threads} threads of ${ringSize} records of ${entrySize} bytes`)
  }
  const data = offset + word(RingOffset.DATA)
  const metadataOffset = word(RingOffset.METADATA)
  const metadata = offset + metadataOffset
  if (metadata % 8 !== 0) throw invalidSegment(`the metadata of ${what} is at ${metadata}, no multiple of 8`)
  // Below 2^53 only for the first product; the second then is checked against the segment's size.
  inside(data, ringSize * entrySize, 'a thread')
  inside(data, ringSize * entrySize * threads, 'the records')
  inside(metadata, threads * RING_CACHE_LINE, 'the metadata')
  const schemaSize = word(RingOffset.SCHEMA_SIZE)
  const schemaOffset = threads === 0 ? 0 : word(metadataOffset + RingMetadata.SCHEMA_OFFSET)
  const hasSchema = schemaSize > 0 && schemaOffset > 0
  if (hasSchema) inside(offset + schemaOffset, schemaSize, 'the schema')
  const stride = metadataStride(schemaOffset - metadataOffset, threads)
  inside(metadata, threads * stride, 'the metadata')
  return {
    entrySize,
    ringSize,
    threads,
    schemaVersion: word(RingOffset.SCHEMA_VERSION),
    data,
    sequences: Array.from(
      { length: threads },
      (_, thread) => (metadata + thread * stride + RingMetadata.SEQUENCE) / 8,
    ),
    schema: hasSchema ? { offset: offset + schemaOffset, length: schemaSize } : undefined,
  }
}

/** VPP's cache line is 64 bytes, in some arm64 builds 128: the schema follows the metadata, which tells. */
function metadataStride(schemaDistance: number, threads: number): number {
  return schemaDistance === threads * 2 * RING_CACHE_LINE ? 2 * RING_CACHE_LINE : RING_CACHE_LINE
}

/** What one thread of a ring gave. */
export interface RingBatch {
  /** The records, oldest first: copies. */
  readonly records: readonly Uint8Array[]
  /** Number of the first record (records are numbered from 0). */
  readonly first: bigint
  /** Records that were overwritten before they could be read. */
  readonly lost: bigint
  /** Pass this as `from` the next time. */
  readonly next: bigint
}

/**
 * Slots that the writer may be changing. It announces a record by a release store, behind which the stores into the next
 * slot may be seen first (they are on arm64): while the number of that record is not to be seen yet, both the slot it is
 * in and the one behind it can be half written.
 */
const WRITER_SLOTS = 2

/**
 * Reads up to `limit` records of one thread from number `from` on. The writer overwrites the oldest record without
 * looking, so what it may have overtaken while we copied is dropped and counted as lost. `refresh` has a private
 * copy of the segment show the present.
 */
export function readRecords(
  memory: SegmentMemory,
  ring: RingLayout,
  thread: number,
  from: bigint,
  limit: number,
  refresh: () => void,
): RingBatch {
  const at = ring.sequences[thread]
  if (at === undefined) return { records: [], first: from, lost: 0n, next: from }
  const written = Atomics.load(memory.quads, at)
  // A smaller number than last time: the ring was recreated.
  const last = written < from ? 0n : from
  const depth = BigInt(Math.max(0, ring.ringSize - WRITER_SLOTS))
  const start = written - last > depth ? written - depth : last
  const count = Math.min(Number(written - start), limit)
  const copies = Array.from({ length: count }, (_, i) => copyRecord(memory, ring, thread, start + BigInt(i)))
  refresh()
  memory.fence()
  const after = Atomics.load(memory.quads, at)
  const safe = after > depth ? after - depth : 0n
  const overtaken = safe > start ? Math.min(Number(safe - start), count) : 0
  const first = start + BigInt(overtaken)
  return { records: copies.slice(overtaken), first, lost: first - last, next: start + BigInt(count) }
}

function copyRecord(memory: SegmentMemory, ring: RingLayout, thread: number, number: bigint): Uint8Array {
  const slot = Number(number % BigInt(ring.ringSize))
  const start = ring.data + (thread * ring.ringSize + slot) * ring.entrySize
  return Uint8Array.prototype.slice.call(memory.bytes, start, start + ring.entrySize)
}
