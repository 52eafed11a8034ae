import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemif, type Memif, type MemifError, type MemifOptions } from '@vpp-ts/memif'
import {
  ETHER_TYPE,
  ICMP_TYPE,
  IP_PROTOCOL,
  MAC_BROADCAST,
  ARP_OPERATION,
  buildArp,
  buildEthernet,
  buildIcmp,
  buildIpv4,
  parseArp,
  parseEthernet,
  parseIcmp,
  parseIpv4,
} from '@vpp-ts/memif/net'
import { SimulatedMemif, type RingDamage, type SimulatedMemifOptions } from './index.ts'

const open: { close(): void }[] = []

afterEach(() => {
  for (const each of open.splice(0).toReversed()) each.close()
})

const HOST = { mac: '02:00:00:00:00:01', ipv4: '192.0.2.1' }
const OWN = { mac: '02:00:00:00:00:02', ipv4: '192.0.2.2' }
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const text = (packet: Uint8Array) => Buffer.from(packet).toString()

/** A peer, and the program's own interface, connected. */
async function pair(options: SimulatedMemifOptions = {}, own: Partial<MemifOptions> = {}) {
  const peer = new SimulatedMemif(options)
  open.push(peer)
  const role = options.role === 'client' ? 'server' : 'client'
  const memif = createMemif({ role, socket: peer.socket, reconnectMs: 20, ...own })
  open.push(memif)
  await Promise.all([peer.ready(), memif.ready()])
  return { peer, memif }
}

async function next(memif: Memif): Promise<Uint8Array> {
  for await (const packet of memif) return packet
  throw new Error('closed')
}

describe('a simulated peer', () => {
  test.each(['server', 'client'] as const)('echoes as a %s, and counts', async (role) => {
    const { peer, memif } = await pair({ role, reply: 'echo' })
    await memif.send([bytes('one')])
    expect(text(await next(memif))).toBe('one')
    expect(peer.traffic).toEqual({ received: 1, sent: 1, lost: 0, connects: 1 })
  })

  test('answers ARP and ping as a host', async () => {
    const { memif } = await pair({ reply: HOST })
    const question = buildArp({
      operation: ARP_OPERATION.request,
      senderMac: OWN.mac,
      senderIp: OWN.ipv4,
      targetMac: '00:00:00:00:00:00',
      targetIp: HOST.ipv4,
    })
    const frame = {
      destination: MAC_BROADCAST,
      source: OWN.mac,
      etherType: ETHER_TYPE.arp,
      payload: question,
    }
    await memif.send([buildEthernet(frame)])
    const answer = parseArp(parseEthernet(await next(memif))!.payload)
    expect(answer).toMatchObject({ operation: ARP_OPERATION.reply, senderMac: HOST.mac })
  })

  test('answers in mode ip, without Ethernet', async () => {
    const { memif } = await pair({ reply: HOST, mode: 'ip' }, { mode: 'ip' })
    const body = bytes('....ping')
    const payload = buildIcmp({ type: ICMP_TYPE.echoRequest, code: 0, body })
    const ends = { source: OWN.ipv4, destination: HOST.ipv4, protocol: IP_PROTOCOL.icmp }
    await memif.send([buildIpv4({ ...ends, payload })])
    const answer = parseIcmp(parseIpv4(await next(memif))!.payload)
    expect(answer).toMatchObject({ type: ICMP_TYPE.echoReply, body })
  })

  test('lets a function answer, with several packets or none, on the queue that is there', async () => {
    const reply = (packet: Uint8Array, queue: number) =>
      text(packet) === 'quiet' ? undefined : [bytes(`${queue}a`), bytes(`${queue}b`)]
    const { peer, memif } = await pair({ reply, rxQueues: 2, txQueues: 2 }, { txQueues: 2, rxQueues: 1 })
    await memif.send([bytes('quiet'), bytes('loud')], { queue: 1 })
    const packets = memif.packets()
    expect(text((await packets.next()).value!)).toBe('1a')
    expect(text((await packets.next()).value!)).toBe('1b')
    peer.reply = 'echo'
    await memif.send([bytes('back')])
    expect(text((await packets.next()).value!)).toBe('back')
  })

  test('gives what it received, in order, and keeps no more than asked', async () => {
    const { peer, memif } = await pair({ keep: 2 })
    const first = peer.take()
    await memif.send([bytes('1')])
    expect(text(await first)).toBe('1')
    await memif.send(['2', '3', '4'].map(bytes))
    while (peer.traffic.received < 4) await new Promise(setImmediate)
    expect([text(await peer.take()), text(await peer.take())]).toEqual(['3', '4'])
    await expect(peer.take({ signal: AbortSignal.timeout(1) })).rejects.toThrow()
  })

  test('is a source at a rate, of a number of packets', async () => {
    const { peer, memif } = await pair({}, { rxMode: 'polling' })
    const source = peer.source({ packets: ['a', 'b'].map(bytes), packetsPerSecond: 100_000, count: 501 })
    await source.done
    expect(source).toMatchObject({ sent: 501, lost: 0 })
    expect(
      memif
        .rxBurst(0, 1000)
        .map(({ data }) => text(data))
        .slice(-3),
    ).toEqual(['a', 'b', 'a'])
  })

  test('a source loses what the ring has no room for', async () => {
    const { peer } = await pair({}, { rxMode: 'polling', ringSize: 64 })
    const source = peer.source({ packets: [bytes('x')], packetsPerSecond: 1e6, count: 200 })
    await source.done
    expect(source).toMatchObject({ sent: 64, lost: 136 })
    expect(() => peer.source({ packets: [] })).toThrow(RangeError)
  })

  test('leaves the ring full while paused', async () => {
    const { peer, memif } = await pair({ reply: 'echo' }, { ringSize: 8 })
    peer.pause()
    const packets = Array.from({ length: 9 }, () => bytes('x'))
    expect(memif.txBurst(0, packets)).toBe(8)
    await new Promise(setImmediate)
    expect(memif.txFree(0)).toBe(0)
    peer.resume()
    expect(memif.txFree(0)).toBe(8)
    expect(peer.traffic.received).toBe(8)
  })
})

describe('a simulated peer that fails', () => {
  test('disconnects with its reason, and is there again', async () => {
    const { peer, memif } = await pair({ reply: 'echo' })
    const down = once(memif, 'disconnect')
    const up = once(memif, 'connect')
    peer.disconnect('maintenance')
    expect(await down).toMatchObject([{ code: 'MEMIF_PEER_DISCONNECTED', reason: 'maintenance' }])
    await up
    await memif.send([bytes('again')])
    expect(text(await next(memif))).toBe('again')
    expect(peer.traffic.connects).toBe(2)
  })

  test('is away until it is started', async () => {
    const { peer, memif } = await pair()
    peer.stop()
    expect(peer.memif).toBeUndefined()
    expect(peer.send([bytes('x')])).toBe(0)
    expect(() => peer.damage('empty')).toThrow(expect.objectContaining({ code: 'SIMULATOR_STATE' }))
    const [failure] = (await once(memif, 'failure')) as [MemifError]
    expect(failure.code).toBe('MEMIF_SYSTEM')
    peer.start()
    await memif.ready()
  })

  const damages: [RingDamage, Record<string, number>][] = [
    ['region', { badDescriptor: 1 }],
    ['offset', { badDescriptor: 1 }],
    ['empty', { badDescriptor: 1 }],
  ]

  describe.each(['server', 'client'] as const)('as a %s', (role) => {
    test.each(damages)('sends a packet with damage %s, then sound ones', async (damage, counted) => {
      const { peer, memif } = await pair({ role })
      peer.damage(damage)
      expect(peer.send([bytes('sound')])).toBe(1)
      expect(text(await next(memif))).toBe('sound')
      expect(memif.getCounters().rx).toMatchObject({ packets: 1, ...counted })
    })

    test('begins a chain that the next packet ends', async () => {
      const { peer, memif } = await pair({ role }, { rxMode: 'polling' })
      peer.damage('unfinished')
      expect(memif.rxBurst(0, 1)).toHaveLength(0)
      peer.send([bytes('end')])
      expect(memif.rxBurst(0, 2).map(({ length }) => length)).toEqual([64 + 3])
    })

    test('stores an index that cannot be', async () => {
      const { peer, memif } = await pair({ role }, { rxMode: 'polling' })
      peer.damage('index')
      expect(memif.rxBurst(0, 1)).toHaveLength(0)
      expect(memif.getCounters().rx.badIndex).toBe(1)
      peer.send([bytes('sound')])
      expect(memif.rxBurst(0, 1).map(({ data }) => text(data))).toEqual(['sound'])
    })
  })

  test('damages a queue once a connection', async () => {
    const { peer, memif } = await pair()
    peer.damage('empty')
    expect(() => peer.damage('empty')).toThrow(expect.objectContaining({ code: 'MEMIF_QUEUE_GIVEN_AWAY' }))
    const up = once(memif, 'connect')
    peer.disconnect()
    await up
    peer.damage('empty')
  })
})
