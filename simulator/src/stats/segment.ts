import { SimulatorError } from '../errors.ts'
import {
  ENTRY_NAME,
  ENTRY_NAME_SIZE,
  ENTRY_SIZE,
  ENTRY_VALUE,
  HeaderQuad,
  Kind,
  VERSION,
} from '@vpp-ts/stats/internal'
import { CombinedCounter, SimpleCounter } from './counters.ts'
import { SegmentHeap } from './heap.ts'
import { Histogram } from './histogram.ts'
import { NameVector } from './names.ts'
import { Ring, type RingOptions } from './ring.ts'

/** An address of user space as VPP's own mapping may have it. */
const BASE = 0x7f5a_3c00_0000n
const NO_NEXT = 0xffffffff

/** A value in place. */
export interface Scalar {
  set(value: bigint): void
}

/**
 * A stats segment as VPP 26.06 lays it out, written into a buffer: readers in C, Go, Python and this project take
 * it for VPP's. Structure changes follow VPP's protocol (in_progress, epoch), values are single 8-byte stores.
 */
export class StatsSegment {
  readonly heap: SegmentHeap
  #directory = 0
  #length = 0
  #capacity = 0
  #firstFree = NO_NEXT
  #locks = 0
  readonly #byName = new Map<string, number>()

  /** Takes over `buffer`, which has to be zero. The first three entries are those VPP always has. */
  constructor(buffer: ArrayBuffer) {
    this.heap = new SegmentHeap(buffer)
    const { quads } = this.heap
    quads[HeaderQuad.BASE] = BASE
    quads[HeaderQuad.EPOCH] = 1n
    // Last: a reader that sees the version sees the rest.
    Atomics.store(quads, HeaderQuad.VERSION, BigInt(VERSION))
  }

  /** The number of structure changes so far, plus one. */
  get epoch(): bigint {
    return this.heap.quads[HeaderQuad.EPOCH] ?? 0n
  }

  /** Runs a change of structure: readers wait or retry. Nests; the epoch grows once. */
  change<T>(work: () => T): T {
    const { quads } = this.heap
    if (this.#locks++ === 0) Atomics.store(quads, HeaderQuad.IN_PROGRESS, 1n)
    try {
      return work()
    } finally {
      if (--this.#locks === 0) {
        Atomics.add(quads, HeaderQuad.EPOCH, 1n)
        Atomics.store(quads, HeaderQuad.IN_PROGRESS, 0n)
      }
    }
  }

  /** A timestamp or other value that is set as a whole. */
  addScalar(name: string, value = 0n): Scalar {
    return this.#addValue(name, Kind.SCALAR, value)
  }

  /** A value that goes up and down. */
  addGauge(name: string, value = 0n): Scalar {
    return this.#addValue(name, Kind.GAUGE, value)
  }

  /** A counter with a row per thread. It has no columns until it is widened. */
  addSimple(name: string, rows: number): SimpleCounter {
    const index = this.#addEntry(name, Kind.SIMPLE)
    return new SimpleCounter(this, index, rows)
  }

  /** A counter of packets and bytes with a row per thread. It has no columns until it is widened. */
  addCombined(name: string, rows: number): CombinedCounter {
    const index = this.#addEntry(name, Kind.COMBINED)
    return new CombinedCounter(this, index, rows)
  }

  /** A list of names. */
  addNames(name: string): NameVector {
    return new NameVector(this, this.#addEntry(name, Kind.NAMES))
  }

  /** A histogram per thread. */
  addHistogram(name: string, rows: number, minExponent: number, bins: number): Histogram {
    return new Histogram(this, this.#addEntry(name, Kind.HISTOGRAM), rows, minExponent, bins)
  }

  /** A ring buffer per thread. */
  addRing(name: string, options: RingOptions): Ring {
    return new Ring(this, this.#addEntry(name, Kind.RING), options)
  }

  /** A second name for one column of a counter. */
  addSymlink(name: string, target: { readonly index: number }, column: number): number {
    return this.change(() => {
      const index = this.#addEntry(name, Kind.SYMLINK)
      this.setValue(index, (BigInt(column) << 32n) | BigInt(target.index))
      return index
    })
  }

  /** Gives an entry another name, as VPP does to symlinks: in place, without a new epoch. */
  rename(index: number, name: string): void {
    this.#byName.delete(this.nameOf(index))
    this.#writeName(index, name)
    this.#byName.set(name, index)
  }

  /** Removes an entry; its slot is used again by the next one that is added. */
  remove(index: number): void {
    this.change(() => {
      this.#byName.delete(this.nameOf(index))
      const at = this.#entry(index)
      this.heap.bytes.fill(0, at, at + ENTRY_SIZE)
      this.heap.words[at / 4] = Kind.EMPTY
      this.setValue(index, BigInt(this.#firstFree))
      this.#firstFree = index
    })
  }

  /** Index of an entry by its name. */
  find(name: string): number | undefined {
    return this.#byName.get(name)
  }

  /** Stores an entry's value word: a value in place, or what {@link pointer} gives. */
  setValue(index: number, value: bigint): void {
    this.heap.quads[(this.#entry(index) + ENTRY_VALUE) / 8] = value
  }

  /** The value word of an entry. */
  valueOf(index: number): bigint {
    return this.heap.quads[(this.#entry(index) + ENTRY_VALUE) / 8] ?? 0n
  }

  /** An offset of the segment as VPP stores it. */
  pointer(offset: number): bigint {
    return BASE + BigInt(offset)
  }

  /** The name of an entry. */
  nameOf(index: number): string {
    const at = this.#entry(index) + ENTRY_NAME
    return Buffer.from(this.heap.bytes.subarray(at, this.heap.bytes.indexOf(0, at))).toString()
  }

  #addValue(name: string, kind: number, value: bigint): Scalar {
    const index = this.#addEntry(name, kind)
    this.setValue(index, value)
    return { set: (next) => this.setValue(index, next) }
  }

  #addEntry(name: string, kind: number): number {
    if (this.#byName.has(name))
      throw new SimulatorError('SIMULATOR_STATE', `the stats segment has an entry ${name} already`)
    return this.change(() => {
      const index = this.#takeSlot()
      const at = this.#entry(index)
      this.#writeName(index, name)
      this.setValue(index, 0n)
      this.heap.words[at / 4] = kind
      this.#byName.set(name, index)
      return index
    })
  }

  #takeSlot(): number {
    if (this.#firstFree !== NO_NEXT) {
      const index = this.#firstFree
      this.#firstFree = Number(this.valueOf(index))
      return index
    }
    if (this.#length === this.#capacity) this.#growDirectory()
    this.heap.words[this.#directory / 4 - 2] = ++this.#length
    return this.#length - 1
  }

  /** Moves the directory to a place with more room. */
  #growDirectory(): void {
    const { heap } = this
    this.#capacity = Math.max(64, this.#capacity * 2)
    const directory = heap.vector(this.#capacity, ENTRY_SIZE)
    heap.words[directory / 4 - 2] = this.#length
    heap.bytes.copyWithin(directory, this.#directory, this.#directory + this.#length * ENTRY_SIZE)
    // VPP leaves garbage in the padding of entries; readers must not look there.
    for (let at = directory; at < directory + this.#capacity * ENTRY_SIZE; at += ENTRY_SIZE) {
      heap.words[at / 4 + 1] = 0xdeadbeef
    }
    this.#directory = directory
    heap.quads[HeaderQuad.DIRECTORY] = this.pointer(directory)
  }

  #writeName(index: number, name: string): void {
    const bytes = Buffer.from(name)
    if (bytes.length >= ENTRY_NAME_SIZE || bytes.includes(0)) {
      throw new SimulatorError(
        'SIMULATOR_STATE',
        `the name of a stats entry has at most ${ENTRY_NAME_SIZE - 1} bytes: ${name}`,
      )
    }
    const at = this.#entry(index) + ENTRY_NAME
    this.heap.bytes.set(bytes, at)
    this.heap.bytes[at + bytes.length] = 0
  }

  #entry(index: number): number {
    return this.#directory + index * ENTRY_SIZE
  }
}
