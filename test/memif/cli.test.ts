import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMemif, type Memif } from '@vpp-ts/memif'
import { parsePcap, pcapHeader, pcapRecord, respondToFrame } from '@vpp-ts/memif/net'
import { build, run } from '../linux/child.ts'

const bin = fileURLToPath(new URL('../../memif/bin/vpp-ts-memif.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'vpp-ts-memif-cli-'))
const socket = `@memif-cli-${process.pid}`
const open: Memif[] = []

beforeAll(() => build('memif'))
afterEach(() => {
  for (const memif of open.splice(0)) void memif.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

const command = (...args: string[]) =>
  run(process.execPath, [bin, '--socket', socket, '--timeout', '30', ...args], {}, 60_000)

function server(): Memif {
  const memif = createMemif({ socket, role: 'server' })
  open.push(memif)
  return memif
}

/** Packets until so many have come. */
async function take(memif: Memif, count: number): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  for await (const packet of memif) if (got.push(packet) >= count) break
  return got
}

test('ping asks for the MAC address, then for echoes', async () => {
  const memif = server()
  const host = { mac: '02:00:00:00:00:09', ipv4: '192.0.2.9' }
  memif.on('interrupt', (queue) => {
    const answers = memif.rxPeek(queue, 64).flatMap((packet) => respondToFrame(host, packet.copy()) ?? [])
    memif.rxRelease(queue)
    memif.txBurst(0, answers)
  })
  const { status, stdout, stderr } = await command('ping', '192.0.2.9', '--source', '192.0.2.1', '-c', '3')
  expect(stderr).toBe('')
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/time=.*/, 'time')),
  ).toEqual(['seq=1 time', 'seq=2 time', 'seq=3 time', '3 sent, 3 received'])
  expect(status).toBe(0)
})

test('a host that does not answer is said, with exit code 1', async () => {
  server()
  const { status, stderr } = await command('ping', '192.0.2.9', '--source', '192.0.2.1')
  expect(stderr).toBe('vpp-ts-memif: 192.0.2.9 does not answer ARP\n')
  expect(status).toBe(1)
})

test('generate sends numbered packets of one size', async () => {
  const got = take(server(), 300)
  const { stdout } = await command('generate', '--count', '300', '--length', '100')
  expect(stdout).toBe('300 packets of 100 bytes sent\n')
  const packets = await got
  expect(packets.map((packet) => Buffer.from(packet).readUInt32BE())).toEqual(
    Array.from({ length: 300 }, (_, n) => n),
  )
  expect(new Set(packets.map(({ length }) => length))).toEqual(new Set([100]))
})

test('dump writes a capture, replay sends it, to the byte', async () => {
  const file = join(folder, 'dump.pcap')
  const sender = server()
  const dumping = command('dump', '--write', file, '--count', '3')
  await sender.ready()
  const sent = [Buffer.from('first packet'), Buffer.alloc(3000, 7), Buffer.from('x')]
  await sender.send(sent)
  expect((await dumping).stdout).toBe(`3 packets written to ${file}\n`)
  const { packets, linkType } = parsePcap(readFileSync(file))
  expect(linkType).toBe(1)
  expect(packets.map(({ packet }) => Buffer.from(packet))).toEqual(sent)
  void sender.close()
  const got = take(server(), 3)
  expect((await command('replay', file)).stdout).toBe('3 packets sent\n')
  expect((await got).map((packet) => Buffer.from(packet))).toEqual(sent)
})

test('replay with timing keeps the pauses; what is not a capture is refused', async () => {
  const file = join(folder, 'timed.pcap')
  const second = 1_000_000_000n
  writeFileSync(
    file,
    Buffer.concat([
      pcapHeader(1, 65535),
      pcapRecord(Buffer.from('one'), second, 65535),
      pcapRecord(Buffer.from('two'), second + second / 5n, 65535),
    ]),
  )
  const memif = server()
  const got = take(memif, 2)
  const began = performance.now()
  expect((await command('replay', file, '--timing')).stdout).toBe('2 packets sent\n')
  expect(performance.now() - began).toBeGreaterThan(200)
  expect(await got).toHaveLength(2)
  writeFileSync(file, 'not a capture at all, but long enough')
  const { status, stderr } = await command('replay', file)
  expect(stderr).toContain('not a pcap file')
  expect(status).toBe(1)
})

test('nobody on the socket is said with what was tried', async () => {
  const { status, stderr } = await run(process.execPath, [bin, '-s', `${socket}-none`, '-t', '0.5', 'dump'])
  expect(stderr).toMatch(/^vpp-ts-memif: no peer on @memif-cli-.* within 0.5 s: .*ECONNREFUSED/)
  expect(status).toBe(1)
})
