import { once } from 'node:events'
import { join } from 'node:path'
import type { ItemInput } from '@vpp-ts/agent'
import { createMemif, type Memif } from '@vpp-ts/memif'
import { describe, expect, it, vi } from 'vitest'
import { items, managedAlone } from '../agent/managed.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: no packets go through NAT')

const UDP = 17
const TCP = 6
const SYN = 0x02
const ACK = 0x10
const PSH = 0x08
const FIN = 0x01
const SOON = { timeout: 30_000, interval: 50 }

/** One end of a packet. */
interface End {
  readonly address: string
  readonly port: number
}

/** A packet over IPv4. */
interface Packet {
  readonly protocol: number
  readonly from: End
  readonly to: End
  readonly flags?: number
  readonly data: string
}

function sumOf(bytes: Buffer, start = 0): number {
  let sum = start
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return sum
}

function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

function pseudoSum(bytes: Buffer): number {
  const head = Buffer.concat([bytes.subarray(12, 20), Buffer.from([0, bytes[9]!, 0, 0])])
  head.writeUInt16BE(bytes.length - 20, 10)
  return sumOf(head)
}

function encode({ protocol, from, to, flags = 0, data }: Packet): Buffer {
  const isTcp = protocol === TCP
  const payload = Buffer.from(data)
  const header = isTcp ? 20 : 8
  const bytes = Buffer.alloc(20 + header + payload.length)
  bytes.writeUInt8(0x45, 0)
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.writeUInt8(64, 8)
  bytes.writeUInt8(protocol, 9)
  addressBytes(from.address).copy(bytes, 12)
  addressBytes(to.address).copy(bytes, 16)
  bytes.writeUInt16BE(0xffff & ~sumOf(bytes.subarray(0, 20)), 10)
  bytes.writeUInt16BE(from.port, 20)
  bytes.writeUInt16BE(to.port, 22)
  if (isTcp) {
    bytes.writeUInt8(0x50, 32)
    bytes.writeUInt8(flags, 33)
    bytes.writeUInt16BE(0xffff, 34)
  } else bytes.writeUInt16BE(8 + payload.length, 24)
  payload.copy(bytes, 20 + header)
  bytes.writeUInt16BE(0xffff & ~sumOf(bytes.subarray(20), pseudoSum(bytes)), isTcp ? 36 : 26)
  return bytes
}

/** @throws Error when a checksum is wrong */
function decode(bytes: Buffer): Packet {
  if (sumOf(bytes.subarray(0, 20)) !== 0xffff) throw new Error('the checksum of the IP header is wrong')
  if (sumOf(bytes.subarray(20), pseudoSum(bytes)) !== 0xffff)
    throw new Error('the checksum of the data is wrong')
  const protocol = bytes[9]!
  const isTcp = protocol === TCP
  const end = (address: number, port: number): End => ({
    address: [...bytes.subarray(address, address + 4)].join('.'),
    port: bytes.readUInt16BE(port),
  })
  const data = bytes.subarray(isTcp ? 40 : 28).toString()
  const packet = { protocol, from: end(12, 20), to: end(16, 22), data }
  return isTcp ? { ...packet, flags: bytes[33]! } : packet
}

/** Our end of a memif that carries IP packets. */
class Wire implements AsyncDisposable {
  readonly #memif: Memif
  readonly #received: Packet[] = []

  constructor(socket: string, id: number) {
    this.#memif = createMemif({ socket, role: 'client', id, mode: 'ip', reconnectMs: 100 })
    this.#memif.on('interrupt', (queue) => {
      for (const { data } of this.#memif.rxBurst(queue, 256)) {
        const bytes = Buffer.from(data)
        if (bytes[0] === 0x45 && [UDP, TCP].includes(bytes[9]!)) this.#received.push(decode(bytes))
      }
    })
  }

  async connected(): Promise<void> {
    if (!this.#memif.connected) await once(this.#memif, 'connect')
  }

  send(packet: Packet): void {
    expect(this.#memif.txBurst(0, [encode(packet)])).toBe(1)
  }

  /** The next packet. */
  async next(): Promise<Packet> {
    await vi.waitFor(() => expect(this.#received.length).toBeGreaterThan(0), SOON)
    return this.#received.shift()!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#memif.close()
  }
}

const HOST: End = { address: '10.0.0.5', port: 4000 }
const SERVER: End = { address: '10.0.0.6', port: 80 }
const FAR: End = { address: '198.51.100.9', port: 5353 }
const POOL = ['192.0.2.10', '192.0.2.11']

function gateway(mode: 'ed' | 'ei', socket: string): ItemInput[] {
  const link = { kind: 'interface', type: 'memif', role: 'master', socket: 7, mode: 'ip' } as const
  return [
    { kind: 'memif-socket', id: 7, path: socket },
    { ...link, name: 'in', id: 1, addresses: ['10.0.0.1/24'] },
    { ...link, name: 'out', id: 2, addresses: ['192.0.2.1/24'] },
    { kind: 'route', prefix: '0.0.0.0/0', paths: [{ interface: 'out' }] },
    { kind: 'nat44', mode, inside: ['in'], outside: ['out'], pools: [{ first: POOL[0]!, last: POOL[1]! }] },
    {
      kind: 'nat44-static',
      mode,
      protocol: 'tcp',
      localAddress: SERVER.address,
      localPort: SERVER.port,
      externalAddress: POOL[0]!,
      externalPort: 8080,
    },
  ]
}

describe.runIf(vppBinary !== undefined)('packets through NAT44 that the agent set up, by memif', () => {
  it.each(['ed', 'ei'] as const)('mode %s: UDP from inside, a TCP connection from outside', async (mode) => {
    await using vpp = await VppProcess.start(vppBinary ?? '', vppPlugins)
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const socket = join(vpp.folder, 'nat.sock')
    await instance.put(items(...gateway(mode, socket)))
    await instance.settled()
    expect(new Set(instance.statuses().map(({ state }) => state))).toEqual(new Set(['applied']))
    await using inside = new Wire(socket, 1)
    await using outside = new Wire(socket, 2)
    await Promise.all([inside.connected(), outside.connected()])

    // The first may come before the link is up.
    const query: Packet = { protocol: UDP, from: HOST, to: FAR, data: 'who' }
    inside.send(query)
    const asked = await outside.next()
    expect(asked).toMatchObject({ protocol: UDP, to: FAR, data: 'who' })
    expect(POOL).toContain(asked.from.address)
    outside.send({ protocol: UDP, from: FAR, to: asked.from, data: 'me' })
    expect(await inside.next()).toEqual({ protocol: UDP, from: FAR, to: HOST, data: 'me' })

    const shown: End = { address: POOL[0]!, port: 8080 }
    const talk = async (flags: number, data: string, isIn: boolean): Promise<void> => {
      const common = { protocol: TCP, flags, data }
      if (isIn) {
        outside.send({ ...common, from: FAR, to: shown })
        expect(await inside.next()).toEqual({ ...common, from: FAR, to: SERVER })
      } else {
        inside.send({ ...common, from: SERVER, to: FAR })
        expect(await outside.next()).toEqual({ ...common, from: shown, to: FAR })
      }
    }
    await talk(SYN, '', true)
    await talk(SYN | ACK, '', false)
    await talk(ACK, '', true)
    await talk(PSH | ACK, 'GET / HTTP/1.1', true)
    await talk(PSH | ACK, 'HTTP/1.1 200 OK', false)
    await talk(FIN | ACK, '', true)
    await talk(FIN | ACK, '', false)
    await talk(ACK, '', true)

    // What nobody asked for does not come in, and the next packet is of someone who may.
    outside.send({ protocol: UDP, from: FAR, to: { address: POOL[1]!, port: 9 }, data: 'hello?' })
    await talk(SYN, '', true)
  })
})
