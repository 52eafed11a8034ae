import { StatsError } from '@vpp-ts/stats'
import {
  ENTRY_SIZE,
  HeaderQuad,
  RETRY,
  SegmentReader,
  selectIndexes,
  type StatEntry,
} from '@vpp-ts/stats/internal'
import { expect, test } from 'vitest'
import { StatsSegment, VppCounters } from '@vpp-ts/simulator/stats'
import { Random } from './random.ts'

const SIZE = 128 * 1024
/** Share of the random work: mutation testing, which repeats it for each mutant, sets less than all. */
const effort = Number(process.env['TEST_EFFORT'] ?? 1)
const MUTATIONS = 20_000 * effort
const SEED = 20_260_821
const SNAPSHOT_BYTES = 1 << 20

/** A segment with entries of every type. */
function image(): ArrayBuffer {
  const buffer = new ArrayBuffer(SIZE)
  const segment = new StatsSegment(buffer)
  const vpp = new VppCounters(segment, { workers: 1, bootTime: 1 })
  vpp.addInterface('local0')
  vpp.addInterface('GigabitEthernet0/8/0')
  vpp.addNode('ip4-lookup')
  vpp.addError('ip4-input', 'ttl')
  vpp.addHeap('main heap', { total: 9n, used: 1n })
  vpp.addBufferPool('pool', { cached: 1n, used: 2n, available: 3n })
  segment.addHistogram('/histogram', 2, 3, 4).record(0, 9n)
  segment.addRing('/ring', { entrySize: 12, ringSize: 8, threads: 2, schema: Buffer.from('schema') })
  segment.remove(segment.addSymlink('/gone', { index: 0 }, 0))
  return buffer
}

/** Everything a reader does, and use of all that it gives. */
function readAll(buffer: ArrayBuffer, mode: 'rows' | 'sums'): number {
  const source = { buffer, refresh: () => {}, refreshHeader: () => {}, refreshRange: () => {} }
  const reader = new SegmentReader(source, { snapshotBytes: SNAPSHOT_BYTES })
  for (let tries = 0; tries < 8; tries++) {
    const made = reader.attempt(() => {
      const result = reader.plan(
        selectIndexes(reader.directory(), () => true),
        tries % 2 === 0,
        mode,
      )
      result.plan.execute()
      return result
    })
    if (made === RETRY) continue
    made.plan.commit()
    const touched = made.entries.reduce((sum, entry) => sum + touch(entry), 0)
    return touched + readRings(reader, made.entries)
  }
  return 0
}

function touch(entry: StatEntry): number {
  if (entry.type === 'scalar' || entry.type === 'gauge') return entry.value >= 0n ? 1 : 0
  if (entry.type === 'names') return entry.names.join('').length
  if (entry.type === 'ring') return Number(entry.sequence(0) & 1n)
  if (entry.type === 'histogram') return entry.rows === 0 ? 0 : entry.bins(entry.rows - 1).length
  if (entry.type !== 'simple' && entry.type !== 'combined') return 0
  const last = entry.type === 'simple' ? entry.get(entry.rows - 1) : entry.bytes(entry.rows - 1)
  return entry.sums().length + (last === undefined ? 0 : 1) + (entry.isZero() ? 0 : 1)
}

function readRings(reader: SegmentReader, entries: readonly StatEntry[]): number {
  let records = 0
  for (const { type, index } of entries) {
    if (type !== 'ring') continue
    const batch = reader.attempt(() => {
      const ring = reader.ring(index)
      return ring === undefined ? undefined : reader.records(ring, ring.threads - 1, 1n, 1000)
    })
    if (batch !== RETRY) records += batch?.records.length ?? 0
  }
  return records
}

const NASTY_WORDS = [
  0,
  1,
  2,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  0x7fffffff,
  0x80000000,
  0xffffffff,
  SIZE,
  SIZE - 8,
  SIZE / 8,
]
const NASTY_OFFSETS = [-8, 0, 4, 8, 4095, 4096, 4104, SIZE - 16, SIZE - 8, SIZE - 4, SIZE, SIZE + 8, 2 ** 40]

/** Changes one to three words of what the reader goes by. */
function mutate(buffer: ArrayBuffer, random: Random): void {
  const words = new Uint32Array(buffer)
  const quads = new BigUint64Array(buffer)
  const base = quads[HeaderQuad.BASE] ?? 0n
  const used = 50 * 1024
  for (let i = 0, count = 1 + random.below(3); i < count; i++) {
    const anywhere = random.below(used / 4)
    const pointer = base + BigInt(random.pick(NASTY_OFFSETS))
    const inside = base + BigInt(random.below(SIZE / 8) * 8)
    random.pick([
      () => (words[anywhere] = random.pick(NASTY_WORDS)),
      () => (words[anywhere] = (words[anywhere] ?? 0) ^ (1 << random.below(32))),
      () => (quads[anywhere >> 1] = pointer),
      () => (quads[anywhere >> 1] = inside),
      () => (quads[random.below(6)] = random.pick([0n, 1n, 2n, 3n, base, pointer, inside, 2n ** 64n - 1n])),
      () => mutateEntry(buffer, random, random.pick([pointer, inside, 0n, BigInt(anywhere), 1n << 40n])),
    ])()
  }
}

/** Changes the type, the value or the name of one entry. */
function mutateEntry(buffer: ArrayBuffer, random: Random, value: bigint): void {
  const directory = Number((new BigUint64Array(buffer)[4] ?? 0n) - (new BigUint64Array(buffer)[1] ?? 0n))
  const at = directory + random.below(100) * ENTRY_SIZE
  if (!(at >= 0 && at % 8 === 0 && at + ENTRY_SIZE <= SIZE)) return
  random.pick([
    () => (new Uint32Array(buffer)[at / 4] = random.below(12)),
    () => (new BigUint64Array(buffer)[at / 8 + 1] = value),
    () => new Uint8Array(buffer, at + 16, 128).fill(0x41),
  ])()
}

test('a damaged segment gives a typed error or values, in time, whatever is damaged', () => {
  const original = image()
  const random = new Random(SEED)
  const outcomes = new Map<string, number>()
  let slowest = 0
  let done = 0
  for (; done < MUTATIONS; done++) {
    const buffer = original.slice(0)
    mutate(buffer, random)
    const start = performance.now()
    let outcome = 'values'
    try {
      readAll(buffer, done % 2 === 0 ? 'rows' : 'sums')
    } catch (error) {
      if (!(error instanceof StatsError)) throw error
      outcome = error.code
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    slowest = Math.max(slowest, performance.now() - start)
  }
  console.log(
    `${done} mutations of seed ${SEED}`,
    Object.fromEntries(outcomes),
    `slowest ${slowest.toFixed(1)} ms`,
  )
  expect(outcomes.get('values') ?? 0).toBeGreaterThan(1000 * effort)
  expect(outcomes.get('STATS_SEGMENT_INVALID') ?? 0).toBeGreaterThan(1000 * effort)
})

test('many entries that all show one large vector stay within the limit of a snapshot', () => {
  const buffer = new ArrayBuffer(8 * 2 ** 20)
  const segment = new StatsSegment(buffer)
  const large = segment.addSimple('/large', 1)
  large.widen(200_000)
  for (let i = 0; i < 1000; i++) {
    segment.setValue(segment.addSimple(`/copy/${i}`, 1).index, segment.valueOf(large.index))
  }
  const source = { buffer, refresh: () => {}, refreshHeader: () => {}, refreshRange: () => {} }
  const reader = new SegmentReader(source, { snapshotBytes: 2 ** 24 })
  const attempts = () => {
    for (let i = 0; i < 10; i++) {
      reader.attempt(() =>
        reader.plan(
          selectIndexes(reader.directory(), () => true),
          false,
        ),
      )
    }
  }
  expect(attempts).toThrow(expect.objectContaining({ code: 'STATS_SNAPSHOT_TOO_LARGE' }))
})
