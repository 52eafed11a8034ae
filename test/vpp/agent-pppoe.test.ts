import { once } from 'node:events'
import { join } from 'node:path'
import type { ItemInput } from '@vpp-ts/agent'
import { createMemif, type Memif } from '@vpp-ts/memif'
import { describe, expect, it, vi } from 'vitest'
import { items, managedAlone } from '../agent/managed.ts'
import { VppProcess, vppBinary, vppPlugins } from './real-vpp.ts'

if (vppBinary === undefined) console.info('VPP_BINARY is not set: no PPPoE client speaks to a real VPP')

const SOON = { timeout: 90_000, interval: 100 }
const CLIENT = '02:00:00:00:00:31'
const ROUTER = '02:00:00:00:0a:01'
const SESSION = 7
const DISCOVERY = 0x8863
const IN_SESSION = 0x8864
/** PPP's number of IPv4. */
const IP4 = 0x0021

/** Our end of a memif. */
class Wire implements AsyncDisposable {
  readonly received: Buffer[] = []
  readonly #memif: Memif

  constructor(socket: string, id: number, mode: 'ethernet' | 'ip') {
    this.#memif = createMemif({ socket, role: 'client', id, mode, reconnectMs: 100 })
    this.#memif.on('interrupt', (queue) => {
      for (const { data } of this.#memif.rxBurst(queue, 256)) this.received.push(Buffer.from(data))
    })
  }

  async connected(): Promise<void> {
    if (!this.#memif.connected) await once(this.#memif, 'connect')
  }

  /** Sends again and again until it has an effect. */
  async send(bytes: Buffer, effect: () => void): Promise<void> {
    await vi.waitFor(() => {
      this.#memif.txBurst(0, [bytes])
      effect()
    }, SOON)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#memif.close()
  }
}

function mac(text: string): Buffer {
  return Buffer.from(text.replaceAll(':', ''), 'hex')
}

function ethernet(to: string, type: number, payload: Buffer): Buffer {
  const head = Buffer.concat([mac(to), mac(CLIENT), Buffer.alloc(2)])
  head.writeUInt16BE(type, 12)
  return Buffer.concat([head, payload])
}

/** A packet of PPPoE, with what it carries. */
function pppoe(code: number, session: number, payload: Buffer): Buffer {
  const head = Buffer.of(0x11, code, 0, 0, 0, 0)
  head.writeUInt16BE(session, 2)
  head.writeUInt16BE(payload.length, 4)
  return Buffer.concat([head, payload])
}

/** An IPv4 packet of an experimental protocol. */
function packet(from: string, to: string): Buffer {
  const bytes = Buffer.alloc(28)
  bytes.writeUInt8(0x45, 0)
  bytes.writeUInt16BE(bytes.length, 2)
  bytes.writeUInt8(64, 8)
  bytes.writeUInt8(253, 9)
  Buffer.from(from.split('.').map(Number)).copy(bytes, 12)
  Buffer.from(to.split('.').map(Number)).copy(bytes, 16)
  let sum = 0
  for (let at = 0; at < 20; at += 2) sum += bytes.readUInt16BE(at)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  bytes.writeUInt16BE(0xffff & ~sum, 10)
  bytes.write('in here', 20)
  return bytes
}

/** Addresses of an IPv4 packet. */
function ends(bytes: Buffer): string[] {
  return [12, 16].map((at) => [...bytes.subarray(at, at + 4)].join('.'))
}

describe.runIf(vppBinary !== undefined)('PPPoE, on a real VPP', () => {
  it('a client is heard by the control program, has a session, and packets go both ways', async () => {
    await using vpp = await VppProcess.start(vppBinary ?? '', vppPlugins)
    await using managed = await managedAlone(vpp.apiSocket)
    const { instance } = managed
    const socket = join(vpp.folder, 'pppoe.sock')
    const link = { kind: 'interface', type: 'memif', role: 'master', socket: 7 } as const
    const session: ItemInput = {
      kind: 'pppoe-session',
      mac: CLIENT,
      session: SESSION,
      address: '198.51.100.7',
    }
    const all = items(
      { kind: 'memif-socket', id: 7, path: socket },
      { ...link, name: 'clients', id: 1, mac: ROUTER },
      { ...link, name: 'control', id: 2 },
      { ...link, name: 'out', id: 3, mode: 'ip', addresses: ['192.0.2.1/24'] },
      { kind: 'route', prefix: '0.0.0.0/0', paths: [{ interface: 'out' }] },
      { kind: 'interface', type: 'loopback', name: 'lan', addresses: ['198.51.100.1/32'] },
      { kind: 'pppoe', interface: 'control' },
      session,
      { kind: 'interface', type: 'existing', name: 'pppoe_session0', unnumbered: 'lan', onRemove: 'reset' },
    )
    await instance.put(all)
    await instance.settled()
    const key = `${CLIENT}/${SESSION}`
    const state = (): unknown => instance.status({ kind: 'pppoe-session', key })
    // VPP has not heard of the client.
    expect(state()).toMatchObject({ state: 'failed', error: { name: 'INVALID_SW_IF_INDEX' } })

    await using client = new Wire(socket, 1, 'ethernet')
    await using control = new Wire(socket, 2, 'ethernet')
    await using outside = new Wire(socket, 3, 'ip')
    await Promise.all([client.connected(), control.connected(), outside.connected()])
    const asked = ethernet('ff:ff:ff:ff:ff:ff', DISCOVERY, pppoe(0x09, 0, Buffer.from('01010000', 'hex')))
    await client.send(asked, () => {
      const heard = control.received.find((it) => it.readUInt16BE(12) === DISCOVERY)
      expect(heard?.subarray(6, 12)).toEqual(mac(CLIENT))
    })
    await vi.waitFor(() => expect(state()).toMatchObject({ state: 'applied' }), SOON)
    await instance.resync()
    await vi.waitFor(
      () => expect(instance.statuses().filter((it) => it.state !== 'applied')).toEqual([]),
      SOON,
    )

    const ip = packet('198.51.100.7', '203.0.113.9')
    const sent = pppoe(0, SESSION, Buffer.concat([Buffer.of(IP4 >> 8, IP4 & 255), ip]))
    await client.send(ethernet(ROUTER, IN_SESSION, sent), () => {
      expect(outside.received.filter((it) => it[9] === 253).map(ends)[0]).toEqual([
        '198.51.100.7',
        '203.0.113.9',
      ])
    })
    await outside.send(packet('203.0.113.9', '198.51.100.7'), () => {
      const got = client.received.find((it) => it.readUInt16BE(12) === IN_SESSION)
      expect(got?.subarray(0, 12)).toEqual(Buffer.concat([mac(CLIENT), mac(ROUTER)]))
      expect(got?.readUInt16BE(16)).toBe(SESSION)
      expect(ends(got!.subarray(22))).toEqual(['203.0.113.9', '198.51.100.7'])
    })
    expect(await instance.resync()).toMatchObject({ applied: 0, failed: 0, problems: [] })

    // Another address is another session; what VPP has of it is what is declared.
    const shown = async (): Promise<unknown[]> =>
      (await instance.actual()).filter((it) => it.kind === 'pppoe-session').map(({ value }) => value)
    expect(await shown()).toEqual([{ mac: CLIENT, session: SESSION, address: '198.51.100.7', table: 0 }])
    await instance.put(items({ ...session, address: '198.51.100.8', table: 10 } as ItemInput))
    await instance.settled()
    expect(state()).toMatchObject({ state: 'applied' })
    await instance.resync()
    expect(await shown()).toEqual([{ mac: CLIENT, session: SESSION, address: '198.51.100.8', table: 10 }])
    await instance.delete([
      { kind: 'pppoe-session', key },
      { kind: 'pppoe', key: 'pppoe' },
    ])
    await instance.settled()
    expect(await instance.resync()).toMatchObject({ failed: 0 })
    expect(await shown()).toEqual([])
    expect((await instance.actual()).filter((it) => it.kind === 'pppoe-control')).toEqual([])
  }, 240_000)
})
