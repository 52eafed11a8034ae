import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { MemifSocket, createMemif, type Memif, type MemifRole } from '@vpp-ts/memif'
import {
  ARP_OPERATION,
  ETHER_TYPE,
  ICMP_TYPE,
  IP_PROTOCOL,
  MAC_BROADCAST,
  buildArp,
  buildEthernet,
  buildIcmp,
  buildIpv4,
  parseArp,
  parseEthernet,
  parseIcmp,
  parseIpv4,
} from '@vpp-ts/memif/net'
import { ExampleProcess, buildExamples } from './example-process.ts'

const directory = mkdtempSync(join(tmpdir(), 'memif-examples-'))
const WAIT = { timeout: 20_000 }

beforeAll(buildExamples)
afterAll(() => rmSync(directory, { recursive: true }))

/** Two of an example, one as each role, on their own socket. */
function startBoth(name: string, ...args: readonly string[]): [ExampleProcess, ExampleProcess] {
  const own = ['--socket', join(directory, `${name}.sock`), ...args]
  return [new ExampleProcess(name, own), new ExampleProcess(name, [...own, '--slave'])]
}

function peerOf(example: 'icmp-responder' | 'bridge', role: MemifRole, id = 1): Memif {
  const socket = join(directory, `${example}-${role}.sock`)
  return createMemif({ socket, role, id, secret: 'secret', rxQueues: 3, txQueues: 3, reconnectMs: 50 })
}

async function answerTo(memif: Memif, request: Uint8Array): Promise<Uint8Array> {
  await memif.send([request], { signal: AbortSignal.timeout(10_000) })
  for await (const packet of memif.packets({ signal: AbortSignal.timeout(10_000) })) return packet
  throw new Error('no answer')
}

test('raw-data: two processes exchange packets on three queues, and hear of each other’s end', async () => {
  const [master, slave] = startBoth('raw-data', '--interval', '20', '--count', '3')
  await using _master = master
  await using _slave = slave
  for (const [receiver, sender] of [
    [master, 'client'],
    [slave, 'server'],
  ] as const) {
    for (const queue of [0, 1, 2]) {
      const line = `queue ${queue} received "packet 2 of ${sender} ${queue}"`
      await vi.waitFor(() => expect(receiver.output).toContain(line), WAIT)
    }
  }
  expect(await slave.interrupt()).toBe(0)
  await vi.waitFor(() => expect(master.output).toContain('disconnected'), WAIT)
  expect(await master.interrupt()).toBe(0)
})

test('jumbo-frames: packets of many buffers arrive intact both ways', async () => {
  const [master, slave] = startBoth('jumbo-frames', '--interval', '10', '--step', '8100', '--queues', '2')
  await using _master = master
  await using _slave = slave
  for (const each of [master, slave]) {
    await vi.waitFor(() => expect(each.output).toContain('queue 1 received 64800 bytes, intact'), WAIT)
  }
  for (const each of [master, slave]) {
    expect(await each.interrupt()).toBe(0)
    expect(each.output).not.toContain('DAMAGED')
  }
})

const US = { mac: '02:00:00:00:00:01', ip: '192.168.1.2' }
const HOST = { mac: 'aa:aa:aa:aa:aa:aa', ip: '192.168.1.1' }

test.each([
  ['client', []],
  ['server', ['--slave']],
] as const)('icmp-responder answers a %s ARP and echo, and writes a capture', async (role, args) => {
  const pcap = join(directory, `${role}.pcap`)
  const socket = join(directory, `icmp-responder-${role}.sock`)
  await using responder = new ExampleProcess('icmp-responder', ['--socket', socket, '--pcap', pcap, ...args])
  await using memif = peerOf('icmp-responder', role)
  const arp = buildArp({
    operation: ARP_OPERATION.request,
    senderMac: US.mac,
    senderIp: US.ip,
    targetMac: '00:00:00:00:00:00',
    targetIp: HOST.ip,
  })
  const ends = { destination: MAC_BROADCAST, source: US.mac }
  const found = await answerTo(memif, buildEthernet({ ...ends, etherType: ETHER_TYPE.arp, payload: arp }))
  expect(parseArp(parseEthernet(found)!.payload)).toMatchObject({ senderMac: HOST.mac, senderIp: HOST.ip })

  const body = Buffer.alloc(8900, 'echo')
  const request = buildEthernet({
    destination: HOST.mac,
    source: US.mac,
    etherType: ETHER_TYPE.ipv4,
    payload: buildIpv4({
      source: US.ip,
      destination: HOST.ip,
      protocol: IP_PROTOCOL.icmp,
      payload: buildIcmp({ type: ICMP_TYPE.echoRequest, code: 0, body }),
    }),
  })
  const reply = parseIpv4(parseEthernet(await answerTo(memif, request))!.payload)!
  expect(reply).toMatchObject({ source: HOST.ip, destination: US.ip })
  const echo = parseIcmp(reply.payload)!
  expect(echo.type).toBe(ICMP_TYPE.echoReply)
  expect(Buffer.compare(echo.body, body)).toBe(0)

  expect(await responder.interrupt()).toBe(0)
  expect(responder.output).toContain('received 2 packets, sent 2')
  // Request and answer of both, whole.
  const capture = readFileSync(pcap)
  expect(capture.readUInt32LE(0).toString(16)).toMatch(/^a1b2(c3d4|3c4d)$/)
  expect(capture).toHaveLength(24 + 4 * 16 + 2 * found.length + 2 * request.length)
})

test.each([
  ['client', []],
  ['server', ['--slave']],
] as const)('bridge takes packets from one %s to the other, both ways', async (role, args) => {
  const socket = join(directory, `bridge-${role}.sock`)
  await using bridge = new ExampleProcess('bridge', ['--socket', socket, ...args])
  const [left, right] = bridgePeers(role)
  await using _left = left
  await using _right = right
  await Promise.all([left.ready(), right.ready()])
  await vi.waitFor(() => expect(bridge.output.match(/connected to/g)).toHaveLength(2), WAIT)
  for (const [from, to] of [
    [left, right],
    [right, left],
  ] as const) {
    const arrived = once(to, 'interrupt')
    from.txBurst(2, [Buffer.alloc(60, 1), Buffer.alloc(9000, 2)])
    expect(await arrived).toEqual([0])
    expect(to.rxBurst(0, 8).map(({ length }) => length)).toEqual([60, 9000])
  }
  expect(await bridge.interrupt()).toBe(0)
  expect(bridge.output).toContain('1 received 2 packets, sent 2')
  expect(bridge.output).toContain('2 received 2 packets, sent 2')
})

/** Two interfaces on one socket: as servers they share its listener. */
function bridgePeers(role: MemifRole): [Memif, Memif] {
  if (role === 'client') return [peerOf('bridge', role, 1), peerOf('bridge', role, 2)]
  const socket = new MemifSocket({ socket: join(directory, 'bridge-server.sock') })
  const settings = { role, secret: 'secret', rxQueues: 3, txQueues: 3 }
  return [socket.createInterface({ ...settings, id: 1 }), socket.createInterface({ ...settings, id: 2 })]
}

test('each tells how to use it, with the lines for VPP', async () => {
  for (const name of ['raw-data', 'jumbo-frames', 'icmp-responder', 'bridge']) {
    await using example = new ExampleProcess(name, ['--help'])
    await vi.waitFor(() => expect(example.output).toMatch(/VPP as the client.*VPP as the server/s), WAIT)
    expect(example.output).toContain('--slave')
  }
})
