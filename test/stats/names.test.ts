import { registerStats, StatsClient } from '@vpp-ts/stats'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { rawSample, RawServer, socketFolder } from './raw-segment.ts'

const NAME_1 = 0x8108

test('a name that VPP writes into the memory of the old one is seen, everywhere', async () => {
  using folder = socketFolder()
  const segment = rawSample()
  using server = new RawServer(folder.socket, segment)
  await using client = await StatsClient.connect(folder.socket)
  const registry = new Registry()
  registerStats(registry, client)
  const set = await client.prepare('^/if/names$')
  const names = () => {
    const entry = set.get('/if/names')
    return entry?.type === 'names' ? entry.names : []
  }
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'memif1/0'])
  expect(names()).toEqual(['local0', 'memif1/0'])
  // The same pointer and the same length.
  segment.change(() => segment.text(NAME_1, 'memif2/0'))
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'memif2/0'])
  await set.update()
  expect(names()).toEqual(['local0', 'memif2/0'])
  expect(await registry.metrics()).toContain('interface="memif2/0"')
  expect(await registry.metrics()).not.toContain('interface="memif1/0"')
  // And shorter, into the room of the longer one.
  segment.change(() => segment.text(NAME_1, 'loop0'))
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'loop0'])
  expect(server.connections).toBe(1)
})

test('an interface made in a slot that said deleted appears, and one that was deleted goes', async () => {
  using folder = socketFolder()
  const segment = rawSample()
  using server = new RawServer(folder.socket, segment)
  await using client = await StatsClient.connect(folder.socket)
  segment.change(() => segment.text(NAME_1, 'deleted'))
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0'])
  segment.change(() => segment.text(NAME_1, 'tap1234'))
  expect((await client.interfaces()).map(({ name }) => name)).toEqual(['local0', 'tap1234'])
  expect(server.connections).toBe(1)
})

test('names of nodes are read again too, and updates of an unchanged segment keep the shape', async () => {
  using folder = socketFolder()
  const segment = rawSample()
  const node = segment.text(0x8208, 'abcd-tx')
  segment.entry(4, segment.words(0x9108, [node]), '/sys/node/names')
  const calls = segment.words(0xa108, [3n])
  for (const it of ['calls', 'vectors', 'suspends', 'clocks']) {
    segment.entry(2, segment.words(0xb108, [calls]), `/sys/node/${it}`)
  }
  using server = new RawServer(folder.socket, segment)
  await using client = await StatsClient.connect(folder.socket)
  const set = await client.prepare()
  const shape = set.shape
  expect((await client.nodes()).map(({ name }) => name)).toEqual(['abcd-tx'])
  segment.change(() => {})
  await set.update()
  expect(set.shape).toBe(shape)
  segment.change(() => segment.text(0x8208, 'wxyz-tx'))
  expect((await client.nodes()).map(({ name }) => name)).toEqual(['wxyz-tx'])
  await set.update()
  expect(set.shape).toBe(shape + 1)
  expect(server.connections).toBe(1)
})

test('a name with a slash in it is split off an error counter where the node ends', async () => {
  using folder = socketFolder()
  const segment = rawSample()
  const target = segment.entry(2, segment.words(0xc008, [segment.words(0xc108, [4n, 5n])]), '/node/errors')
  segment.entry(6, BigInt(target), '/err/memif1/0-tx/no_free_slots')
  segment.entry(6, (1n << 32n) | BigInt(target), '/err/ip4-input/a/b')
  using server = new RawServer(folder.socket, segment)
  await using client = await StatsClient.connect(folder.socket)
  expect(await client.errors()).toMatchObject([
    { node: 'memif1/0-tx', reason: 'no_free_slots', count: 4n },
    { node: 'ip4-input', reason: 'a/b', count: 5n },
  ])
  expect(server.connections).toBe(1)
})
