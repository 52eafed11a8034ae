import type { StatEntry } from '../entries.ts'
import { mayBeTransient } from '../errors.ts'
import { buildEntries, type RowMode } from './build.ts'
import { Directory } from './directory.ts'
import { ENTRY_SIZE, ENTRY_VALUE, HeaderQuad, Kind, type Layout } from './layout.ts'
import { SegmentMemory } from './memory.ts'
import { CopyPlan } from './plan.ts'
import { readRecords, readRing, type RingBatch, type RingLayout } from './ring.ts'

/** The memory of a segment, and how to have it show the present. */
export interface SegmentSource {
  /** The mapping, or a private copy of what cannot be mapped safely. */
  readonly buffer: ArrayBuffer
  /** Brings all of a private copy up to date; nothing for a mapping. */
  refresh(): void
  /** Brings the header of a private copy up to date; nothing for a mapping. */
  refreshHeader(): void
  /** Brings `length` bytes at `offset` of a private copy up to date; nothing for a mapping. */
  refreshRange(offset: number, length: number): void
}

/** Limits against damaged segments and oversized requests. */
export interface ReaderLimits {
  /** Bytes that one snapshot may copy. */
  readonly snapshotBytes: number
}

/** Result of an attempt that VPP got in the way of. */
export const RETRY = Symbol('the segment is being changed')

/** Attempts in which damage was seen with no change going on: it is real. */
const DAMAGE_ATTEMPTS = 4
const HEARTBEAT = '/sys/heartbeat'

/** Reads consistent snapshots of one segment; no waiting, no I/O. */
export class SegmentReader {
  readonly memory: SegmentMemory
  readonly #source: SegmentSource
  readonly #limits: ReaderLimits
  readonly #layout: Layout
  #directory: Directory | undefined
  /** False when `#directory` is of an epoch before: it then only serves as a hint. */
  #fresh = false
  /** True once the attempt that is running has compared `#directory` with the memory. */
  #verified = false
  #epochLow = 0
  #epochHigh = 0
  #damaged = 0
  /** Where the heartbeat was found last. VPP has it first. */
  #heartbeatIndex = 0
  #searchedEpoch: bigint | undefined

  /** Throws when the buffer holds no segment of a known version. */
  constructor(source: SegmentSource, limits: ReaderLimits) {
    source.refresh()
    this.#source = source
    this.#limits = limits
    this.memory = new SegmentMemory(source.buffer)
    this.#layout = this.memory.layout()
  }

  /**
   * Runs `read` and returns its result if the segment's structure did not change meanwhile, else
   * {@link RETRY}. Damage is thrown when it is there again and again with no change under way.
   */
  attempt<T>(read: () => T): T | typeof RETRY {
    this.#source.refresh()
    if (this.memory.inProgress) return RETRY
    this.#noteEpoch()
    this.#verified = false
    try {
      const result = read()
      if (!this.#unchanged()) return RETRY
      this.#damaged = 0
      return result
    } catch (error) {
      if (!mayBeTransient(error)) throw error
      this.#fresh = false
      if (!this.#unchanged() || ++this.#damaged < DAMAGE_ATTEMPTS) return RETRY
      this.#damaged = 0
      throw error
    }
  }

  /** The directory as of the attempt that is running. */
  directory(): Directory {
    if (this.#directory === undefined || !this.#isValid(this.#directory)) {
      this.#directory = Directory.read(this.memory, this.#layout, this.#directory)
      this.#fresh = true
    }
    this.#verified = true
    return this.#directory
  }

  /** A plan for the entries `indexes`, with the objects that show its results after `execute`. */
  plan(
    indexes: Iterable<number>,
    repeatable: boolean,
    mode: RowMode = 'rows',
  ): { plan: CopyPlan; entries: StatEntry[] } {
    const directory = this.directory()
    const plan = new CopyPlan(this.memory, directory, this.#limits.snapshotBytes, repeatable)
    return { plan, entries: buildEntries(this.memory, directory, plan, indexes, mode) }
  }

  /** Whether what a plan was made from is still so in the attempt that is running. */
  holds(plan: CopyPlan): boolean {
    return plan.holds(this.#epochLow, this.#epochHigh)
  }

  /** The layout of ring buffer `index`; undefined when the entry is none (yet). */
  ring(index: number): RingLayout | undefined {
    const directory = this.directory()
    if (directory.kinds[index] !== Kind.RING) return undefined
    const what = `ring buffer ${index}`
    const offset = this.memory.pointer(directory.entryOffset(index) + ENTRY_VALUE, what)
    return offset === 0 ? undefined : readRing(this.memory, offset, what)
  }

  /** Up to `limit` records of one thread of a ring buffer from number `from` on. */
  records(ring: RingLayout, thread: number, from: bigint, limit: number): RingBatch {
    return readRecords(this.memory, ring, thread, from, limit, () => this.#source.refresh())
  }

  /**
   * The heartbeat, without a snapshot: of a private copy only the header and one entry are read. Undefined when there is
   * none, or when VPP is changing the segment.
   */
  heartbeat(): bigint | undefined {
    const { memory } = this
    this.#source.refreshHeader()
    if (memory.inProgress) return undefined
    const start = memory.pointer(HeaderQuad.DIRECTORY * 8, 'the directory')
    if (start === 0) return undefined
    const value = this.#heartbeatAt(start + this.#heartbeatIndex * ENTRY_SIZE)
    return value ?? this.#findHeartbeat()
  }

  #heartbeatAt(entry: number): bigint | undefined {
    if (entry + ENTRY_SIZE > this.memory.size) return undefined
    this.#source.refreshRange(entry, ENTRY_SIZE)
    if (!Directory.isAt(this.memory, this.#layout, entry, HEARTBEAT, Kind.SCALAR)) return undefined
    return Atomics.load(this.memory.quads, (entry + ENTRY_VALUE) / 8)
  }

  /** Looks through the whole directory, once an epoch. */
  #findHeartbeat(): bigint | undefined {
    const { memory } = this
    if (memory.epoch === this.#searchedEpoch) return undefined
    const index = this.attempt(() => this.directory().names.indexOf(HEARTBEAT))
    if (index === RETRY) return undefined
    this.#searchedEpoch = memory.epoch
    if (index < 0) return undefined
    this.#heartbeatIndex = index
    return this.#heartbeatAt(this.directory().entryOffset(index))
  }

  #isValid(directory: Directory): boolean {
    if (!this.#fresh || !directory.isCurrent(this.memory)) return false
    return this.#verified || directory.isUnchanged(this.memory)
  }

  #noteEpoch(): void {
    const low = this.memory.epochWord(0)
    const high = this.memory.epochWord(1)
    if (low === this.#epochLow && high === this.#epochHigh) return
    this.#epochLow = low
    this.#epochHigh = high
    this.#fresh = false
  }

  #unchanged(): boolean {
    this.#source.refreshHeader()
    const { memory } = this
    memory.fence()
    return (
      !memory.inProgress &&
      memory.epochWord(0) === this.#epochLow &&
      memory.epochWord(1) === this.#epochHigh &&
      (!this.#fresh || (this.#directory?.isCurrent(memory) ?? true))
    )
  }
}
