import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { registerStats, StatsClient } from '@vpp-ts/stats'
import { Registry } from 'prom-client'
import { rawSample, RawServer, socketFolder } from './raw-segment.ts'

const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeEach(() => {
  uncaught.length = 0
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
})

test('a damaged segment does not end the process: readers are told, and the next VPP is found', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, rawSample())
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 5 })
  server.segment.view.setBigUint64(32, 0x7f0000000000n + 1n, true)
  await sleep(50)
  await expect(client.interfaces()).rejects.toMatchObject({ code: 'STATS_SEGMENT_INVALID' })
  expect(client.connection).toBeDefined()
  const connected = once(client, 'connected')
  server.close()
  using again = new RawServer(folder.socket, rawSample())
  await connected
  expect(await client.interfaces()).toHaveLength(2)
  expect(again.connections).toBe(1)
  expect(uncaught).toEqual([])
})

test('an unsealed segment that is cut is a lost connection', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, rawSample({ sealed: false }))
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 5 })
  expect(client.connection?.mapped).toBe(false)
  const lost = once(client, 'disconnected')
  server.segment.fd.truncate(0)
  expect(await lost).toEqual(['segment-lost'])
  expect(uncaught).toEqual([])
})

test('a folder that may not be searched any more says nothing about VPP', async () => {
  using folder = socketFolder()
  const inner = join(folder.path, 'inner')
  mkdirSync(inner)
  using server = new RawServer(join(inner, 'stats.sock'), rawSample())
  await using client = await StatsClient.connect(join(inner, 'stats.sock'), { livenessInterval: 5 })
  const lost = vi.fn()
  client.on('disconnected', lost)
  // Others than root get EACCES for a folder; this error of the same kind everybody gets.
  renameSync(inner, `${inner}-away`)
  symlinkSync('inner', inner)
  await sleep(50)
  rmSync(inner)
  renameSync(`${inner}-away`, inner)
  expect(lost).not.toHaveBeenCalled()
  expect(await client.interfaces()).toHaveLength(2)
  expect(uncaught).toEqual([])
  expect(server.connections).toBe(1)
})

test('what a listener throws is an uncaught exception and does not stop the client', async () => {
  using folder = socketFolder()
  const server = new RawServer(folder.socket, rawSample())
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 5 })
  client.on('disconnected', () => {
    throw new Error('of the listener')
  })
  const connected = once(client, 'connected')
  server.close()
  using again = new RawServer(folder.socket, rawSample())
  await connected
  expect(uncaught).toEqual([new Error('of the listener')])
  expect(await client.interfaces()).toHaveLength(2)
  expect(again.connections).toBe(1)
})

test('a VPP that was replaced behind an abstract socket is noticed, also when the next takes its time', async () => {
  const name = `vpp-ts-liveness-${process.pid}`
  const first = new RawServer({ abstract: name }, rawSample())
  const retryInterval = { min: 5, max: 20 }
  await using client = await StatsClient.connect({ abstract: name }, { livenessInterval: 5, retryInterval })
  // Three beats, so that the interval is known; this process stays alive all the time, as a VPP that cannot be seen.
  for (let beats = 0; beats < 4; beats++) {
    first.segment.beat()
    await sleep(20)
  }
  first.close()
  await once(client, 'stalled')
  await sleep(100)
  const next = rawSample()
  next.change(() => next.text(0x8108, 'fresh1/0'))
  const replaced = once(client, 'disconnected')
  using second = new RawServer({ abstract: name }, next)
  expect(await replaced).toEqual(['segment-replaced'])
  expect((await client.interfaces()).map((it) => it.name)).toEqual(['local0', 'fresh1/0'])
  expect(second.connections).toBeGreaterThan(0)
})

test('while the heartbeat stands still nothing old is exported as new', async () => {
  using folder = socketFolder()
  using server = new RawServer(folder.socket, rawSample())
  await using client = await StatsClient.connect(folder.socket, { livenessInterval: 5 })
  const registry = new Registry()
  registerStats(registry, client)
  expect(await registry.metrics()).toContain('vpp_up 1\n')
  for (let beats = 0; beats < 4; beats++) {
    server.segment.beat()
    await sleep(20)
  }
  await once(client, 'stalled')
  const stalled = await registry.metrics()
  expect(stalled).toContain('vpp_up 0\n')
  expect(stalled).toContain('vpp_stats_stalled 1\n')
  expect(stalled).not.toContain('vpp_interface_receive_packets_total{')
  expect(Number(/^vpp_stats_heartbeat_age_seconds (.*)$/m.exec(stalled)?.[1])).toBeGreaterThanOrEqual(1)
  const resumed = once(client, 'resumed')
  server.segment.beat()
  await resumed
  expect(await registry.metrics()).toContain('vpp_interface_receive_packets_total{interface="memif1/0"')
})
