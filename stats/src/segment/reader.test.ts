import { expect, test } from 'vitest'
import type { StatsError } from '../errors.ts'
import type { RowMode } from './build.ts'
import { RETRY, SegmentReader } from './reader.ts'

/*
 * Images written word by word at fixed places, independent of the publisher: header at 0, directory at 512,
 * vectors from 4096 on.
 */
const BASE = 0x7fdeb20bd000n
const DIRECTORY = 512
const ENTRY = 144

class Image {
  readonly buffer = new ArrayBuffer(16_384)
  readonly view = new DataView(this.buffer)
  #entries = 0

  constructor(version: bigint) {
    this.view.setBigUint64(0, version, true)
    this.view.setBigUint64(8, BASE, true)
    this.view.setBigUint64(16, 5n, true)
    this.view.setBigUint64(32, BASE + BigInt(DIRECTORY), true)
  }

  entry(type: number, value: bigint, name: string): void {
    const at = DIRECTORY + this.#entries++ * ENTRY
    this.view.setUint32(at, type, true)
    this.view.setUint32(at + 4, 0xabad1dea, true)
    this.view.setBigUint64(at + 8, value, true)
    new Uint8Array(this.buffer).set(Buffer.from(`${name}\0garbage`), at + 16)
    this.view.setUint32(DIRECTORY - 8, this.#entries, true)
  }

  /** A vector of words; returns its pointer. */
  words(at: number, values: bigint[]): bigint {
    this.view.setUint32(at - 8, values.length, true)
    values.forEach((value, i) => this.view.setBigUint64(at + 8 * i, value, true))
    return BASE + BigInt(at)
  }

  reader(): SegmentReader {
    const source = { buffer: this.buffer, refresh: () => {}, refreshHeader: () => {}, refreshRange: () => {} }
    return new SegmentReader(source, { snapshotBytes: 1e6 })
  }

  dump(mode: RowMode = 'rows') {
    const reader = this.reader()
    const result = reader.attempt(() => {
      const indexes = reader.directory().names.flatMap((name, index) => (name === '' ? [] : [index]))
      const made = reader.plan(indexes, false, mode)
      made.plan.execute()
      return made
    })
    if (result === RETRY) throw new Error('disturbed')
    result.plan.commit()
    return result.entries
  }
}

test('the layout of VPP 22.06 and newer', () => {
  const image = new Image(2n)
  image.entry(1, 77n, '/sys/heartbeat')
  image.entry(2, image.words(4096, [image.words(4160, [1n, 2n]), 0n, image.words(4224, [3n])]), '/simple')
  image.entry(6, (1n << 32n) | 1n, '/link')
  image.entry(9, 5n, '/gauge')
  const [scalar, simple, link, gauge] = image.dump()
  expect(scalar).toMatchObject({ type: 'scalar', name: '/sys/heartbeat', value: 77n })
  expect(gauge).toMatchObject({ type: 'gauge', value: 5n })
  if (simple?.type !== 'simple' || link?.type !== 'simple') throw new Error('wrong types')
  expect([simple.rows, simple.columns(0), simple.columns(1), simple.columns(2)]).toEqual([3, 2, 0, 1])
  expect([simple.get(0, 1), simple.get(1, 0), simple.get(2, 0), simple.get(2, 1)]).toEqual([
    2n,
    undefined,
    3n,
    undefined,
  ])
  expect([...simple.sums()]).toEqual([4n, 2n])
  expect(link).toMatchObject({ target: 1 })
  expect([link.get(0), link.get(1), link.get(2), link.sum()]).toEqual([2n, undefined, undefined, 2n])
})

test('rows are summed while they are copied, whatever their number and lengths', () => {
  const shapes = [
    [3],
    [3, 3],
    [3, 3, 3],
    [3, 3, 3, 3],
    [3, 3, 3, 3, 3],
    [0, 3, 3, 0],
    [3, 1, 2],
    [1, 0, 3],
    [0],
  ]
  for (const lengths of shapes) {
    const image = new Image(2n)
    const rows = lengths.map((length, row) =>
      Array.from({ length: 2 * length }, (_, i) => 2n ** 63n + BigInt(10 ** row * (i + 1))),
    )
    const pointers = rows.map((values, row) => {
      if (values.length === 0) return 0n
      const pointer = image.words(4352 + row * 64, values)
      // Elements of two words.
      image.view.setUint32(4352 + row * 64 - 8, values.length / 2, true)
      return pointer
    })
    image.entry(3, image.words(4096, pointers), '/combined')
    const [summed] = image.dump('sums')
    const [copied] = image.dump('rows')
    if (summed?.type !== 'combined' || copied?.type !== 'combined') throw new Error('wrong types')
    expect([...summed.row(0)], `rows of ${lengths.join()}`).toEqual([...copied.sums()])
    const expected = Array.from({ length: 2 * Math.max(...lengths) }, (_, i) =>
      BigInt.asUintN(
        64,
        rows.reduce((sum, row) => sum + (row[i] ?? 0n), 0n),
      ),
    )
    expect([...summed.row(0)], `rows of ${lengths.join()}`).toEqual(expected)
  }
})

test('rows that overlap count for what is read of them', () => {
  const image = new Image(2n)
  const row = image.words(8192 + 8, [])
  image.view.setUint32(8192, 1000, true)
  image.entry(
    2,
    image.words(
      4096,
      Array.from({ length: 200 }, () => row),
    ),
    '/simple',
  )
  const reader = image.reader()
  const attempts = () => {
    for (let i = 0; i < 10; i++) reader.attempt(() => reader.plan([0], false, 'sums'))
  }
  expect(attempts).toThrow(expect.objectContaining({ code: 'STATS_SNAPSHOT_TOO_LARGE' }))
})

test('the layout of VPP 20.09 to 22.02 has other type numbers and error counters in the header', () => {
  const image = new Image(2n)
  const errors = image.words(4096, [image.words(4160, [10n, 11n, 12n]), image.words(4224, [20n, 21n, 22n])])
  image.view.setBigUint64(40, errors, true)
  image.entry(1, 1n, '/sys/heartbeat')
  image.entry(4, 2n, '/err/node/reason')
  new Uint8Array(image.buffer).set(Buffer.from('local0\0'), 4352)
  image.view.setUint32(4352 - 8, 7, true)
  image.entry(5, image.words(4288, [BASE + 4352n]), '/if/names')
  image.entry(6, 0xffffffffn, '')
  image.entry(2, image.words(4416, [image.words(4480, [7n, 8n])]), '/simple')
  image.entry(7, (1n << 32n) | 4n, '/link')
  const entries = image.dump()
  expect(entries.map((entry) => [entry.name, entry.type])).toEqual([
    ['/sys/heartbeat', 'scalar'],
    ['/err/node/reason', 'simple'],
    ['/if/names', 'names'],
    ['/simple', 'simple'],
    ['/link', 'simple'],
  ])
  const [, error, names, , link] = entries
  if (error?.type !== 'simple' || link?.type !== 'simple' || names?.type !== 'names')
    throw new Error('wrong types')
  expect([error.get(0), error.get(1), error.sum()]).toEqual([12n, 22n, 34n])
  expect(link.get(0)).toBe(8n)
  expect(names.names).toEqual(['local0'])
})

test.each([
  [0n, /version 0 is not supported/],
  [1n, /version 1 \(VPP 19\.08 to 20\.05\) is not supported/],
  [3n, /version 3 .* knows version 2/],
  [2n ** 63n, /version 9223372036854775808 /],
])('version %s is refused by name', (version, message) => {
  const read = () => new Image(version).reader()
  expect(read).toThrow(message)
  expect(read).toThrow(expect.objectContaining<Partial<StatsError>>({ code: 'STATS_VERSION_UNSUPPORTED' }))
})

test.each([0, 8, 40, 47])('a buffer of %d bytes is no segment', (size) => {
  const source = {
    buffer: new ArrayBuffer(size),
    refresh: () => {},
    refreshHeader: () => {},
    refreshRange: () => {},
  }
  expect(() => new SegmentReader(source, { snapshotBytes: 1e6 })).toThrow(
    expect.objectContaining({ code: 'STATS_SEGMENT_INVALID' }),
  )
})

test('a segment without a directory is empty', () => {
  const image = new Image(2n)
  image.view.setBigUint64(32, 0n, true)
  expect(image.dump()).toEqual([])
})

test('numbers beyond 2^53 are exact', () => {
  const image = new Image(2n)
  const large = 2n ** 64n - 1n
  image.entry(1, large, '/scalar')
  image.entry(3, image.words(4096, [image.words(4160, [large, 2n ** 53n + 1n])]), '/combined')
  image.view.setUint32(4152, 1, true)
  const [scalar, combined] = image.dump()
  expect(scalar).toMatchObject({ value: large })
  if (combined?.type !== 'combined') throw new Error('wrong type')
  expect([combined.packets(0), combined.bytes(0)]).toEqual([large, 2n ** 53n + 1n])
})

test('values outlive and do not follow the memory', () => {
  const image = new Image(2n)
  image.entry(1, 1n, '/scalar')
  const [entry] = image.dump()
  new Uint8Array(image.buffer).fill(0xff)
  expect(entry).toMatchObject({ value: 1n })
})

test.each([
  ['below the base', BASE - 8n],
  ['to the header', BASE],
  ['at the end', BASE + 16_384n],
  ['unaligned', BASE + 4097n],
  ['far away', 2n ** 64n - 8n],
  ['into a length that runs out', BASE + 8192n],
])('a pointer %s is damage', (_, pointer) => {
  const image = new Image(2n)
  image.view.setUint32(8184, 0xffffffff, true)
  image.entry(2, pointer, '/simple')
  const reader = image.reader()
  const attempts = () => {
    for (let i = 0; i < 10; i++) {
      const result = reader.attempt(() => reader.plan([0], false))
      if (result !== RETRY) return result
    }
    return RETRY
  }
  expect(attempts).toThrow(expect.objectContaining({ code: 'STATS_SEGMENT_INVALID' }))
})

test.each([
  ['in the middle of a change', 24, 1n],
  ['of an epoch that has passed', 16, 6n],
])('what was read %s is not given out', (_, at, value) => {
  const image = new Image(2n)
  image.entry(1, 1n, '/scalar')
  const reader = image.reader()
  const read = () => {
    image.view.setBigUint64(at, value, true)
    return 'torn'
  }
  expect(reader.attempt(read)).toBe(RETRY)
})

test('while VPP changes the structure nothing is read at all', () => {
  const image = new Image(2n)
  image.entry(1, 77n, '/sys/heartbeat')
  const reader = image.reader()
  image.view.setBigUint64(24, 1n, true)
  let reads = 0
  expect(reader.attempt(() => reads++)).toBe(RETRY)
  expect(reads).toBe(0)
  image.view.setBigUint64(24, 0n, true)
  expect(reader.attempt(() => ++reads)).toBe(1)
})
