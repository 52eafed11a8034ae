import { describe, expect, test } from 'vitest'
import { CombinedStat, SimpleStat } from '../entries.ts'
import type { StatsError } from '../errors.ts'
import type { RowMode } from './build.ts'
import { decodeString } from './memory.ts'
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

test.each([0, 8, 40, 47])('a buffer of %d bytes is not a segment', (size) => {
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

/** Runs until it was not disturbed, or throws what is wrong. */
function settled<T>(reader: SegmentReader, read: () => T): T {
  for (let n = 0; n < 10; n++) {
    const result = reader.attempt(read)
    if (result !== RETRY) return result
  }
  throw new Error('disturbed again and again')
}

const HEARTBEAT_AT = DIRECTORY + 8

describe('what a plan was made from', () => {
  /** One of each kind, and a set that is read again and again. */
  function prepared(indexes = [0, 1, 2, 3, 4, 5]) {
    const image = new Image(2n)
    const { view } = image
    image.entry(1, 7n, '/scalar')
    image.entry(9, 8n, '/gauge')
    image.entry(2, image.words(4096, [image.words(4160, [1n, 2n])]), '/simple')
    image.entry(6, (1n << 32n) | 2n, '/link')
    const names = Buffer.from('loop0\0')
    new Uint8Array(image.buffer).set(names, 4352)
    view.setUint32(4352 - 8, names.length, true)
    image.entry(4, image.words(4288, [BASE + 4352n, 0n]), '/names')
    image.entry(3, image.words(4480, [image.words(4544, [3n, 4n])]), '/combined')
    view.setUint32(4544 - 8, 1, true)
    const reader = image.reader()
    const made = settled(reader, () => {
      const plan = reader.plan(indexes, true)
      plan.plan.execute()
      return plan
    })
    made.plan.commit()
    const holds = () => settled(reader, () => reader.holds(made.plan))
    const again = () => {
      settled(reader, () => made.plan.execute())
      made.plan.commit()
    }
    return { image, view, reader, ...made, holds, again }
  }

  test('holds while only numbers change, which are shown after the next copy', () => {
    const { image, view, entries, holds, again } = prepared()
    const [scalar, gauge, simple, link, names, combined] = entries
    expect(holds()).toBe(true)
    view.setBigUint64(HEARTBEAT_AT, 70n, true)
    view.setBigUint64(HEARTBEAT_AT + ENTRY, 80n, true)
    image.words(4160, [10n, 20n])
    view.setBigUint64(4544, 30n, true)
    expect(holds()).toBe(true)
    expect(scalar).toMatchObject({ value: 7n })
    again()
    expect([scalar, gauge]).toMatchObject([{ value: 70n }, { value: 80n }])
    if (simple?.type !== 'simple' || link?.type !== 'simple' || combined?.type !== 'combined')
      throw new Error()
    expect([simple.get(0, 0), simple.get(0, 1), link.get(0), combined.packets(0), combined.bytes(0)]).toEqual(
      [10n, 20n, 20n, 30n, 4n],
    )
    expect(names).toMatchObject({ names: ['loop0', undefined] })
    again()
    expect([scalar, gauge]).toMatchObject([{ value: 70n }, { value: 80n }])
  })

  test.each<[string, (view: DataView) => void]>([
    ['the directory moves', (view) => view.setBigUint64(32, BASE + BigInt(DIRECTORY) - 8n, true)],
    ['the directory moves far', (view) => view.setUint32(36, 0x7fdf, true)],
    ['the directory grows', (view) => view.setUint32(DIRECTORY - 8, 7, true)],
    ['an entry is of another type', (view) => view.setUint32(DIRECTORY + ENTRY, 1, true)],
    ['an entry has another name', (view) => view.setUint8(DIRECTORY + 16 + 3, 0x58)],
    ['the last letter of a name changes', (view) => view.setUint8(DIRECTORY + 5 * ENTRY + 16 + 8, 0x58)],
    ['a vector of rows moves', (view) => view.setUint32(DIRECTORY + 2 * ENTRY + 8, 0x20be000, true)],
    ['a vector of rows moves far', (view) => view.setUint32(DIRECTORY + 2 * ENTRY + 12, 1, true)],
    ['there are more rows', (view) => view.setUint32(4096 - 8, 2, true)],
    ['a row moves', (view) => view.setUint32(4096, 0x20be000, true)],
    ['a row moves far', (view) => view.setUint32(4100, 1, true)],
    ['a row grows', (view) => view.setUint32(4160 - 8, 3, true)],
    ['a link is to another column', (view) => view.setUint32(DIRECTORY + 3 * ENTRY + 12, 0, true)],
    ['a link is to another entry', (view) => view.setUint32(DIRECTORY + 3 * ENTRY + 8, 5, true)],
  ])('does not hold when %s', (_, change) => {
    const { view, reader, plan } = prepared()
    change(view)
    // The attempt itself notices what is wrong with the directory.
    const results = [reader.attempt(() => reader.holds(plan))].filter((it) => it !== RETRY)
    expect(results.every((holds) => holds === false)).toBe(true)
    expect(plan.holds(5, 0)).toBe(false)
  })

  test('does not hold when the target of a link is of another type', () => {
    const { view, plan } = prepared([3])
    expect(plan.holds(5, 0)).toBe(true)
    view.setUint32(DIRECTORY + 2 * ENTRY, 3, true)
    expect(plan.holds(5, 0)).toBe(false)
  })

  test.each<[string, (view: DataView) => void]>([
    ['has other letters', (view) => view.setUint8(4352 + 4, 0x31)],
    ['moves', (view) => view.setUint32(4288, 0x20be000, true)],
    ['is longer', (view) => view.setUint32(4352 - 8, 7, true)],
    ['is one more', (view) => view.setUint32(4288 - 8, 3, true)],
  ])('does not hold in a new epoch when a name %s, which it never does without', (_, change) => {
    const { view, plan } = prepared()
    change(view)
    expect(plan.holds(5, 0)).toBe(true)
    expect(plan.holds(6, 0)).toBe(false)
    expect(plan.holds(5, 1)).toBe(false)
  })

  test('holds in a new epoch when nothing has changed', () => {
    const { plan } = prepared()
    expect([plan.holds(6, 0), plan.holds(6, 0), plan.holds(6, 1)]).toEqual([true, true, true])
  })

  test('is not known of a plan that is executed once', () => {
    const { reader } = prepared()
    const once = settled(reader, () => reader.plan([0, 4], false))
    expect(once.plan.holds(5, 0)).toBe(false)
  })

  test('holds with more words to compare than were thought of, and notices the last of them', () => {
    const image = new Image(2n)
    for (let n = 0; n < 40; n++)
      image.entry(1, 1n, `/a/name/that/is/rather/long/so/that/there/are/words/${n}`)
    const reader = image.reader()
    const { plan } = settled(reader, () =>
      reader.plan(
        Array.from({ length: 40 }, (_, n) => n),
        true,
      ),
    )
    expect(plan.holds(5, 0)).toBe(true)
    image.view.setUint8(DIRECTORY + 39 * ENTRY + 16 + 50, 0x58)
    expect(plan.holds(5, 0)).toBe(false)
  })
})

describe('the directory', () => {
  test('has no names for free slots, of whatever kind', () => {
    const image = new Image(2n)
    image.entry(0, 0n, 'old name')
    image.entry(5, 0n, 'another')
    image.entry(77, 0n, '/new/kind')
    const reader = image.reader()
    expect(settled(reader, () => [...reader.directory().names])).toEqual(['', '', '/new/kind'])
    expect(image.dump().map(({ name, type }) => [name, type])).toEqual([['/new/kind', 'unknown']])
    expect(settled(reader, () => reader.plan([0, 1], false).entries)).toEqual([])
  })

  test('is read once an epoch, and again when an entry was renamed in place, grew or moved', () => {
    const image = new Image(2n)
    image.entry(1, 1n, '/first')
    image.entry(6, 0n, '/second')
    const reader = image.reader()
    const directory = () => settled(reader, () => reader.directory())
    const first = directory()
    expect(directory()).toBe(first)
    image.view.setUint8(DIRECTORY + ENTRY + 16 + 6, 0x58)
    const renamed = directory()
    expect([...renamed.names]).toEqual(['/first', '/seconX'])
    expect(renamed.link(1)).toEqual({ target: 0, column: 0 })
    image.view.setUint32(DIRECTORY + ENTRY, 1, true)
    expect(directory().kinds[1]).toBe(1)
    image.entry(1, 1n, '/third')
    expect(directory().names).toHaveLength(3)
    image.view.setBigUint64(16, 6n, true)
    const next = directory()
    expect(next).not.toBe(first)
    expect(directory()).toBe(next)
    image.view.setBigUint64(16, 6n + (1n << 32n), true)
    expect(directory()).not.toBe(next)
  })

  test('keeps the texts of names that are the same, letter by letter, short and long', () => {
    const image = new Image(2n)
    const names = ['/a', '/abc', '/abcd', '/abcdefgh/ijklmnop', '/é/ü']
    for (const name of names) image.entry(1, 1n, name)
    const reader = image.reader()
    expect([...settled(reader, () => reader.directory().names)]).toEqual(names)
    for (let n = 0; n < names.length; n++) {
      const at = DIRECTORY + n * ENTRY + 16
      const last = Buffer.byteLength(names[n]!) - 1
      image.view.setUint8(at + (n === 4 ? 1 : last), 0x58)
      image.view.setBigUint64(16, BigInt(6 + n), true)
    }
    expect([...settled(reader, () => reader.directory().names)]).toEqual([
      '/X',
      '/abX',
      '/abcX',
      '/abcdefgh/ijklmnoX',
      '/X\ufffd/ü',
    ])
  })

  test('is damaged with a name that does not end, with more entries than there is room, and with millions', () => {
    const damage = expect.objectContaining({ code: 'STATS_SEGMENT_INVALID' })
    const endless = new Image(2n)
    endless.entry(1, 1n, '/x')
    new Uint8Array(endless.buffer).fill(0x41, DIRECTORY + 16, DIRECTORY + 16 + 128)
    expect(() => endless.dump()).toThrow('disturbed')
    const reader = endless.reader()
    expect(() => settled(reader, () => reader.directory())).toThrow(damage)
    new Uint8Array(endless.buffer)[DIRECTORY + 16 + 127] = 0
    expect(settled(reader, () => reader.directory().names[0])).toBe('A'.repeat(127))

    const long = new Image(2n)
    const room = Math.floor((16_384 - DIRECTORY) / ENTRY)
    long.view.setUint32(DIRECTORY - 8, room + 1, true)
    const longReader = long.reader()
    expect(() => settled(longReader, () => longReader.directory())).toThrow(damage)
    long.view.setUint32(DIRECTORY - 8, room, true)
    expect(settled(longReader, () => longReader.directory().length)).toBe(room)
  })
})

describe('damage', () => {
  test('is thrown when it is there at the fourth look with nothing going on', () => {
    const image = new Image(2n)
    image.entry(6, 1n, '/link')
    const reader = image.reader()
    const look = () => reader.attempt(() => reader.plan([0], false))
    for (let round = 0; round < 2; round++) {
      expect([look(), look(), look()]).toEqual([RETRY, RETRY, RETRY])
      expect(look).toThrow('symlink 0 points to entry 1 of 1')
    }
    expect([look(), look(), look()]).toEqual([RETRY, RETRY, RETRY])
    const link = (target: number, epoch: bigint) => {
      image.view.setUint32(DIRECTORY + 8, target, true)
      image.view.setBigUint64(16, epoch, true)
    }
    link(0, 6n)
    expect(look()).not.toBe(RETRY)
    link(1, 7n)
    expect([look(), look(), look()]).toEqual([RETRY, RETRY, RETRY])
  })

  test('that VPP makes while it changes the segment is none', () => {
    const image = new Image(2n)
    const reader = image.reader()
    for (let n = 0; n < 10; n++) {
      const look = () =>
        reader.attempt(() => {
          image.view.setBigUint64(16, BigInt(6 + n), true)
          return reader.memory.pointer(4, 'a pointer between words')
        })
      expect(look()).toBe(RETRY)
    }
  })

  test('is not one of our own errors: such an error is thrown at once', () => {
    const reader = new Image(2n).reader()
    const wrong = () => {
      throw new TypeError('ours')
    }
    expect(() => reader.attempt(wrong)).toThrow('ours')
  })

  test('are more rows than VPP has threads', () => {
    const image = new Image(2n)
    image.entry(2, image.words(4096, []), '/simple')
    image.view.setUint32(4096 - 8, 1025, true)
    const reader = image.reader()
    expect(() => settled(reader, () => reader.plan([0], false))).toThrow('1025 rows, more than 1024')
    image.view.setUint32(4096 - 8, 1024, true)
    expect(() => settled(reader, () => reader.plan([0], false))).not.toThrow()
  })
})

describe('links', () => {
  test('to the last entry are followed, to what is not a counter shown without a value', () => {
    const image = new Image(2n)
    image.entry(6, (3n << 32n) | 1n, '/link')
    image.entry(1, 5n, '/scalar')
    const [link] = image.dump()
    expect(link).toMatchObject({ type: 'symlink', target: 1, column: 3 })
  })

  test('into one counter each have their column, in rows that have it and rows that do not', () => {
    const image = new Image(2n)
    const rows = [image.words(4160, [1n, 2n, 3n]), image.words(4224, [4n]), 0n, image.words(4288, [5n, 6n])]
    image.entry(2, image.words(4096, rows), '/simple')
    const pair = (at: number, values: bigint[]) => {
      const pointer = image.words(at, values)
      image.view.setUint32(at - 8, values.length / 2, true)
      return pointer
    }
    const pairs = [
      pair(4480, [10n, 11n, 12n, 13n, 14n, 15n]),
      pair(4544, [20n, 21n, 22n, 23n]),
      pair(4608, [30n, 31n, 32n, 33n, 34n, 35n]),
    ]
    image.entry(3, image.words(4416, pairs), '/combined')
    for (const column of [2n, 0n, 1n]) image.entry(6, column << 32n, `/simple/${column}`)
    for (const column of [2n, 1n, 0n]) image.entry(6, (column << 32n) | 1n, `/combined/${column}`)
    const [, , two, zero, one, third, second, first] = image.dump()
    const values = (entry: unknown) =>
      entry instanceof SimpleStat ? [0, 1, 2, 3].map((row) => entry.get(row)) : undefined
    expect(values(zero)).toEqual([1n, 4n, undefined, 5n])
    expect(values(one)).toEqual([2n, undefined, undefined, 6n])
    expect(values(two)).toEqual([3n, undefined, undefined, undefined])
    const both = (entry: unknown) =>
      entry instanceof CombinedStat
        ? [0, 1, 2].map((row) => [entry.packets(row), entry.bytes(row)])
        : undefined
    const none = [undefined, undefined]
    expect(both(first)).toEqual([
      [10n, 11n],
      [20n, 21n],
      [30n, 31n],
    ])
    expect(both(second)).toEqual([
      [12n, 13n],
      [22n, 23n],
      [32n, 33n],
    ])
    expect(both(third)).toEqual([[14n, 15n], none, [34n, 35n]])
  })
})

test('rows of any length are copied whole, and each to its place', () => {
  for (const length of [1, 23, 24, 25, 127, 128, 129, 152, 153, 300]) {
    const image = new Image(2n)
    const rows = [0, 1].map((row) => Array.from({ length }, (_, at) => BigInt(1000 * row + at + 1)))
    const places = rows.map((values, row) => image.words(4352 + row * 4096, values))
    image.entry(2, image.words(4096, places), '/simple')
    const [entry] = image.dump()
    if (entry?.type !== 'simple') throw new Error('wrong type')
    expect([[...entry.row(0)], [...entry.row(1)]], String(length)).toEqual(rows)
    const [summed] = image.dump('sums')
    if (summed?.type !== 'simple') throw new Error('wrong type')
    expect([...summed.row(0)], String(length)).toEqual(rows[0]!.map((it, at) => it + rows[1]![at]!))
  }
})

test('texts end at their NUL or with their memory, and are UTF-8 where they have more than ASCII', () => {
  const image = new Image(2n)
  const { memory } = image.reader()
  const put = (text: string) => new Uint8Array(image.buffer).set(Buffer.from(text), 4096)
  put('abc\0def')
  expect([memory.string(4096, 7), memory.string(4096, 2), memory.string(4096, 3)]).toEqual([
    'abc',
    'ab',
    'abc',
  ])
  put('größe\0')
  expect(memory.string(4096, 100)).toBe('größe')
  put('~\u007f\0')
  expect(memory.string(4096, 100)).toBe('~\u007f')
  new Uint8Array(image.buffer).fill(0x41, 4096, 4096 + 5000)
  expect(memory.string(4096, 5000)).toBe('A'.repeat(4096))
  expect(decodeString(memory.bytes, 4096, 3)).toEqual({ text: 'AAA', ended: false })
  image.view.setUint8(4098, 0)
  expect(decodeString(memory.bytes, 4096, 3)).toEqual({ text: 'AA', ended: true })
  expect(decodeString(memory.bytes, 4096, 2)).toEqual({ text: 'AA', ended: false })
})

test('a vector may fill the segment to its end, and not one element more', () => {
  const { memory } = new Image(2n).reader()
  const words = new Uint32Array(memory.words.buffer)
  for (const [bytes, most] of [
    [1, 64],
    [8, 8],
    [144, 0],
  ] as const) {
    words[(16_384 - 64 - 8) / 4] = most
    expect(memory.vectorLength(16_384 - 64, bytes, 'a vector')).toBe(most)
    words[(16_384 - 64 - 8) / 4] = most + 1
    expect(() => memory.vectorLength(16_384 - 64, bytes, 'a vector')).toThrow(
      `a vector has ${most + 1} elements`,
    )
  }
})

describe('the heartbeat', () => {
  test('is read where it was found, without the directory', () => {
    const image = new Image(2n)
    image.entry(1, 41n, '/sys/heartbeat')
    const reader = image.reader()
    expect(reader.heartbeat()).toBe(41n)
    image.view.setBigUint64(HEARTBEAT_AT, 42n, true)
    expect(reader.heartbeat()).toBe(42n)
    image.view.setBigUint64(24, 1n, true)
    expect(reader.heartbeat()).toBeUndefined()
    image.view.setBigUint64(24, 0n, true)
    image.view.setBigUint64(32, 0n, true)
    expect(reader.heartbeat()).toBeUndefined()
  })

  test('is looked for where it is not the first, once an epoch', () => {
    const image = new Image(2n)
    image.entry(1, 1n, '/sys/other')
    image.entry(2, 0n, '/sys/heartbeat')
    const reader = image.reader()
    expect(reader.heartbeat()).toBeUndefined()
    image.entry(1, 43n, '/sys/heartbeat')
    image.view.setUint32(DIRECTORY + ENTRY, 0, true)
    expect(reader.heartbeat()).toBeUndefined()
    image.view.setBigUint64(16, 6n, true)
    expect([reader.heartbeat(), reader.heartbeat()]).toEqual([43n, 43n])
    image.view.setBigUint64(DIRECTORY + 2 * ENTRY + 8, 44n, true)
    expect(reader.heartbeat()).toBe(44n)
  })

  test('of a private copy costs the header and one entry', () => {
    const image = new Image(2n)
    image.entry(1, 41n, '/sys/heartbeat')
    const asked: unknown[] = []
    const source = {
      buffer: image.buffer,
      refresh: () => void asked.push('all'),
      refreshHeader: () => void asked.push('header'),
      refreshRange: (...range: number[]) => void asked.push(range),
    }
    const reader = new SegmentReader(source, { snapshotBytes: 1e6 })
    asked.length = 0
    expect(reader.heartbeat()).toBe(41n)
    expect(asked).toEqual(['header', [DIRECTORY, ENTRY]])
  })

  test('is none behind the end of the segment', () => {
    const image = new Image(2n)
    image.view.setBigUint64(32, BASE + 16_384n - 136n, true)
    image.view.setUint32(16_384 - 144, 0, true)
    expect(image.reader().heartbeat()).toBeUndefined()
  })
})
