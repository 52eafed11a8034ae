import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient, SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import {
  IpAddressDetails,
  IpAddressDump,
  IpClient,
  IpTableAddDel,
  IpTableAddDelReply,
} from '@vpp-ts/binapi-ip'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { PolicerClient, PolicerInputReply, PolicerInputV2, PolicerInputV2Reply } from '@vpp-ts/binapi-policer'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, pairFields } from './messages.ts'
import { Peer, frame, i32, u16, u32, type Received } from './peer.ts'

const named = ({ descriptor: { name, crc } }: { descriptor: { name: string; crc: string } }) =>
  `${name}_${crc}`

const messages = [
  ...MESSAGES,
  ...[
    IpTableAddDel,
    IpTableAddDelReply,
    IpAddressDump,
    IpAddressDetails,
    PolicerInputV2,
    PolicerInputV2Reply,
    PolicerInputReply,
  ].map(named),
]

let peer: Peer
let vpp: VppConnection

const quiet = { health: { probeInterval: 0 } }

beforeEach(async () => {
  peer = await Peer.start({ messages })
  peer.on('show_version', echoVersion)
  peer.on('ip_table_add_del', (request) => {
    request.reply('ip_table_add_del_reply', i32(0))
  })
  vpp = await VppConnection.connect(peer.path, quiet)
})
afterEach(async () => {
  await vpp.close()
  await peer[Symbol.asyncDispose]()
})

/** Table ids that the peer was asked for: behind id, client, context and is_add. */
const tableIds = () =>
  peer.received.filter(({ name }) => name === 'ip_table_add_del').map(({ bytes }) => bytes.readUInt32BE(11))

const count = (length: number) => Array.from({ length }, (_, index) => index)

describe('a request is what it was at the call', () => {
  it('in a channel whose buffer is full', async () => {
    const channel = vpp.newApiChannelBuffered(1, 10)
    const request = new IpTableAddDel()
    const calls = count(200).map((tableId) => {
      request.table.tableId = tableId
      return channel.sendRequest(request)
    })
    await Promise.all(calls.map((call) => call.receiveReply(IpTableAddDelReply)))
    expect(tableIds()).toEqual(count(200))
  })

  it('while VPP is away, whatever ids the next one has', async () => {
    const other = await Peer.start()
    const { path } = other
    await other.close()
    await using managed = VppConnection.managed(path, {
      ...quiet,
      reconnect: { initialDelay: 5, maximumDelay: 5 },
    })
    const ip = new IpClient(managed)
    const table = { tableId: 0 }
    const calls = count(200).map((tableId) => {
      table.tableId = tableId
      return ip.ipTableAddDel({ table })
    })
    await using next = await Peer.start({ messages, shift: 300, path: await pathOf(path) })
    next.on('ip_table_add_del', (request) => {
      request.reply('ip_table_add_del_reply', i32(0))
    })
    await Promise.all(calls)
    const seen = next.received.filter(({ name }) => name === 'ip_table_add_del')
    expect(seen.map(({ bytes }) => bytes.readUInt32BE(11))).toEqual(count(200))
    expect(new Set(seen.map(({ clientIndex }) => clientIndex))).toEqual(new Set([0x80000001]))
  })

  it('in a dump that is read later, and in its later pages', async () => {
    peer.on('lcp_itf_pair_get', (request) => {
      const cursor = request.bytes.readUInt32BE(10)
      request.reply('lcp_itf_pair_details', ...pairFields(cursor))
      request.reply('lcp_itf_pair_get_reply', i32(cursor < 3 ? -165 : 0), u32(cursor + 1))
    })
    const request = { cursor: 1 }
    const dump = new LcpClient(vpp).lcpItfPairGet(request)
    request.cursor = 99
    expect((await dump.toArray()).map((pair) => pair.phySwIfIndex)).toEqual([1, 2, 3])
  })

  it('in a subscription, after a reconnect too', async () => {
    peer.on('want_interface_events', acceptWant)
    await using managed = VppConnection.managed(peer.path, { ...quiet, reconnect: { initialDelay: 5 } })
    const want = { pid: 77 }
    const events = new InterfaceClient(managed).swInterfaceEvents({ want })
    await events.ready
    want.pid = 88
    peer.cut()
    await peer.until('want_interface_events', 2)
    const pids = peer.received.filter(({ name }) => name === 'want_interface_events')
    expect(pids.map(({ bytes }) => bytes.readUInt32BE(14))).toEqual([77, 77])
    await events.close()
  })

  it('where a getter of it makes further calls', async () => {
    const version = new VpeClient(vpp)
    const ip = new IpClient(vpp)
    const inner: Promise<unknown>[] = []
    const table = (tableId: number) => ({
      get tableId() {
        inner.push(version.showVersion(), ip.ipTableAddDel({ table: { tableId: tableId + 1 } }))
        return tableId
      },
    })
    await ip.ipTableAddDel({ table: table(10) })
    const channel = vpp.newApiChannelBuffered(1, 1)
    const calls = [new IpTableAddDel({ table: { tableId: 20 } }), new IpTableAddDel()].map(
      (message, index) => {
        if (index > 0) Object.assign(message, { table: table(30) })
        return channel.sendRequest(message)
      },
    )
    await Promise.all(calls.map((call) => call.receiveReply(IpTableAddDelReply)))
    await Promise.all(inner)
    expect(tableIds().toSorted((a, b) => a - b)).toEqual([10, 11, 20, 30, 31])
    expect(vpp.metrics.failures).toEqual({})
  })

  it('and what cannot be encoded is said at the call, wherever it would have waited', async () => {
    await vpp.close()
    const path = await pathOf(peer.path)
    await using managed = VppConnection.managed(path, quiet)
    const call = new IpClient(managed).ipTableAddDel({ table: { tableId: 2 ** 32 } })
    await expect(call).rejects.toMatchObject({ code: 'VPP_ENCODE', path: 'table.tableId' })
    const channel = managed.newApiChannelBuffered(1, 1)
    channel.sendRequest(new IpTableAddDel())
    const queued = new IpTableAddDel()
    queued.table.tableId = -5
    await expect(channel.sendRequest(queued).receiveReply(IpTableAddDelReply)).rejects.toMatchObject({
      code: 'VPP_ENCODE',
    })
    expect(() => new IpClient(managed).ipAddressDump({ swIfIndex: 2 ** 32 })).toThrow(
      expect.objectContaining({ code: 'VPP_ENCODE', path: 'swIfIndex' }) as Error,
    )
    expect(() => new InterfaceClient(managed).swInterfaceEvents({ want: { pid: -1 } })).toThrow(
      'pid: expected',
    )
    expect(managed.metrics.failures).toEqual({ VPP_ENCODE: 3 })
  })
})

/** A path beside another, where nobody listens yet. */
async function pathOf(path: string): Promise<string> {
  const { mkdir } = await import('node:fs/promises')
  const { dirname } = await import('node:path')
  await mkdir(dirname(path), { recursive: true })
  return path
}

describe('a reply under another name', () => {
  const events: unknown[] = []
  const listen = (message: unknown) => events.push(message)
  beforeEach(() => {
    events.length = 0
    subscribe('vpp-ts:reply:misnamed', listen)
  })
  afterEach(() => {
    unsubscribe('vpp-ts:reply:misnamed', listen)
  })

  it('is the reply where it is laid out alike: the retval is not lost, and it is told', async () => {
    let retval = 0
    peer.on('policer_input_v2', (request) => {
      request.reply('policer_input_reply', i32(retval))
    })
    const policer = new PolicerClient(vpp)
    expect(await policer.policerInputV2({ swIfIndex: 1 })).toMatchObject({ retval: 0 })
    retval = -2
    await expect(policer.policerInputV2({ swIfIndex: 9 })).rejects.toMatchObject({
      code: 'VPP_API_ERROR',
      apiName: 'INVALID_SW_IF_INDEX',
      request: { swIfIndex: 9 },
    })
    expect(vpp.metrics.misnamed).toBe(2)
    expect(events[0]).toMatchObject({
      message: 'policer_input_v2',
      expected: 'policer_input_v2_reply',
      received: 'policer_input_reply',
    })
  })

  it('is the reply in a channel too, for the class that goes with the request', async () => {
    peer.on('policer_input_v2', (request) => {
      request.reply('policer_input_reply', i32(0))
    })
    const channel = vpp.newApiChannel()
    const send = () => channel.sendRequest(new PolicerInputV2())
    expect(await send().receiveReply(PolicerInputV2Reply)).toMatchObject({ retval: 0 })
    await expect(send().receiveReply(IpTableAddDelReply)).rejects.toMatchObject({
      code: 'VPP_UNEXPECTED_REPLY',
    })
  })

  it.each([
    ['that of no message', 3, 'a message with an unknown id'],
    ['that of an event that somebody reads', undefined, 'sw_interface_event'],
  ])('is the reply when its id is %s', async (_, id, received) => {
    peer.on('want_interface_events', acceptWant)
    const subscription = new InterfaceClient(vpp).swInterfaceEvents()
    await subscription.ready
    peer.on('ip_table_add_del', ({ socket, context }) => {
      const message = Buffer.concat([
        u16(id ?? peer.id(SwInterfaceEvent.descriptor.name)),
        u32(context),
        i32(-9),
      ])
      peer.write(socket, frame(message))
    })
    await expect(new IpClient(vpp).ipTableAddDel()).rejects.toMatchObject({
      code: 'VPP_API_ERROR',
      retval: -9,
    })
    expect(vpp.metrics).toMatchObject({ misnamed: 1, unknown: 0, unmatched: 0 })
    expect(events).toMatchObject([{ expected: 'ip_table_add_del_reply', received }])
    await subscription.close()
  })

  it('is refused where it is laid out in another way, without talk of shared contexts', async () => {
    peer.on('ip_table_add_del', (request) => {
      request.reply('policer_input_reply', i32(0), u32(0))
    })
    // The same CRC says that it is laid out alike: what follows is passed over.
    await new IpClient(vpp).ipTableAddDel()
    peer.on('ip_table_add_del', (request) => {
      request.reply('show_version_reply', i32(0), u32(0))
    })
    await expect(new IpClient(vpp).ipTableAddDel()).rejects.toMatchObject({
      code: 'VPP_UNEXPECTED_REPLY',
      message:
        'ip_table_add_del: expected ip_table_add_del_reply, received show_version_reply of 14 bytes, ' +
        'which has another layout; VPP may have executed the request',
    })
  })

  it('and what comes beside a file descriptor does not end the connection', async () => {
    peer.on('show_version', (request) => {
      request.socket.write('fdmsg')
      echoVersion(request)
    })
    expect((await new VpeClient(vpp).showVersion()).version).toBe('26.06')
    await new MemclntClient(vpp).controlPing()
    expect(vpp.state.status).toBe('connected')
  })
})

describe('errors of calls', () => {
  /** The first line of a stack that names a place. */
  const firstFrame = (error: unknown) =>
    (error as Error).stack?.split('\n').find((line) => line.startsWith('    at '))
  const failure = async (call: () => Promise<unknown>): Promise<unknown> => {
    try {
      await call()
    } catch (error) {
      return error
    }
    throw new Error('nothing failed')
  }

  it('carry the request as it was sent, and begin at the caller', async () => {
    peer.on('ip_table_add_del', (request) => {
      request.reply('ip_table_add_del_reply', i32(-81))
    })
    const ip = new IpClient(vpp)
    const request = { table: { tableId: 7, name: 'red' } }
    async function callerOfTable() {
      const reply = ip.ipTableAddDel(request)
      request.table.tableId = 8
      await reply
    }
    const error = await failure(callerOfTable)
    expect(error).toMatchObject({ retval: -81, request: { table: { tableId: 7, name: 'red' } } })
    expect(firstFrame(error)).toMatch(/callerOfTable.*requests\.test\.ts/)
    async function callerOfBad() {
      await ip.ipTableAddDel({ table: { tableId: -1 } })
    }
    expect(firstFrame(await failure(callerOfBad))).toMatch(/callerOfBad.*requests\.test\.ts/)
    async function callerOfDump() {
      await ip.ipAddressDump({ swIfIndex: -2 }).toArray()
    }
    expect(firstFrame(await failure(callerOfDump))).toMatch(/callerOfDump.*requests\.test\.ts/)
  })

  it('tell which of 1,000 calls under way it was', async () => {
    peer.on('ip_table_add_del', (request) => {
      request.reply('ip_table_add_del_reply', i32(request.bytes.readUInt32BE(11) === 678 ? -7 : 0))
    })
    const ip = new IpClient(vpp)
    const error = await failure(() =>
      Promise.all(count(1000).map((tableId) => ip.ipTableAddDel({ table: { tableId } }))),
    )
    expect(error).toMatchObject({ retval: -7, request: { table: { tableId: 678 } } })
    expect((error as Error).stack).toMatch(/Promise\.all \(index 678\)/)
  })

  it('are counted and told once each, whatever the call failed of', async () => {
    const told: { error: { code?: string; name: string }; message: string }[] = []
    const listen = (message: unknown) => told.push(message as (typeof told)[number])
    subscribe('vpp-ts:request:failed', listen)
    try {
      const held: Received[] = []
      peer.on('show_version', (request) => held.push(request))
      peer.on('ip_table_add_del', (request) => {
        request.reply('ip_table_add_del_reply', i32(-7))
      })
      const ip = new IpClient(vpp)
      const version = new VpeClient(vpp)
      const abort = new AbortController()
      const channel = vpp.newApiChannelBuffered(1, 1)
      const calls = [
        ip.ipTableAddDel(),
        ip.ipTableAddDel({ table: { tableId: -1 } }),
        version.showVersion({}, { signal: AbortSignal.abort() }),
        version.showVersion({}, { signal: abort.signal }),
        version.showVersion({}, { timeout: 5 }),
        ip.ipAddressDump({ swIfIndex: 1 }, { signal: AbortSignal.abort() }).toArray(),
        channel.sendRequest(new IpTableAddDel()).receiveReply(IpTableAddDelReply),
      ]
      const settled = Promise.allSettled(calls)
      await peer.until('show_version', 2)
      abort.abort()
      expect((await settled).map(({ status }) => status)).toEqual(calls.map(() => 'rejected'))
      const open = [
        version.showVersion(),
        channel.sendRequest(new PolicerInputV2()).receiveReply(PolicerInputV2Reply),
      ]
      const all = Promise.allSettled(open)
      await channel.close()
      const late = channel.sendRequest(new IpTableAddDel()).receiveReply(IpTableAddDelReply)
      await Promise.allSettled([late, vpp.close(), all])
      await expect(version.showVersion()).rejects.toMatchObject({ code: 'VPP_CLOSED' })
      const codes = told.map(({ error }) => error.code ?? error.name).filter((code) => code !== '')
      expect(vpp.metrics.failures).toEqual({
        VPP_API_ERROR: 2,
        VPP_ENCODE: 1,
        AbortError: 3,
        VPP_REPLY_TIMEOUT: 1,
        VPP_CLOSED: 4,
      })
      expect(codes).toHaveLength(11)
    } finally {
      unsubscribe('vpp-ts:request:failed', listen)
    }
  })
})
