import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IpClient } from '@vpp-ts/binapi-ip'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, pairFields, tableFields } from './messages.ts'
import { Peer, i32, u32 } from './peer.ts'

let peer: Peer
let vpp: VppConnection

beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  vpp = await VppConnection.connect(peer.path, { health: { probeInterval: 0 } })
})
afterEach(async () => {
  await vpp.close()
  await peer[Symbol.asyncDispose]()
})

/** Pages of lcp_itf_pair_get: two details a page, cursors 10, 20, …; the last page ends with `retval`. */
function servePages(pages: number, retval = 0): void {
  peer.on('lcp_itf_pair_get', (request) => {
    const cursor = request.bytes.readUInt32BE(10)
    const page = cursor / 10
    for (const half of [0, 1]) request.reply('lcp_itf_pair_details', ...pairFields(page * 2 + half))
    const last = page === pages - 1
    request.reply('lcp_itf_pair_get_reply', i32(last ? retval : -165), u32(last ? 0xdeadbeef : cursor + 10))
  })
}

describe('dumps ended by control_ping', () => {
  it('#22 ends at the ping reply; nothing gives an empty result; a refused ping rejects', async () => {
    const ip = new IpClient(vpp)
    expect(await ip.ipTableDump().toArray()).toEqual([])
    peer.on('ip_table_dump', (request) => {
      request.reply('ip_table_details', ...tableFields(1))
      request.reply('ip_table_details', ...tableFields(2))
    })
    const tables = await ip.ipTableDump().toArray()
    expect(tables.map(({ table }) => table.tableId)).toEqual([1, 2])
    peer.on('control_ping', (ping) => {
      ping.reply('control_ping_reply', i32(-1), u32(0), u32(0))
    })
    await expect(ip.ipTableDump().toArray()).rejects.toMatchObject({ code: 'VPP_API_ERROR', retval: -1 })
  })

  it('#25 leaving the loop frees the slot, drains the rest silently and blocks nobody', async () => {
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 1000; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    for await (const { table } of new IpClient(vpp).ipTableDump()) {
      if (table.tableId === 2) break
    }
    expect(vpp.metrics.inFlight).toBe(0)
    expect((await new MemclntClient(vpp).controlPing()).retval).toBe(0)
    expect(vpp.metrics.failures).toEqual({})
  })

  it('a dump that is never read sends nothing', async () => {
    new IpClient(vpp).ipTableDump()
    await new MemclntClient(vpp).controlPing()
    expect(peer.count('ip_table_dump')).toBe(0)
  })

  it('a dump without a message for its whole timeout rejects; one that goes on does not', async () => {
    peer.on('control_ping', () => {})
    const dump = new IpClient(vpp).ipTableDump({}, { timeout: 50 })
    await expect(dump.toArray()).rejects.toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
      messageName: 'ip_table_dump',
    })
    expect(vpp.metrics.inFlight).toBe(0)
  })
})

describe('dumps with their own reply', () => {
  it('#23 yields the details, then the reply; an error rejects and carries the reply', async () => {
    servePages(1)
    const stream = new LcpClient(vpp).lcpItfPairGet()
    const details = await stream.toArray()
    expect(details.map((it) => it.phySwIfIndex)).toEqual([0, 1])
    expect(await stream.reply).toMatchObject({ retval: 0 })

    servePages(1, -6)
    const refused = new LcpClient(vpp).lcpItfPairGet()
    const seen: number[] = []
    const read = async () => {
      for await (const it of refused) seen.push(it.phySwIfIndex)
    }
    await expect(read()).rejects.toMatchObject({ code: 'VPP_API_ERROR', retval: -6, reply: { retval: -6 } })
    await expect(refused.reply).rejects.toMatchObject({ retval: -6 })
    expect(seen).toEqual([0, 1])
  })

  it('#24 pages through -165 to the end, each detail once', async () => {
    servePages(3)
    const details = await new LcpClient(vpp).lcpItfPairGet().toArray()
    expect(details.map((it) => it.phySwIfIndex)).toEqual([0, 1, 2, 3, 4, 5])
    expect(peer.count('lcp_itf_pair_get')).toBe(3)
  })

  it('#24 asks for no further page when the consumer leaves', async () => {
    servePages(3)
    for await (const it of new LcpClient(vpp).lcpItfPairGet()) if (it.phySwIfIndex === 1) break
    await new MemclntClient(vpp).controlPing()
    expect(peer.count('lcp_itf_pair_get')).toBe(1)
  })

  it('refuses a cursor to begin at that is not a number, and sends nothing', async () => {
    const request = { cursor: '20' as unknown as number }
    expect(() => new LcpClient(vpp).lcpItfPairGet(request)).toThrow(
      expect.objectContaining({ code: 'VPP_ENCODE', path: 'cursor' }) as Error,
    )
    expect(peer.count('lcp_itf_pair_get')).toBe(0)
  })

  it('#24 refuses a cursor that does not advance', async () => {
    peer.on('lcp_itf_pair_get', (request) => {
      request.reply('lcp_itf_pair_get_reply', i32(-165), request.bytes.subarray(10, 14))
    })
    await expect(new LcpClient(vpp).lcpItfPairGet().toArray()).rejects.toMatchObject({
      code: 'VPP_CURSOR_STUCK',
    })
  })
})
