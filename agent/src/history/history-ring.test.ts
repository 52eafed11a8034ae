import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, asyncProperty, constant, integer, oneof, record, type Arbitrary } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChunkFolder } from './chunk-folder.ts'
import { HistoryRing } from './history-ring.ts'
import { COARSE, LEVELS, rowKey, SECONDS, type Level } from './levels.ts'
import { NaiveHistory, type NaiveValue } from './testing/naive-history.ts'

const LIMITS = { interface: 3, error: 3, worker: 1, instance: 1 }
/** A time at which chunks of all levels begin. */
const START = 7200 * 250_000
const KEYS = [rowKey('interface', 'a'), rowKey('interface', 'b'), rowKey('error', 'n/r')]

const [TENS] = COARSE as readonly [Level, Level]

/** One thing that happens to a history. */
type Step =
  | { readonly type: 'run'; readonly seconds: number; readonly seed: number; readonly keys: number }
  | { readonly type: 'pause'; readonly seconds: number }
  | { readonly type: 'stop' }
  | { readonly type: 'kill' }

const steps: Arbitrary<Step[]> = array(
  oneof(
    {
      weight: 5,
      arbitrary: record({
        type: constant('run' as const),
        seconds: integer({ min: 1, max: 700 }),
        seed: integer({ min: 1, max: 1e9 }),
        keys: integer({ min: 1, max: 7 }),
      }),
    },
    {
      weight: 1,
      arbitrary: record({ type: constant('pause' as const), seconds: integer({ min: 1, max: 1500 }) }),
    },
    { weight: 1, arbitrary: constant({ type: 'stop' as const }) },
    { weight: 1, arbitrary: constant({ type: 'kill' as const }) },
  ),
  { minLength: 1, maxLength: 12 },
)

/** A rate of a second; the same whenever it is asked for. */
function rateAt(seed: number, second: number, key: number): number {
  const mixed = Math.imul(seed ^ (second * 31 + key * 7), 0x9e37_79b1) >>> 0
  return mixed % 5 === 0 ? 0 : (mixed % 1_000_000) / 7
}

function isLike(mean: number, max: number, expected: NaiveValue | undefined, step: number): boolean {
  if (expected === undefined) return Number.isNaN(mean)
  if (!(Math.abs(max - expected.max) <= expected.max * 0.001)) return false
  // A minute of which a part is known, before a stop, is made of its 10 seconds.
  if (step < 60 || expected.known === step) return Math.abs(mean - expected.mean) <= expected.mean * 0.002
  return mean >= expected.min * 0.999 && mean <= expected.max * 1.001
}

describe('history', () => {
  let folder = ''
  const problems: (Error | undefined)[] = []
  const rings: HistoryRing[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'history-'))
    problems.length = 0
  })
  afterEach(async () => {
    for (const ring of rings.splice(0)) await ring.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(second: number, path = folder, bytes = 2 ** 30): Promise<HistoryRing> {
    const ring = new HistoryRing(new ChunkFolder(path, bytes), LIMITS, {
      failed: (error) => problems.push(error),
    })
    await ring.open(second * 1000)
    rings.push(ring)
    return ring
  }

  /** A ring to which a rate was told for some seconds. */
  function tell(ring: HistoryRing, from: number, count: number, rate: number, key = KEYS[0] ?? ''): void {
    for (let second = from; second < from + count; second++) {
      ring.add(second * 1000, (second + 1) * 1000, new Map([[key, [rate, 0, 0, 0, 0, 0]]]))
    }
  }

  /** What a ring says otherwise than a naive history; of levels as far as they are surely kept. */
  async function differences(ring: HistoryRing, naive: NaiveHistory, end: number): Promise<string[]> {
    const found: string[] = []
    for (const level of LEVELS) {
      const kept = Math.min(end - START, level.step * level.slots * (level.chunks - 1))
      const first = Math.ceil((end - kept) / level.step)
      const count = Math.floor(end / level.step) - first
      if (count <= 0) continue
      for (const key of KEYS) {
        const [series] = await ring.read(key, { level, first, count })
        for (let at = 0; at < count; at++) {
          const expected = naive.value(key, (first + at) * level.step, level.step)
          const [mean, max] = [series?.mean[at] ?? Number.NaN, series?.maximum[at] ?? Number.NaN]
          if (isLike(mean, max, expected, level.step)) continue
          const time = (first + at) * level.step - START
          found.push(`${level.name} ${key} ${time}: ${mean} ${max} ${JSON.stringify(expected)}`)
        }
      }
    }
    return found
  }

  it('is like one that keeps every second, over stops and kills', async () => {
    await assert(
      asyncProperty(steps, async (all) => {
        const path = await mkdtemp(join(folder, 'run-'))
        const naive = new NaiveHistory()
        let now = START
        let ring = await open(now, path)
        let opened = now
        /** The last second that this ring was told of. */
        let told: number | undefined
        for (const step of all) {
          if (step.type === 'run') {
            if (step.seconds > 0) told = now + step.seconds - 1
            for (const end = now + step.seconds; now < end; now++) {
              const rows = new Map<string, number[]>()
              for (const [at, key] of KEYS.entries()) {
                if ((step.keys & (1 << at)) === 0) continue
                const rate = rateAt(step.seed, now, at)
                naive.add(key, now, rate)
                rows.set(key, key.startsWith('error') ? [rate] : [rate, 0, 0, 0, 0, 0])
              }
              ring.add(now * 1000, (now + 1) * 1000, rows)
            }
          } else if (step.type === 'pause') now += step.seconds
          else {
            if (step.type === 'stop') await ring.close()
            else {
              // Minutes that have ended are written, the one under way is lost.
              await ring.read(KEYS[0] ?? '', { level: SECONDS, first: 0, count: 1 })
              if (told !== undefined) naive.dropFrom(Math.max(told - (told % 60), opened))
              rings.splice(rings.indexOf(ring), 1)
            }
            ring = await open(now, path)
            opened = now
            told = undefined
          }
        }
        // The last second ends with the next.
        ring.add(now * 1000, now * 1000 + 1, new Map())
        expect(await differences(ring, naive, now)).toEqual([])
        await ring.close()
        expect(await differences(await open(now, path), naive, now)).toEqual([])
        expect(problems.filter((it) => it !== undefined)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('a rate between two times counts for each second by its part', async () => {
    const ring = await open(START)
    const row = (rate: number) => new Map([[KEYS[0] ?? '', [rate, 0, 0, 0, 0, 0]]])
    ring.add(START * 1000 + 250, START * 1000 + 1250, row(100))
    ring.add(START * 1000 + 1250, START * 1000 + 2000, row(200))
    ring.add(START * 1000 + 2000, START * 1000 + 2400, row(7))
    ring.add(START * 1000 + 3000, START * 1000 + 3001, row(7))
    const [series] = await ring.read(KEYS[0] ?? '', { level: SECONDS, first: START, count: 4 })
    expect([...(series?.mean ?? [])]).toEqual([100, 175, Number.NaN, Number.NaN])
  })

  it('a file that is damaged in any byte never gives another value', async () => {
    let ring = await open(START)
    tell(ring, START, 120, 1000)
    await ring.close()
    const [name = ''] = await readdir(join(folder, '1s'))
    const file = join(folder, '1s', name)
    const whole = await readFile(file)
    const first = Number(name.split('.')[0]) * 60
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ (1 + (at % 255))
      await writeFile(file, bytes)
      ring = await open(START + 120)
      const [series] = await ring.read(KEYS[0] ?? '', { level: SECONDS, first, count: 60 })
      expect(
        [...(series?.mean ?? [])].every((value) => value === 1000 || Number.isNaN(value)),
        `byte ${at}`,
      ).toBe(true)
    }
    for (const length of [0, 1, 15, 16, 40, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length))
      ring = await open(START + 120)
      const [series] = await ring.read(KEYS[0] ?? '', { level: SECONDS, first, count: 60 })
      expect([...(series?.mean ?? [])].every(Number.isNaN), `${length} bytes`).toBe(true)
    }
  })

  it('rows beyond the limit are left out and told of', async () => {
    const ring = await open(START)
    for (let second = START; second < START + 3; second++) {
      const rows = new Map(
        ['a', 'b', 'c', 'd', 'e'].map((name) => [rowKey('interface', name), [1, 1, 1, 1, 1, 1]]),
      )
      ring.add(second * 1000, (second + 1) * 1000, rows)
    }
    expect([...ring.leftOut]).toEqual([rowKey('interface', 'd'), rowKey('interface', 'e')])
    expect(ring.keys()).toHaveLength(3)
  })

  it('what is too old goes, and no more bytes are kept than there may be', async () => {
    const ring = await open(START)
    tell(ring, START, 1200, 5)
    await ring.close()
    expect(await readdir(join(folder, '1s'))).toHaveLength(11)
    expect(await readdir(join(folder, '10s'))).toHaveLength(1)
    const most = 700
    const small = await open(START + 1200, folder, most)
    tell(small, START + 1200, 600, 5)
    await small.close()
    const folderOf = new ChunkFolder(folder, most)
    await folderOf.open()
    expect(folderOf.bytes).toBeLessThanOrEqual(most)
    expect(folderOf.bytes).toBeGreaterThan(0)
  })

  it('a clock that was set far away and back costs nothing of what was there', async () => {
    const ring = await open(START)
    tell(ring, START, 300, 5)
    tell(ring, START + 10 * 365 * 86_400, 120, 6)
    tell(ring, START + 300, 600, 7)
    await ring.close()
    const again = await open(START + 900)
    const [series] = await again.read(KEYS[0] ?? '', { level: TENS, first: START / 10, count: 90 })
    expect([...(series?.mean ?? [])]).toEqual(
      [...Array<number>(30).fill(5), ...Array<number>(60).fill(7)].map((it) => expect.closeTo(it, 1)),
    )
  })

  it('a folder that cannot be written is told of once a minute; what is in memory is there', async () => {
    await writeFile(join(folder, 'file'), '')
    const ring = await open(START, join(folder, 'file', 'below'))
    tell(ring, START, 90, 5)
    const [series] = await ring.read(KEYS[0] ?? '', { level: TENS, first: START / 10, count: 9 })
    expect(series?.mean[3]).toBeCloseTo(5, 1)
    expect(problems.length).toBeGreaterThan(1)
    expect(problems.every((it) => it !== undefined)).toBe(true)
    await ring.close()
  })
})
