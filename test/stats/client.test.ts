import { StatsClient, StatsError, type LossReason } from '@vpp-ts/stats'
import { Reactor, SeqpacketListener } from '@vpp-ts/linux'
import { once } from 'node:events'
import { setInterval } from 'node:timers/promises'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { StatsPublisher, VppCounters } from '@vpp-ts/simulator/stats'
import { publishSample, SocketFolder } from './fixture.ts'

const openFds = () => readdirSync('/proc/self/fd').length
const firstBytes = (records: readonly Uint8Array[]) => records.map((record) => record[0])
const mappings = () => readFileSync('/proc/self/maps', 'utf8').split('/memfd:stat segment').length - 1

test('every type of entry is listed and dumped', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp, segment } = publishSample(folder.socket)
  segment.addHistogram('/histogram', 3, 4, 5).record(1, 100n)
  const ring = segment.addRing('/ring', {
    entrySize: 5,
    ringSize: 4,
    threads: 2,
    schema: Buffer.from('five bytes'),
  })
  ring.produce(1, Buffer.from('12345'))
  vpp.counter('rx').set(1, 2, 5n, 500n)
  vpp.counter('drops').set(2, 1, 9n)
  await using client = await StatsClient.connect(folder.socket)
  const list = await client.ls()
  const types = new Set(list.map((entry) => entry.type))
  expect([...types].sort()).toEqual([
    'combined',
    'gauge',
    'histogram',
    'names',
    'ring',
    'scalar',
    'simple',
    'symlink',
  ])
  const entries = new Map((await client.dump()).map((entry) => [entry.name, entry]))
  expect(entries.size).toBe(list.length)
  expect(entries.get('/sys/heartbeat')).toMatchObject({ type: 'scalar', value: 1n })
  expect(entries.get('/sys/input_rate')).toMatchObject({ type: 'gauge', value: 12_345n })
  const rx = await client.get('/if/rx', 'combined')
  expect([rx.rows, rx.width, rx.packets(1, 2), rx.bytes(1, 2), rx.sumPackets(2), rx.sumBytes(2)]).toEqual([
    3,
    3,
    5n,
    500n,
    5n,
    500n,
  ])
  const link = await client.get('/interfaces/GigabitEthernet0_8_0/drops', 'simple')
  expect([link.get(0), link.get(1), link.get(2), link.get(3), link.sum()]).toEqual([
    0n,
    0n,
    9n,
    undefined,
    9n,
  ])
  const histogram = await client.get('/histogram', 'histogram')
  expect(histogram.minExponent(1)).toBe(4)
  expect(histogram.bins(1)).toEqual([
    { upperBound: 31n, count: 0n },
    { upperBound: 63n, count: 0n },
    { upperBound: 127n, count: 1n },
    { upperBound: 255n, count: 0n },
    { upperBound: undefined, count: 0n },
  ])
  const described = await client.get('/ring', 'ring')
  expect(described).toMatchObject({ entrySize: 5, ringSize: 4, threads: 2 })
  expect([described.sequence(0), described.sequence(1)]).toEqual([0n, 1n])
  expect((await client.get('/if/names', 'names')).names).toEqual(['local0', 'GigabitEthernet0/8/0', 'loop0'])
  publisher.close()
})

test('typed views give names and numbers', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  vpp.counter('rx').set(1, 1, 10n, 1000n)
  vpp.counter('rx').set(2, 1, 1n, 100n)
  vpp.counter('tx-error').set(0, 1, 4n)
  vpp.nodeCounter('calls').set(1, 0, 4n)
  vpp.nodeCounter('vectors').set(1, 0, 10n)
  vpp.nodeCounter('clocks').set(1, 0, 500n)
  vpp.nodeCounter('suspends').set(0, 1, 2n)
  vpp.nodeCounter('clocks').set(0, 1, 50n)
  vpp.errorCounter.set(2, 1, 6n)
  await using client = await StatsClient.connect(folder.socket)
  const interfaces = await client.interfaces({ perThread: true })
  expect(interfaces.map(({ swIfIndex, name }) => [swIfIndex, name])).toEqual([
    [0, 'local0'],
    [1, 'GigabitEthernet0/8/0'],
    [2, 'loop0'],
  ])
  expect(interfaces[1]).toMatchObject({ rx: { packets: 11n, bytes: 1100n }, txErrors: 4n, drops: 0n })
  expect(interfaces[1]?.threads?.map(({ rx }) => rx.packets)).toEqual([0n, 10n, 1n])
  expect(await client.nodes({ perThread: true })).toMatchObject([
    {
      index: 0,
      name: 'ip4-lookup',
      calls: 4n,
      vectors: 10n,
      clocks: 500n,
      vectorsPerCall: 2.5,
      averageClocks: 50,
    },
    { index: 1, name: 'unix-cli-process', calls: 0n, suspends: 2n, vectorsPerCall: 0, averageClocks: 25 },
  ])
  expect((await client.nodes({ perThread: true }))[0]?.threads).toHaveLength(3)
  expect(await client.errors()).toEqual([
    { node: 'arp-input', reason: 'bad/odd reason', count: 6n, threads: [0n, 0n, 6n] },
  ])
  expect(await client.errors({ zeros: true })).toHaveLength(2)
  expect(await client.buffers()).toEqual([{ name: 'default-numa-0', cached: 1, used: 2, available: 3 }])
  expect(await client.memory()).toMatchObject([
    { name: 'main heap', total: 1000n, used: 300n, free: 700n },
    { name: 'stat segment', total: 500n, used: 200n, free: 300n },
  ])
  expect(await client.system()).toEqual({
    vectorRate: 15,
    vectorRatePerThread: [0, 10, 20],
    loopsPerThread: [100, 200, 300],
    inputRate: 12_345,
    workers: 2,
    heartbeat: 1n,
    lastUpdate: 7,
    lastStatsClear: 3,
    bootTime: new Date(1_700_000_000_000),
  })
  publisher.close()
})

test('interfaces that come, go and are renamed are right at once, in views and prepared sets alike', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const links = await client.prepare('^/interfaces/.*/rx$')
  const namesOf = () => links.entries.map(({ name }) => name)
  const shape = links.shape
  expect((await client.interfaces()).at(-1)?.name).toBe('loop0')
  const added = vpp.addInterface('tap0')
  vpp.counter('rx').set(0, added, 3n, 33n)
  expect((await client.interfaces()).at(-1)).toMatchObject({ name: 'tap0', rx: { packets: 3n } })
  await links.update()
  expect(links.shape).toBeGreaterThan(shape)
  expect(namesOf()).toContain('/interfaces/tap0/rx')
  vpp.renameInterface(added, 'uplink')
  expect((await client.interfaces()).at(-1)?.name).toBe('uplink')
  await links.update()
  expect(namesOf()).toContain('/interfaces/uplink/rx')
  expect(namesOf()).not.toContain('/interfaces/tap0/rx')
  expect(links.get('/interfaces/uplink/rx')).toMatchObject({ type: 'combined' })
  vpp.deleteInterface(1)
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'loop0', 'uplink'])
  await links.update()
  expect(namesOf()).toEqual(['/interfaces/local0/rx', '/interfaces/loop0/rx', '/interfaces/uplink/rx'])
  vpp.addInterface('again')
  await links.update()
  expect(namesOf()).toContain('/interfaces/again/rx')
  publisher.close()
})

test('a rename without a new epoch is seen', async () => {
  using folder = new SocketFolder()
  const { publisher, segment } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const set = await client.prepare('^/interfaces/loop0/rx$')
  expect(set.entries).toHaveLength(1)
  const epoch = segment.epoch
  segment.rename(set.entries[0]?.index ?? -1, '/interfaces/other/rx')
  expect(segment.epoch).toBe(epoch)
  await set.update()
  expect(set.entries).toHaveLength(0)
  publisher.close()
})

test('an update copies in place and allocates nothing while the shape stays', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const set = await client.prepare()
  const { entries, shape } = set
  // The compiler allocates too, when it comes to it: the best of some rounds counts.
  const rounds = Array.from({ length: 8 }, () => {
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 5000; i++) set.updateNow()
    return process.memoryUsage().heapUsed - before
  })
  expect(Math.min(...rounds.filter((grown) => grown >= 0)) / 5000).toBeLessThan(64)
  vpp.counter('rx').set(0, 0, 8n, 80n)
  expect(set.updateNow()).toBe(true)
  expect(set.entries).toBe(entries)
  expect(set.shape).toBe(shape)
  const rx = set.get('/if/rx')
  expect(rx?.type === 'combined' && rx.bytes(0, 0)).toBe(80n)
  publisher.close()
})

test('dumped values never change', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  const client = await StatsClient.connect(folder.socket)
  const before = await client.get('/if/rx', 'combined')
  vpp.counter('rx').set(0, 0, 8n, 80n)
  expect((await client.get('/if/rx', 'combined')).packets(0, 0)).toBe(8n)
  expect(before.packets(0, 0)).toBe(0n)
  publisher.close()
  await client.close()
  expect(before.packets(0, 0)).toBe(0n)
})

test('what is not there is a typed error', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  await expect(client.get('/none', 'scalar')).rejects.toMatchObject({ code: 'STATS_NO_ENTRY' })
  await expect(client.get('/if/rx', 'simple')).rejects.toThrow('/if/rx as simple: it is of type combined')
  await expect(client.ring('/if/rx')).rejects.toMatchObject({ code: 'STATS_NO_ENTRY' })
  expect(() => client.ls('(')).toThrow(expect.objectContaining({ code: 'STATS_ARGUMENT' }))
  await client.close()
  await expect(client.dump()).rejects.toMatchObject({ code: 'STATS_CLOSED' })
  publisher.close()
})

test('a change that never ends ends the call by its deadline', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket, { snapshotTimeout: 60 })
  const set = await client.prepare('/if/rx$')
  const words = new BigUint64Array(publisher.buffer)
  words[3] = 1n
  expect(set.updateNow()).toBe(false)
  await expect(client.dump()).rejects.toMatchObject({ code: 'STATS_BUSY' })
  await expect(set.update()).rejects.toBeInstanceOf(StatsError)
  words[3] = 0n
  expect(await client.ls('/if/rx$')).toHaveLength(1)
  publisher.close()
})

test('connecting waits for a VPP that is not there yet, and says so when it never comes', async () => {
  using folder = new SocketFolder()
  const late = StatsClient.connect(folder.socket, { connectTimeout: 5000 })
  await expect(StatsClient.connect(folder.socket, { connectTimeout: 80 })).rejects.toThrow(
    /^no stats segment at .* within 80 ms \(connect\(.*\) failed: ENOENT\): is VPP running/,
  )
  const { publisher } = publishSample(folder.socket)
  await using client = await late
  expect(client.connection).toEqual({ generation: 1, pid: process.pid, mapped: true })
  publisher.close()
})

test('connecting can be aborted and leaves nothing behind', async () => {
  using folder = new SocketFolder()
  const before = openFds()
  const abort = new AbortController()
  const connecting = StatsClient.connect(folder.socket, { signal: abort.signal, connectTimeout: Infinity })
  abort.abort(new Error('no more'))
  await expect(connecting).rejects.toThrow('no more')
  expect(openFds()).toBe(before)
})

test.each([
  ['closes without a word', (listener: SeqpacketListener) => listener.accept()?.close()],
  [
    'talks instead',
    (listener: SeqpacketListener) => {
      const socket = listener.accept()
      socket?.send(Buffer.from('hello'))
      socket?.close()
    },
  ],
])('a socket that %s is not a stats socket', async (_, behave) => {
  using folder = new SocketFolder()
  const before = openFds()
  const listener = SeqpacketListener.listen(folder.socket)
  const connecting = StatsClient.connect(folder.socket)
  const refused = expect(connecting).rejects.toMatchObject({ code: 'STATS_HANDSHAKE' })
  using reactor = new Reactor()
  reactor.watch(listener.fd, { readable: true }, () => behave(listener))
  await refused
  reactor.close()
  listener.close()
  expect(openFds()).toBe(before)
})

test.each(['killed', 'stopped'] as const)('a VPP that is %s and started again is followed', async (how) => {
  using folder = new SocketFolder()
  const before = { fds: openFds(), mappings: mappings() }
  const first = publishSample(folder.socket)
  const client = await StatsClient.connect(folder.socket, { livenessInterval: 20 })
  const set = await client.prepare('^/(sys/boottime|if/names)$')
  const reasons: LossReason[] = []
  client.on('disconnected', (reason) => reasons.push(reason))
  if (how === 'killed') first.publisher.abandon()
  else first.publisher.close()
  const second = new StatsPublisher(folder.socket)
  const vpp = new VppCounters(second.segment, { bootTime: 1_800_000_000 })
  vpp.addInterface('fresh0')
  const [info] = (await once(client, 'connected')) as [{ generation: number }]
  expect(info.generation).toBe(2)
  expect(reasons).toEqual(['socket-replaced'])
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['fresh0'])
  await set.update()
  expect(set.get('/sys/boottime')).toMatchObject({ value: 1_800_000_000n })
  second.close()
  await client.close()
  expect({ fds: openFds(), mappings: mappings() }).toEqual(before)
})

test('calls wait while VPP is away, and give up in time', async () => {
  using folder = new SocketFolder()
  const first = publishSample(folder.socket)
  await using hasty = await StatsClient.connect(folder.socket, {
    livenessInterval: 20,
    reconnectTimeout: 100,
  })
  await using client = await StatsClient.connect(folder.socket, {
    livenessInterval: 20,
    reconnectTimeout: Infinity,
  })
  first.publisher.abandon()
  rmSync(folder.socket)
  const other = SeqpacketListener.listen(folder.socket)
  await once(client, 'disconnected')
  expect(client.connection).toBeUndefined()
  await expect(hasty.dump()).rejects.toMatchObject({ code: 'STATS_DISCONNECTED' })
  const waiting = client.ls('^/sys/boottime$')
  other.close()
  const second = publishSample(folder.socket)
  expect(await waiting).toHaveLength(1)
  const never = client.dump()
  await client.close()
  await never
  second.publisher.close()
})

test('closing ends calls that wait', async () => {
  using folder = new SocketFolder()
  const { publisher } = publishSample(folder.socket)
  const client = await StatsClient.connect(folder.socket)
  new BigUint64Array(publisher.buffer)[3] = 1n
  const waiting = client.dump()
  await client.close()
  await expect(waiting).rejects.toMatchObject({ code: 'STATS_CLOSED' })
  publisher.close()
})

test('polling yields at once and then per interval, until aborted', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket)
  const abort = new AbortController()
  const seen: bigint[] = []
  for await (const set of client.poll('^/sys/heartbeat$', { interval: 5, signal: abort.signal })) {
    const entry = set.get('/sys/heartbeat')
    if (entry?.type === 'scalar') seen.push(entry.value)
    vpp.beat(9)
    if (seen.length === 3) abort.abort()
  }
  expect(seen).toEqual([1n, 2n, 3n])
  publisher.close()
})

test('a ring delivers each record once and counts what was overwritten', async () => {
  using folder = new SocketFolder()
  const { publisher, segment } = publishSample(folder.socket)
  const ring = segment.addRing('/ring', { entrySize: 4, ringSize: 8, threads: 2, schema: Buffer.from('u32') })
  const write = (thread: number, from: number, count: number) => {
    for (let i = 0; i < count; i++) ring.produce(thread, Uint8Array.of(from + i, 0, 0, 0))
  }
  write(0, 0, 3)
  await using client = await StatsClient.connect(folder.socket)
  const subscription = await client.ring('/ring')
  expect(Buffer.from((await subscription.schema()) ?? []).toString()).toBe('u32')
  expect(await subscription.read()).toEqual([])
  write(0, 10, 5)
  write(1, 50, 1)
  const [main, worker] = await subscription.read()
  expect(main).toMatchObject({ thread: 0, first: 3n, lost: 0n })
  expect(firstBytes(main?.records ?? [])).toEqual([10, 11, 12, 13, 14])
  expect(firstBytes(worker?.records ?? [])).toEqual([50])
  write(0, 100, 20)
  const [late] = await subscription.read()
  // Of eight records two may be half written: six are safe.
  expect(late).toMatchObject({ first: 8n + 14n, lost: 14n })
  expect(firstBytes(late?.records ?? [])).toEqual([114, 115, 116, 117, 118, 119])
  expect(subscription.lost).toBe(14n)
  publisher.close()
})

test('a segment without the seal is copied: a shrink is an error, no crash', async () => {
  using folder = new SocketFolder()
  const publisher = new StatsPublisher(folder.socket, { size: 2 ** 20, sealed: false })
  const vpp = new VppCounters(publisher.segment)
  vpp.addInterface('local0')
  await using client = await StatsClient.connect(folder.socket, { reconnectTimeout: 100 })
  expect(client.connection?.mapped).toBe(false)
  vpp.counter('rx').set(0, 0, 7n, 70n)
  expect((await client.interfaces())[0]?.rx.packets).toBe(7n)
  publisher.truncate(4096)
  const gone = once(client, 'disconnected')
  void client.dump().catch(() => {})
  expect((await gone)[0]).toBe('segment-lost')
  publisher.close()
})

test('a heartbeat that stops is reported, and so is its return', async () => {
  using folder = new SocketFolder()
  const { publisher, vpp } = publishSample(folder.socket)
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 10 })
  // Long enough for the client to measure the interval.
  for await (const _ of setInterval(20)) if (vpp.beat(1) >= 10n) break
  await once(client, 'stalled')
  expect(client.stalled).toBe(true)
  vpp.beat(2)
  await once(client, 'resumed')
  expect(client.stalled).toBe(false)
  publisher.close()
})
