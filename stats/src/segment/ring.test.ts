import { describe, expect, test } from 'vitest'
import { RETRY, SegmentReader } from './reader.ts'
import { RingStat } from '../entries.ts'

const BASE = 0x7fdeb20bd000n
const SIZE = 8192
const DIRECTORY = 512
/** Where the ring lies; behind its header metadata, schema, records. */
const RING = 1024
const METADATA = 64

interface Shape {
  entrySize?: number
  ringSize?: number
  threads?: number
  schemaSize?: number
  metadata?: number
  data?: number
  stride?: number
  schemaOffset?: number
  pointer?: bigint
}

/** A segment with one ring buffer, written word by word. */
class RingImage {
  readonly buffer = new ArrayBuffer(SIZE)
  readonly view = new DataView(this.buffer)
  readonly at: { data: number; metadata: number; stride: number }
  refreshed: () => void = () => {}

  constructor(shape: Shape = {}) {
    const {
      entrySize = 16,
      ringSize = 8,
      threads = 2,
      schemaSize = 6,
      metadata = METADATA,
      stride = 64,
    } = shape
    const { schemaOffset = metadata + threads * stride, data = 1024, pointer = BASE + BigInt(RING) } = shape
    const { view } = this
    for (const [at, value] of [2n, BASE, 4n, 0n, BASE + BigInt(DIRECTORY)].entries()) {
      view.setBigUint64(8 * at, value, true)
    }
    view.setUint32(DIRECTORY - 8, 1, true)
    view.setUint32(DIRECTORY, 8, true)
    view.setBigUint64(DIRECTORY + 8, pointer, true)
    new Uint8Array(this.buffer).set(Buffer.from('/ring\0'), DIRECTORY + 16)
    const header = [entrySize, ringSize, threads, schemaSize, 9, metadata, data]
    for (const [at, value] of header.entries()) view.setUint32(RING + 4 * at, value, true)
    if (metadata + 24 < SIZE - RING) {
      view.setUint32(RING + metadata + 16, schemaOffset, true)
      view.setUint32(RING + metadata + 20, schemaSize, true)
    }
    this.at = { data: RING + data, metadata: RING + metadata, stride }
  }

  reader(): SegmentReader {
    const refresh = () => this.refreshed()
    const source = { buffer: this.buffer, refresh, refreshHeader: () => {}, refreshRange: () => {} }
    return new SegmentReader(source, { snapshotBytes: 1e6 })
  }

  ring() {
    const reader = this.reader()
    const ring = untilDone(() => reader.attempt(() => reader.ring(0)))
    if (ring === undefined) throw new Error('no ring')
    return { reader, ring }
  }

  /** Says that so many records have been written by a thread, each of them its number. */
  write(thread: number, from: number, to: number, { entrySize = 16, ringSize = 8 } = {}): void {
    for (let n = from; n < to; n++) {
      const slot = this.at.data + (thread * ringSize + (n % ringSize)) * entrySize
      this.view.setUint32(slot, n, true)
      this.view.setUint8(slot + entrySize - 1, 0xee)
    }
    this.view.setBigUint64(this.at.metadata + thread * this.at.stride + 8, BigInt(to), true)
  }
}

function untilDone<T>(attempt: () => T | typeof RETRY): T {
  for (let n = 0; n < 10; n++) {
    const result = attempt()
    if (result !== RETRY) return result
  }
  throw new Error('disturbed again and again')
}

const numbers = (records: readonly Uint8Array[]) =>
  records.map((record) => new DataView(record.buffer, record.byteOffset).getUint32(0, true))

describe('the structure of a ring', () => {
  test('is read as it stands', () => {
    const { ring } = new RingImage().ring()
    expect(ring).toEqual({
      entrySize: 16,
      ringSize: 8,
      threads: 2,
      schemaVersion: 9,
      data: RING + 1024,
      sequences: [(RING + METADATA + 8) / 8, (RING + METADATA + 64 + 8) / 8],
      schema: { offset: RING + METADATA + 128, length: 6 },
    })
  })

  test('has metadata of 128 bytes a thread where the schema says so', () => {
    const { ring } = new RingImage({ stride: 128 }).ring()
    expect(ring.sequences).toEqual([(RING + METADATA + 8) / 8, (RING + METADATA + 128 + 8) / 8])
  })

  test.each<[string, Shape]>([
    ['without a size', { schemaSize: 0 }],
    ['without a place', { schemaOffset: 0 }],
  ])('has no schema %s', (_, shape) => {
    expect(new RingImage(shape).ring().ring.schema).toBeUndefined()
  })

  test('may have no threads yet', () => {
    const { ring } = new RingImage({ threads: 0 }).ring()
    expect(ring).toMatchObject({ threads: 0, sequences: [], schema: undefined })
  })

  test.each<[string, Shape, RegExp]>([
    ['records of nothing', { entrySize: 0 }, /2 threads of 8 records of 0 bytes/],
    ['no records', { ringSize: 0 }, /2 threads of 0 records of 16 bytes/],
    ['too many threads', { threads: 1025 }, /1025 threads/],
    ['metadata between words', { metadata: 68 }, /metadata of ring buffer 0 is at 1092, no multiple of 8/],
    ['metadata behind the end', { metadata: SIZE - RING - 64 }, /the metadata of ring buffer 0: 128 bytes/],
    [
      'records of a thread behind the end',
      { threads: 1, ringSize: 385 },
      /a thread of ring buffer 0: 6160 bytes/,
    ],
    ['records behind the end', { ringSize: 193 }, /the records of ring buffer 0: 6176 bytes/],
    ['a product beyond all numbers', { ringSize: 0xffffffff, entrySize: 0xffffffff }, /a thread of/],
    ['a schema behind the end', { schemaOffset: SIZE - RING - 5 }, /the schema of ring buffer 0: 6 bytes/],
    [
      'a header behind the end',
      { pointer: BASE + BigInt(SIZE - 24) },
      /the header of ring buffer 0: 28 bytes/,
    ],
  ])('is damaged with %s', (_, shape, message) => {
    const image = new RingImage(shape)
    expect(() => image.ring()).toThrow(message)
    expect(() => image.ring()).toThrow(expect.objectContaining({ code: 'STATS_SEGMENT_INVALID' }))
  })

  test.each<[string, Shape]>([
    ['records up to the end', { ringSize: 192 }],
    ['a schema up to the end', { schemaOffset: SIZE - RING - 6 }],
    [
      '1024 threads of none of which metadata is missing',
      { threads: 64, ringSize: 1, entrySize: 8, data: 4608 },
    ],
  ])('is sound with %s', (_, shape) => {
    expect(() => new RingImage(shape).ring()).not.toThrow()
  })

  test('is that of an entry of its type only, once its buffer is there', () => {
    const other = new RingImage()
    other.view.setUint32(DIRECTORY, 1, true)
    const early = new RingImage({ pointer: 0n })
    for (const image of [other, early]) {
      const reader = image.reader()
      expect(reader.attempt(() => reader.ring(0))).toBeUndefined()
    }
    const reader = early.reader()
    expect(reader.attempt(() => reader.plan([0], false).entries)).toEqual([])
  })

  test('is shown with the numbers of its threads', () => {
    const image = new RingImage()
    image.write(1, 0, 5)
    const reader = image.reader()
    const made = reader.attempt(() => {
      const plan = reader.plan([0], false)
      plan.plan.execute()
      return plan
    })
    if (made === RETRY) throw new Error('disturbed')
    made.plan.commit()
    const [entry] = made.entries
    if (!(entry instanceof RingStat)) throw new Error('no ring')
    expect([entry.threads, entry.sequence(0), entry.sequence(1)]).toEqual([2, 0n, 5n])
  })
})

describe('records', () => {
  test('are copies, oldest first, of the thread that is asked for', () => {
    const image = new RingImage()
    image.write(0, 0, 2)
    image.write(1, 0, 5)
    const { reader, ring } = image.ring()
    const batch = reader.records(ring, 1, 0n, 100)
    expect(batch).toMatchObject({ first: 0n, lost: 0n, next: 5n })
    expect(numbers(batch.records)).toEqual([0, 1, 2, 3, 4])
    expect(batch.records.map((record) => [record.length, record[15]])).toEqual(
      Array.from({ length: 5 }, () => [16, 0xee]),
    )
    new Uint8Array(image.buffer).fill(0)
    expect(numbers(batch.records)).toEqual([0, 1, 2, 3, 4])
    expect(numbers(reader.records(ring, 0, 0n, 100).records)).toEqual([])
  })

  test('go on where the last ones ended, as many at once as wanted', () => {
    const image = new RingImage()
    image.write(0, 0, 5)
    const { reader, ring } = image.ring()
    expect(reader.records(ring, 0, 1n, 2)).toMatchObject({ first: 1n, lost: 0n, next: 3n })
    expect(numbers(reader.records(ring, 0, 3n, 2).records)).toEqual([3, 4])
    expect(reader.records(ring, 0, 5n, 2)).toMatchObject({ records: [], first: 5n, lost: 0n, next: 5n })
  })

  test('that the writer may be changing are not read: two fewer than the ring has', () => {
    const image = new RingImage()
    image.write(0, 0, 20)
    const { reader, ring } = image.ring()
    const batch = reader.records(ring, 0, 3n, 100)
    expect(batch).toMatchObject({ first: 14n, lost: 11n, next: 20n })
    expect(numbers(batch.records)).toEqual([14, 15, 16, 17, 18, 19])
  })

  test('that were overwritten while they were copied are lost', () => {
    const image = new RingImage()
    image.write(0, 0, 6)
    const { reader, ring } = image.ring()
    image.refreshed = () => image.write(0, 6, 8)
    const batch = reader.records(ring, 0, 0n, 100)
    expect(batch).toMatchObject({ first: 2n, lost: 2n, next: 6n })
    expect(numbers(batch.records)).toEqual([2, 3, 4, 5])
    image.refreshed = () => image.write(0, 8, 100)
    expect(reader.records(ring, 0, 6n, 100)).toMatchObject({ records: [], first: 8n, lost: 2n, next: 8n })
  })

  test('of a ring that was recreated are read from its beginning', () => {
    const image = new RingImage()
    image.write(0, 0, 3)
    const { reader, ring } = image.ring()
    expect(reader.records(ring, 0, 50n, 100)).toMatchObject({ first: 0n, lost: 0n, next: 3n })
  })

  test('of a thread that is not there are none', () => {
    const { reader, ring } = new RingImage().ring()
    expect(reader.records(ring, 2, 7n, 100)).toEqual({ records: [], first: 7n, lost: 0n, next: 7n })
  })

  test('of a ring of two or fewer are none: the writer may be in any of them', () => {
    const image = new RingImage({ ringSize: 2 })
    image.write(0, 0, 2, { ringSize: 2 })
    const { reader, ring } = image.ring()
    expect(reader.records(ring, 0, 0n, 100)).toMatchObject({ records: [], first: 2n, lost: 2n, next: 2n })
  })
})
