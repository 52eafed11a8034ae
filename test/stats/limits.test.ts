import { constants } from 'node:buffer'
import { expect, test } from 'vitest'
import { createMemfd, Mapping } from '@vpp-ts/linux'
import { StatsClient } from '@vpp-ts/stats'
import { RETRY, SegmentReader } from '@vpp-ts/stats/internal'
import { rawSample, RawServer, socketFolder } from './raw-segment.ts'

const GIB = 2 ** 30
/** Node.js 22 and newer. */
const largeBuffers = constants.MAX_LENGTH > 4 * GIB

test('a file that is larger than a buffer can be is refused, not mapped', () => {
  using fd = createMemfd('huge', 5 * GIB)
  if (largeBuffers) {
    using mapping = Mapping.create(fd)
    expect(new Uint8Array(mapping.buffer)[5 * GIB - 1]).toBe(0)
    return
  }
  expect(() => Mapping.create(fd)).toThrow(expect.objectContaining({ code: 'LINUX_ARGUMENT' }))
})

test('a segment of more than 4 GiB is read where the engine can, and refused where it cannot', async () => {
  using folder = socketFolder()
  const segment = rawSample({ bytes: 5 * GIB })
  using high = Mapping.create(segment.fd, { writable: true, offset: 4 * GIB + 2 ** 20, length: 4096 })
  const view = new DataView(high.buffer)
  view.setUint32(0, 2, true)
  for (const [i, value] of [7n, 70n, 8n, 80n].entries()) view.setBigUint64(8 + i * 8, value, true)
  segment.words(0xb008, [0x7f0000000000n + BigInt(4 * GIB + 2 ** 20 + 8)])
  using server = new RawServer(folder.socket, segment)
  const limits = { segmentBytes: 16 * GIB, snapshotBytes: 2 ** 28 }
  const connecting = StatsClient.connect(folder.socket, { limits })
  if (!largeBuffers) {
    await expect(connecting).rejects.toMatchObject({
      code: 'STATS_HANDSHAKE',
      message: expect.stringContaining('Node.js 22'),
    })
    return
  }
  await using client = await connecting
  expect((await client.interfaces()).map(({ rx }) => rx.bytes)).toEqual([70n, 80n])
  expect(server.connections).toBe(1)
})

test.each([
  [{ limits: { segmentBytes: 16 * GIB + 1, snapshotBytes: 1 } }, 'limits.segmentBytes'],
  [{ livenessInterval: 2 ** 31 }, 'livenessInterval'],
  [{ livenessInterval: 0 }, 'livenessInterval'],
  [{ retryInterval: { min: 1, max: 2 ** 40 } }, 'retryInterval.max'],
  [{ snapshotTimeout: Number.NaN }, 'snapshotTimeout'],
])('options out of range are refused by name: %o', async (options, named) => {
  await expect(StatsClient.connect('/nowhere', options)).rejects.toMatchObject({
    code: 'STATS_ARGUMENT',
    message: expect.stringContaining(named),
  })
})

test.each([0, -1, 2 ** 31, Number.POSITIVE_INFINITY, Number.NaN])(
  'a poll interval of %s is refused',
  async (interval) => {
    using folder = socketFolder()
    using _server = new RawServer(folder.socket, rawSample())
    await using client = await StatsClient.connect(folder.socket)
    const next = async () => await client.poll(undefined, { interval }).next()
    await expect(next()).rejects.toMatchObject({ code: 'STATS_ARGUMENT' })
  },
)

test('a wait of weeks does not become a wait of 0 ms', async () => {
  using folder = socketFolder()
  const month = 31 * 24 * 3600 * 1000
  const connecting = StatsClient.connect(folder.socket, { connectTimeout: month, reconnectTimeout: month })
  const first = new RawServer(folder.socket, rawSample())
  await using client = await connecting
  const gone = new Promise((resolve) => client.once('disconnected', resolve))
  first.close()
  first.segment.view.setBigUint64(0, 9n, true)
  using second = new RawServer(folder.socket, rawSample())
  await gone
  expect(await client.ls()).toHaveLength(3)
  expect(second.connections).toBe(1)
})

test('a directory of millions of entries is damage, found without reading it', () => {
  const size = 160 * 2 ** 20
  using fd = createMemfd('directory', size)
  using mapping = Mapping.create(fd, { writable: true })
  const view = new DataView(mapping.buffer)
  view.setBigUint64(0, 2n, true)
  view.setBigUint64(8, 0x1000n, true)
  view.setBigUint64(32, 0x1000n + 4096n, true)
  view.setUint32(4096 - 8, 1_100_000, true)
  const source = {
    buffer: mapping.buffer,
    refresh: () => {},
    refreshHeader: () => {},
    refreshRange: () => {},
  }
  const reader = new SegmentReader(source, { snapshotBytes: 2 ** 28 })
  const attempts = () => {
    for (let n = 0; n < 4; n++) expect(reader.attempt(() => reader.directory())).toBe(RETRY)
  }
  expect(attempts).toThrow(/the directory has 1100000 entries, more than 1048576/)
})

test('an idle client of an unsealed segment reads the header and one entry', () => {
  const segment = rawSample()
  const reads: string[] = []
  const source = {
    buffer: segment.bytes.buffer as ArrayBuffer,
    refresh: () => reads.push('all'),
    refreshHeader: () => reads.push('header'),
    refreshRange: (_offset: number, length: number) => reads.push(`${length} bytes`),
  }
  const reader = new SegmentReader(source, { snapshotBytes: 2 ** 28 })
  reads.length = 0
  expect(reader.heartbeat()).toBe(1n)
  segment.beat()
  expect(reader.heartbeat()).toBe(2n)
  segment.change(() => {})
  expect(reader.heartbeat()).toBe(2n)
  expect(reads).toEqual(Array.from({ length: 3 }, () => ['header', '144 bytes']).flat())
  segment.view.setBigUint64(24, 1n, true)
  expect(reader.heartbeat()).toBeUndefined()
})
