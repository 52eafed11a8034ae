import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { EventFd, Mapping, Seal, SeqpacketListener, addSeals, createMemfd } from '@vpp-ts/linux'
import { createMemif, type Memif, type MemifOptions } from '@vpp-ts/memif'
import { RawPeer } from './raw-peer.ts'
import {
  ack,
  addRegion,
  addRing,
  connect,
  connected,
  disconnect,
  formatRing,
  hello,
  init,
  ringBytes,
} from './wire.ts'

const TYPE = { ack: 1, hello: 2, init: 3, addRegion: 4, addRing: 5, connect: 6, connected: 7, disconnect: 8 }

const memifs: Memif[] = []
const owned: Disposable[] = []
let serial = 0

afterEach(() => {
  for (const memif of memifs.splice(0)) void memif.close()
  for (const each of owned.splice(0)) each[Symbol.dispose]()
})

const newName = () => `memif-peers-${process.pid}-${serial++}`

function make(options: MemifOptions): Memif {
  const memif = createMemif({ reconnectMs: 20, ...options })
  memifs.push(memif)
  return memif
}

function own<T extends Disposable>(each: T): T {
  owned.push(each)
  return each
}

/** A client of ours and the raw server it has come to; `hello` is the server's to say. */
async function clientAtRawServer(options: Partial<MemifOptions> = {}) {
  const name = newName()
  const listener = own(SeqpacketListener.listen({ abstract: name }))
  const client = make({ ...options, socket: `@${name}`, role: 'client' })
  const server = own(await RawPeer.accept(listener))
  return { client, server }
}

interface AnnouncedRing {
  readonly clientToServer: boolean
  readonly index: number
  readonly region: number
  readonly offset: number
  readonly log2: number
}

/** Plays the server up to CONNECT, in lock-step; gives what the client announced. */
async function takeAnnouncement(server: RawPeer, greeting: Buffer) {
  const rings: AnnouncedRing[] = []
  const regions: Mapping[] = []
  let message = await server.ask(greeting)
  expect(message.type).toBe(TYPE.init)
  for (;;) {
    // One message at a time: nothing comes before the last one is answered.
    await new Promise(setImmediate)
    expect(server.waiting).toBe(0)
    message = await server.ask(ack())
    const { type, bytes, fd } = message
    if (type === TYPE.connect) return { rings, regions }
    if (type === TYPE.addRegion) {
      regions.push(own(Mapping.create(fd!, { writable: true })))
      expect(bytes.readBigUInt64LE(4)).toBe(BigInt(regions.at(-1)!.length))
    } else {
      expect(type).toBe(TYPE.addRing)
      rings.push({
        clientToServer: (bytes.readUInt16LE(2) & 1) === 1,
        index: bytes.readUInt16LE(4),
        region: bytes.readUInt16LE(6),
        offset: bytes.readUInt32LE(8),
        log2: bytes[12]!,
      })
    }
    fd!.close()
  }
}

test('a client keeps within what HELLO allows, one message outstanding at a time', async () => {
  const { client, server } = await clientAtRawServer({ rxQueues: 4, txQueues: 3, ringSize: 1024 })
  // The wire has highest indexes: two rings each way, of at most 2^5 slots.
  const { rings, regions } = await takeAnnouncement(server, hello(1, 5))
  expect(rings.map(({ clientToServer, index, log2 }) => [clientToServer, index, log2])).toEqual([
    [true, 0, 5],
    [true, 1, 5],
    [false, 0, 5],
    [false, 1, 5],
  ])
  expect(regions[0]!.length).toBe(4 * (ringBytes(5) + 32 * 2048))
  server.send(connected())
  const { rxQueues, txQueues } = await client.ready()
  expect([rxQueues.length, txQueues.length, rxQueues[0]!.ringSize]).toEqual([2, 2, 32])
})

test('a client gives its buffers only after CONNECTED: servers zero the indexes before', async () => {
  const { client, server } = await clientAtRawServer({ ringSize: 16 })
  const { rings, regions } = await takeAnnouncement(server, hello())
  const { offset } = rings.find(({ clientToServer }) => !clientToServer)!
  const head = () => new DataView(regions[0]!.buffer).getUint16(offset + 6, true)
  expect(head()).toBe(0)
  for (const ring of rings) new Uint8Array(regions[0]!.buffer, ring.offset + 4, 64).fill(0)
  server.send(connected())
  await client.ready()
  expect(head()).toBe(16)
})

test('a server that acknowledges an unknown id and then hangs up, as libmemif does, is a refusal', async () => {
  const { client, server } = await clientAtRawServer()
  const failed = once(client, 'failure')
  await server.ask(hello())
  server.send(ack())
  server[Symbol.dispose]()
  owned.splice(owned.indexOf(server), 1)
  expect(await failed).toEqual([expect.objectContaining({ code: 'MEMIF_PEER_DISCONNECTED' })])
  expect(client.getCounters()).toMatchObject({ connects: 0, failures: 1 })
})

test('the reason of a DISCONNECT is read though the peer has hung up already', async () => {
  const { client, server } = await clientAtRawServer()
  await takeAnnouncement(server, hello())
  server.send(connected())
  await client.ready()
  const down = once(client, 'disconnect')
  server.send(disconnect('maintenance'))
  server[Symbol.dispose]()
  owned.splice(owned.indexOf(server), 1)
  expect(await down).toEqual([
    expect.objectContaining({ code: 'MEMIF_PEER_DISCONNECTED', reason: 'maintenance' }),
  ])
})

test('a peer that falls silent in the handshake is given up, in both roles', async () => {
  const { client, server } = await clientAtRawServer({ handshakeTimeoutMs: 30 })
  const failed = once(client, 'failure')
  await server.ask(hello())
  expect(await failed).toEqual([expect.objectContaining({ code: 'MEMIF_HANDSHAKE_TIMEOUT' })])
  expect(await server.receive()).toMatchObject({ type: TYPE.disconnect })
  expect(await server.receive()).toMatchObject({ end: true })

  const name = newName()
  const ours = make({ socket: `@${name}`, role: 'server', handshakeTimeoutMs: 30 })
  const late = once(ours, 'failure')
  const silent = own(RawPeer.connect(name))
  expect(await silent.receive()).toMatchObject({ type: TYPE.hello })
  expect(await late).toEqual([expect.objectContaining({ code: 'MEMIF_HANDSHAKE_TIMEOUT' })])
  const claimed = once(ours, 'failure')
  const half = own(RawPeer.connect(name))
  await half.receive()
  expect(await half.ask(init(0))).toMatchObject({ type: TYPE.ack })
  expect(await claimed).toEqual([expect.objectContaining({ code: 'MEMIF_HANDSHAKE_TIMEOUT' })])
  // The id is free again.
  await make({ socket: `@${name}`, role: 'client' }).ready()
})

test('a server takes a client whose buffers lie in their own regions, empty at first, of any size', async () => {
  const name = newName()
  const server = make({ socket: `@${name}`, role: 'server' })
  const client = own(RawPeer.connect(name))
  const log2 = 3
  const sizes = [2 * ringBytes(log2), 64 * 1024, 256 * 1024]
  const fds = sizes.map((size) => own(createMemfd('raw', size)))
  const maps = fds.map((fd) => own(Mapping.create(fd, { writable: true })))
  for (const fd of fds) addSeals(fd, Seal.SHRINK)
  const event = own(EventFd.create())
  const s2c = ringBytes(log2)
  for (const offset of [0, s2c]) formatRing(new Uint8Array(maps[0]!.buffer), offset)
  await client.receive()
  await client.ask(init(0))
  for (const [index, fd] of fds.entries()) {
    expect(await client.ask(addRegion(index, sizes[index]!), fd)).toMatchObject({ type: TYPE.ack })
  }
  await client.ask(addRing('c2s', 0, 0, 0, log2), event.fd)
  await client.ask(addRing('s2c', 0, 0, s2c, log2), event.fd)
  expect(await client.ask(connect())).toMatchObject({ type: TYPE.connected })
  const { regions } = await server.ready()
  expect(regions).toEqual(sizes)

  // Nothing can be sent before the client has given buffers; then one of 100 and one of 5000 bytes.
  expect(server.txBurst(0, [Buffer.from('early')])).toBe(0)
  const view = new DataView(maps[0]!.buffer)
  const describe = (ring: number, slot: number, region: number, length: number, offset: number) => {
    const at = ring + 128 + 16 * slot
    view.setUint16(at + 2, region, true)
    view.setUint32(at + 4, length, true)
    view.setUint32(at + 8, offset, true)
  }
  describe(s2c, 0, 2, 100, 1000)
  describe(s2c, 1, 1, 5000, 60_000)
  view.setUint16(s2c + 6, 2, true)
  expect(server.txBurst(0, [Buffer.alloc(5100, 'x'), Buffer.from('late')])).toBe(1)
  expect(view.getUint16(s2c + 64, true)).toBe(2)
  expect([view.getUint16(s2c + 128, true), view.getUint32(s2c + 132, true)]).toEqual([1, 100])
  expect([view.getUint16(s2c + 144, true), view.getUint32(s2c + 148, true)]).toEqual([0, 5000])
  expect(Buffer.from(maps[2]!.buffer, 1000, 101).toString()).toBe(`${'x'.repeat(100)}\0`)
  expect(Buffer.from(maps[1]!.buffer, 60_000, 5000).equals(Buffer.alloc(5000, 'x'))).toBe(true)

  Buffer.from(maps[2]!.buffer).write('from region 2', 200_000)
  describe(0, 0, 2, 13, 200_000)
  view.setUint16(6, 1, true)
  const interrupt = once(server, 'interrupt')
  event.signal()
  await interrupt
  expect(server.rxBurst(0, 8).map(({ data }) => Buffer.from(data).toString())).toEqual(['from region 2'])
  expect(view.getUint16(64, true)).toBe(1)
})

test('regions that can shrink are refused, unless they are accepted', async () => {
  for (const acceptUnsealedRegions of [false, true]) {
    const name = newName()
    make({ socket: `@${name}`, role: 'server', acceptUnsealedRegions })
    const client = own(RawPeer.connect(name))
    const fd = own(createMemfd('unsealed', 4096))
    await client.receive()
    await client.ask(init(0))
    const { type, bytes } = await client.ask(addRegion(0, 4096), fd)
    expect(type).toBe(acceptUnsealedRegions ? TYPE.ack : TYPE.disconnect)
    if (!acceptUnsealedRegions) expect(bytes.toString('utf8', 6)).toContain('region not sealed')
  }
})

test('clients that find the backlog of a listener full come in as soon as there is room', async () => {
  const name = newName()
  const listener = own(SeqpacketListener.listen({ abstract: name }, { backlog: 1 }))
  const clients = Array.from({ length: 10 }, (_, id) =>
    make({ socket: `@${name}`, role: 'client', id, reconnectMs: 60_000 }),
  )
  const ids = new Set<number>()
  for (const _ of clients) {
    const server = own(await RawPeer.accept(listener))
    const { bytes } = await server.ask(hello())
    ids.add(bytes.readUInt32LE(4))
  }
  expect(ids.size).toBe(clients.length)
})

test('more than 65536 slots: 8 rings of 16384, traffic on each', async () => {
  const both = {
    socket: `@${newName()}`,
    rxQueues: 4,
    txQueues: 4,
    ringSize: 16_384,
    bufferSize: 64,
    rxMode: 'polling',
  } as const
  const server = make({ ...both, role: 'server' })
  const client = make({ ...both, role: 'client' })
  await Promise.all([server.ready(), client.ready()])
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    for (let queue = 0; queue < 4; queue++) {
      const packets = Array.from({ length: 16_384 }, (_, n) => Buffer.from(`${queue} ${n}`))
      expect(from.txBurst(queue, packets)).toBe(16_384)
      expect(from.txBurst(queue, packets)).toBe(0)
    }
    for (let queue = 3; queue >= 0; queue--) {
      const got = to.rxBurst(queue, 20_000)
      expect(got).toHaveLength(16_384)
      const wrong = got.findIndex(({ data }, n) => Buffer.from(data).toString() !== `${queue} ${n}`)
      expect(wrong).toBe(-1)
    }
  }
})
