import { createMemfd, Mapping } from '@vpp-ts/linux'
import { RETRY, SegmentReader } from '@vpp-ts/stats/internal'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createRequire } from 'node:module'
import { beforeAll, expect, test } from 'vitest'
import { StatsSegment } from '@vpp-ts/simulator/stats'
import { build } from '../linux/child.ts'

beforeAll(() => build('linux'))

/** Flips all bits of words `from` to `to` of a memfd as fast as it can, until told to stop. */
const WRITER = `
  import { parentPort, workerData } from 'node:worker_threads'
  const { Fd, Mapping } = await import(workerData.linux)
  const mapping = Mapping.create(Fd.adopt(workerData.fd), { writable: true })
  const words = new BigUint64Array(mapping.buffer)
  let flips = 0
  function flip(value) {
    for (const at of workerData.words) words[at] = value
    flips++
  }
  function batch() {
    for (let i = 0; i < 2000; i++) { flip(0xffffffffffffffffn); flip(0n) }
    if (Atomics.load(workerData.stop, 0) === 0) return setImmediate(batch)
    mapping.close()
    parentPort.postMessage(flips)
    parentPort.close()
  }
  parentPort.postMessage('ready')
  batch()
`

test('a counter is never seen half written', async () => {
  using memory = createMemfd('torn', 1 << 20)
  using writable = Mapping.create(memory, { writable: true })
  using readable = Mapping.create(memory)
  const segment = new StatsSegment(writable.buffer)
  segment.addScalar('/scalar')
  const small = segment.addSimple('/small', 3)
  small.widen(4)
  const large = segment.addCombined('/large', 2)
  large.widen(301)
  for (let i = 0; i < 50; i++) segment.addSymlink(`/link/${i}`, large, i * 6)
  const source = {
    buffer: readable.buffer,
    refresh: () => {},
    refreshHeader: () => {},
    refreshRange: () => {},
  }
  const reader = new SegmentReader(source, { snapshotBytes: 2 ** 20 })
  const made = reader.attempt(() => reader.plan(reader.directory().names.keys(), true))
  if (made === RETRY) throw new Error('disturbed')
  made.plan.execute()
  made.plan.commit()
  // Every word that holds a counter: set to a mark, then found.
  const quads = new BigUint64Array(writable.buffer)
  for (let row = 0; row < 3; row++) for (let i = 0; i < 4; i++) small.set(row, i, 0x5eedn)
  for (let row = 0; row < 2; row++) for (let i = 0; i < 301; i++) large.set(row, i, 0x5eedn, 0x5eedn)
  segment.setValue(0, 0x5eedn)
  const words = [...quads.keys()].filter((at) => quads[at] === 0x5eedn)
  expect(words).toHaveLength(1 + 12 + 2 * 301 * 2)
  const linux = createRequire(import.meta.url).resolve('@vpp-ts/linux')
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(WRITER)}`), {
    workerData: {
      fd: memory.dup().release(),
      words,
      stop,
      linux: pathToFileURL(linux.replace('/src/index.ts', '/dist/index.js')).href,
    },
  })
  const message = () => new Promise((resolve) => worker.once('message', resolve))
  await message()
  const seen = new Set<bigint>()
  let snapshots = 0
  const end = performance.now() + 1500
  while (performance.now() < end) {
    for (let i = 0; i < 200; i++) {
      if (reader.attempt(() => made.plan.execute()) === RETRY) throw new Error('disturbed')
      made.plan.commit()
      for (const value of made.plan.slab) seen.add(value)
      snapshots++
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  Atomics.store(stop, 0, 1)
  const flips = await message()
  console.log(`${snapshots} snapshots of ${made.plan.slab.length} counters, ${String(flips)} flips`)
  seen.delete(0x5eedn)
  expect(seen).toEqual(new Set([0n, 2n ** 64n - 1n]))
})
