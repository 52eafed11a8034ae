import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IpTableDetails, IpTableDump } from '@vpp-ts/binapi-ip'
import { SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { LcpItfPairDetails, LcpItfPairGet, LcpItfPairGetReply } from '@vpp-ts/binapi-lcp'
import { ControlPing, ControlPingReply, MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, ShowVersionReply } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, echoVersion, interfaceEvent, pairFields, tableFields, versionFields } from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

let peer: Peer
let vpp: VppConnection

beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  peer.on('show_version', echoVersion)
  vpp = await VppConnection.connect(peer.path, { health: { probeInterval: 0 }, trace: 100 })
})
afterEach(async () => {
  await vpp.close()
  await peer[Symbol.asyncDispose]()
})

describe('channels', () => {
  it('a reply is read as the class that the caller names, before or after it came', async () => {
    const channel = vpp.newApiChannel()
    const [first, second] = [channel.sendRequest(new ShowVersion()), channel.sendRequest(new ShowVersion())]
    await new MemclntClient(vpp).controlPing()
    expect((await second.receiveReply(ShowVersionReply)).version).toBe('26.06')
    expect((await first.receiveReply(ShowVersionReply)).version).toBe('26.06')
  })

  it('a reply that is read late is still its own: the memory that it came in has been used again', async () => {
    peer.on('show_version', (request) => {
      request.reply('show_version_reply', ...versionFields(`reply ${request.context}`.padEnd(31, 'x')))
    })
    const channel = vpp.newApiChannel()
    const first = channel.sendRequest(new ShowVersion())
    const [{ context }] = [await peer.until('show_version').then(() => peer.received.at(-1) as Received)]
    // Each of these is read into the same memory, over the first.
    for (let i = 0; i < 5; i++) await channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
    expect((await first.receiveReply(ShowVersionReply)).program).toBe(`reply ${context}`.padEnd(31, 'x'))
  })

  it('the wrong class is an error that names both', async () => {
    const request = vpp.newApiChannel().sendRequest(new ShowVersion())
    await expect(request.receiveReply(ControlPingReply)).rejects.toMatchObject({
      code: 'VPP_UNEXPECTED_REPLY',
      message: expect.stringMatching(/control_ping_reply_.*show_version_reply_/) as unknown,
    })
  })

  it('a negative retval rejects with its reply', async () => {
    peer.on('show_version', (request) => {
      request.reply('show_version_reply', ...versionFields('no', -9))
    })
    const request = vpp.newApiChannel().sendRequest(new ShowVersion())
    await expect(request.receiveReply(ShowVersionReply)).rejects.toMatchObject({
      retval: -9,
      reply: { program: 'no' },
    })
  })

  it('a multi request is read step by step with a stop flag, or in a loop', async () => {
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 3; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    const channel = vpp.newApiChannel()
    const steps = channel.sendMultiRequest(new IpTableDump(), IpTableDetails)
    const seen: number[] = []
    for (;;) {
      const { lastReplyReceived, reply } = await steps.receiveReply()
      if (lastReplyReceived) break
      seen.push(reply.table.tableId)
    }
    for await (const { table } of channel.sendMultiRequest(new IpTableDump(), IpTableDetails))
      seen.push(table.tableId)
    expect(seen).toEqual([0, 1, 2, 0, 1, 2])
  })

  it('a multi request with its own reply ends with it', async () => {
    peer.on('lcp_itf_pair_get', (request) => {
      request.reply('lcp_itf_pair_details', ...pairFields(5))
      request.reply('lcp_itf_pair_get_reply', i32(0), u32(0))
    })
    const pairs: number[] = []
    const request = vpp
      .newApiChannel()
      .sendMultiRequest(new LcpItfPairGet(), LcpItfPairDetails, LcpItfPairGetReply)
    for await (const pair of request) pairs.push(pair.phySwIfIndex)
    expect(pairs).toEqual([5])
  })

  it('the request buffer is back-pressure: what is beyond it waits, and drain() tells when it has gone', async () => {
    const held: Received[] = []
    peer.on('show_version', (request) => held.push(request))
    const channel = vpp.newApiChannelBuffered(2, 10)
    const requests = Array.from({ length: 5 }, () => channel.sendRequest(new ShowVersion()))
    await peer.until('show_version', 2)
    await new MemclntClient(vpp).controlPing()
    expect(held).toHaveLength(2)
    expect(channel.queued).toBe(3)
    let drained = false
    const draining = channel.drain().then(() => (drained = true))
    echoVersion(held[0] as Received)
    await peer.until('show_version', 3)
    await new MemclntClient(vpp).controlPing()
    expect([held.length, channel.queued, drained]).toEqual([3, 2, false])
    await expect(channel.drain({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    peer.on('show_version', echoVersion)
    for (const request of held.slice(1)) echoVersion(request)
    await draining
    const replies = await Promise.all(requests.map((request) => request.receiveReply(ShowVersionReply)))
    expect(replies).toHaveLength(5)
  })

  it('what waits in a full channel still has its time, and its errors at once', async () => {
    peer.on('show_version', () => {})
    const channel = vpp.newApiChannelBuffered(1, 1)
    const first = channel.sendRequest(new ShowVersion())
    channel.setReplyTimeout(20)
    const second = channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
    const wrong = channel.sendRequest(Object.assign(new ControlPingReply(), { retval: 'x' }))
    await expect(wrong.receiveReply(ControlPingReply)).rejects.toMatchObject({ code: 'VPP_ENCODE' })
    expect(channel.queued).toBe(1)
    const drained = channel.drain()
    await expect(second).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    await drained
    expect([channel.queued, vpp.metrics.inFlight]).toEqual([0, 1])
    await channel[Symbol.asyncDispose]()
    await expect(first.receiveReply(ShowVersionReply)).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    await channel.close()
  })

  it('a dump has the timeout of the channel, and frees its context when it is left', async () => {
    const channel = vpp.newApiChannel()
    channel.setReplyTimeout(20)
    peer.on('ip_table_dump', () => {})
    const silent = channel.sendMultiRequest(new IpTableDump(), IpTableDetails)
    peer.on('control_ping', () => {})
    await expect(silent.receiveReply()).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    channel.setReplyTimeout(60_000)
    peer.on('ip_table_dump', (request) => {
      request.reply('ip_table_details', ...tableFields(1))
    })
    for await (const { table } of channel.sendMultiRequest(new IpTableDump(), IpTableDetails)) {
      expect(table.tableId).toBe(1)
      break
    }
    expect(vpp.metrics.inFlight).toBe(0)
  })

  it('a full channel does not delay another', async () => {
    peer.on('show_version', () => {})
    const full = vpp.newApiChannelBuffered(1, 1)
    full.sendRequest(new ShowVersion())
    full.sendRequest(new ShowVersion())
    const reply = await vpp.newApiChannel().sendRequest(new ControlPing()).receiveReply(ControlPingReply)
    expect(reply.retval).toBe(0)
    await full.close()
  })

  it('has its own timeout', async () => {
    peer.on('show_version', () => {})
    const channel = vpp.newApiChannel()
    channel.setReplyTimeout(20)
    await expect(channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)).rejects.toMatchObject(
      {
        code: 'VPP_REPLY_TIMEOUT',
      },
    )
    expect(() => {
      channel.setReplyTimeout(0)
    }).toThrow(/above 0/)
  })

  it('closing fails its calls, ends its subscriptions, and leaves the connection as it is', async () => {
    peer.on('show_version', () => {})
    const channel = vpp.newApiChannelBuffered(1, 10)
    const events = channel.subscribeNotification(SwInterfaceEvent)
    const requests = [channel.sendRequest(new ShowVersion()), channel.sendRequest(new ShowVersion())]
    await channel.close()
    for (const request of requests) {
      await expect(request.receiveReply(ShowVersionReply)).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    }
    expect(await events[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
    expect((await new MemclntClient(vpp).controlPing()).retval).toBe(0)
    await expect(channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)).rejects.toMatchObject(
      {
        code: 'VPP_CLOSED',
      },
    )
  })

  it('gets notifications and shows its records in the trace', async () => {
    const channel = vpp.newApiChannel()
    const events = channel.subscribeNotification(SwInterfaceEvent)
    await events.ready
    peer.broadcast(interfaceEvent(peer, 3))
    const { value } = await events[Symbol.asyncIterator]().next()
    expect(value).toMatchObject({ swIfIndex: 3 })
    await channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
    expect(vpp.trace?.records(channel.id).map((record) => record.message)).toEqual([
      'show_version',
      'show_version_reply',
    ])
  })

  it('a notification ends with its own signal and with the channel, and there are none after', async () => {
    const channel = vpp.newApiChannel()
    const controller = new AbortController()
    const options = { signal: controller.signal }
    const events = [options, options, {}].map((it) => channel.subscribeNotification(SwInterfaceEvent, it))
    const iterators = events.map((it) => it[Symbol.asyncIterator]())
    controller.abort()
    expect(await iterators[0]?.next()).toMatchObject({ done: true })
    const other = new AbortController()
    const last = channel.subscribeNotification(SwInterfaceEvent, { signal: other.signal })
    await last.ready
    await channel.close()
    expect(await iterators[2]?.next()).toMatchObject({ done: true })
    expect(await last[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
    expect(() => channel.subscribeNotification(SwInterfaceEvent)).toThrow(/closed/)
  })

  it('a notification of a message that is also a reply takes nothing away from calls', async () => {
    const replies = vpp.newApiChannel().subscribeNotification(ShowVersionReply)
    await replies.ready
    const { version } = await vpp
      .newApiChannel()
      .sendRequest(new ShowVersion())
      .receiveReply(ShowVersionReply)
    expect(version).toBe('26.06')
    expect((await replies[Symbol.asyncIterator]().next()).value).toMatchObject({ version: '26.06' })
    peer.broadcast(peer.message('show_version_reply', 0xffff, ...versionFields('to nobody')))
    expect((await replies[Symbol.asyncIterator]().next()).value).toMatchObject({ program: 'to nobody' })
    expect(vpp.metrics).toMatchObject({ failures: {}, unmatched: 0 })
  })

  it('refuses what is not a message and buffers that hold nothing', () => {
    expect(() => vpp.newApiChannel().sendRequest({})).toThrow(/message class/)
    expect(() => vpp.newApiChannelBuffered(0, 1)).toThrow(/requestSize/)
  })

  it('checks compatibility', () => {
    expect(vpp.newApiChannel().checkCompatibility([ShowVersion]).same).toEqual(['show_version'])
  })
})
