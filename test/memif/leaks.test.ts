import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createMemif, type Memif, type MemifOptions } from '@vpp-ts/memif'
import { resources, resourcesNow } from './resources.ts'

const directory = mkdtempSync(join(tmpdir(), 'memif-leaks-'))
afterAll(() => rmSync(directory, { recursive: true }))

const socket = join(directory, 'memif.sock')
const WARM_UP = 100
const CYCLES = 1000

const make = (options: Omit<MemifOptions, 'socket'>) =>
  createMemif({ socket, reconnectMs: 1, ringSize: 256, ...options })

/** Packets both ways, by copy and in place, single and chained. */
function exchange(left: Memif, right: Memif): void {
  const packets = [64, 1500, 9000].map((length) => new Uint8Array(length).fill(length & 0xff))
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    from.txBurst(0, packets)
    expect(to.rxBurst(0, 2)).toHaveLength(2)
    expect(to.rxPeek(0, 8)).toHaveLength(1)
    to.rxRelease(0)
    const [buffer] = from.txReserve(0, 1)
    buffer!.length = 60
    from.txCommit(0)
    expect(to.rxBurst(0, 8)).toHaveLength(1)
  }
}

async function connected(server: Memif, client: Memif): Promise<void> {
  await Promise.all([server.ready(), client.ready()])
  exchange(server, client)
}

/** Runs `cycle` often and checks that descriptors, mappings and heap are as before. */
async function staysFlat(cycle: () => Promise<void>): Promise<void> {
  for (let n = 0; n < WARM_UP; n++) await cycle()
  const before = await resources()
  let most = before.maps
  for (let n = 0; n < CYCLES; n++) {
    await cycle()
    if (n % 100 === 99) most = Math.max(most, resourcesNow().maps)
  }
  const after = await resources()
  expect(after.fds).toBe(before.fds)
  expect(after.regions).toBe(before.regions)
  // The engine's heap has its own mappings, some dozens more or less.
  expect(after.maps - before.maps).toBeLessThan(CYCLES / 5)
  // Without any help the collector keeps up: the kernel allows a process 65530 mappings.
  expect(most - before.maps).toBeLessThan(2000)
  expect(after.space - before.space).toBeLessThan(64 * 2 ** 20)
  expect(after.heap - before.heap).toBeLessThan(2 ** 20)
  expect(after.external - before.external).toBeLessThan(2 ** 20)
}

test('1000 connections that the client closes leave nothing behind', async () => {
  await using server = make({ role: 'server' })
  await staysFlat(async () => {
    const gone = once(server, 'disconnect')
    const client = make({ role: 'client' })
    await connected(server, client)
    void client.close()
    await gone
  })
})

test('1000 connections that the server closes leave nothing behind', async () => {
  await using client = make({ role: 'client' })
  await staysFlat(async () => {
    const gone = once(client, 'disconnect')
    const server = make({ role: 'server' })
    await connected(server, client)
    void server.close()
    await gone
  })
})

test('1000 refused handshakes leave nothing behind', async () => {
  await using server = make({ role: 'server', secret: 'right' })
  await staysFlat(async () => {
    const refused = once(server, 'failure')
    const client = make({ role: 'client', secret: 'wrong' })
    await once(client, 'failure')
    void client.close()
    await refused
  })
})

test('packets still handed out when the link ends read as zeros or nothing, and keep no memory', async () => {
  await using server = make({ role: 'server' })
  await staysFlat(async () => {
    const gone = once(server, 'disconnect')
    const client = make({ role: 'client' })
    await connected(server, client)
    client.txBurst(0, [new Uint8Array(100)])
    const [held] = server.rxPeek(0, 1)
    void client.close()
    await gone
    expect(held!.data.every((byte) => byte === 0)).toBe(true)
  })
})
