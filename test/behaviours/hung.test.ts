import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, interfaceEvent, tableFields, versionFields } from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function memory(): Promise<NodeJS.MemoryUsage> {
  for (let i = 0; i < 4; i++) {
    await turn()
    collect()
  }
  return process.memoryUsage()
}

const heap = async (): Promise<number> => (await memory()).heapUsed

/** Objects and what lies in buffers. */
async function live(): Promise<number> {
  const { heapUsed, arrayBuffers } = await memory()
  return heapUsed + arrayBuffers
}

let peer: Peer
beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
})
afterEach(async () => {
  await peer[Symbol.asyncDispose]()
})

const connect = (maxOutstanding: number) =>
  VppConnection.connect(peer.path, { maxOutstanding, closeTimeout: 0, health: { probeInterval: 0 } })

const gauges = ({ metrics: { inFlight, queued, abandoned } }: VppConnection) => ({
  inFlight,
  queued,
  abandoned,
})

const pong = (ping: Received) => {
  ping.reply('control_ping_reply', i32(0), u32(0), u32(peer.pid))
}

describe('a VPP that hangs', () => {
  it('does not hold up who leaves an event loop', async () => {
    await using vpp = await VppConnection.connect(peer.path, {
      closeTimeout: 20,
      timeout: 60_000,
      health: { probeInterval: 0 },
    })
    peer.on('want_interface_events', acceptWant)
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.on('want_interface_events', () => {})
    peer.broadcast(interfaceEvent(peer, 1))
    // The answer to the withdrawal never comes.
    for await (const { swIfIndex } of events) if (swIfIndex === 1) break
    expect(vpp.metrics.inFlight).toBe(1)
  })

  it('a want that timed out is taken back when its answer comes', async () => {
    await using vpp = await VppConnection.connect(peer.path, {
      timeout: 20,
      closeTimeout: 0,
      health: { probeInterval: 0 },
    })
    const wants: Received[] = []
    peer.on('want_interface_events', (request) => wants.push(request))
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await expect(events.ready).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    for (const want of wants) acceptWant(want)
    await peer.until('want_interface_events', 2)
    expect(wants.map(({ bytes }) => bytes.readUInt32BE(10))).toEqual([1, 0])
  })

  it('costs little for a request that waits', async () => {
    await using vpp = await connect(10)
    peer.on('control_ping', () => {})
    const client = new MemclntClient(vpp)
    const queue = (count: number) => Array.from({ length: count }, () => client.controlPing())
    const calls = queue(1000)
    const before = await live()
    const more = queue(50_000)
    const each = ((await live()) - before) / 50_000
    const { queued } = vpp.metrics
    const ended = Promise.allSettled([...calls, ...more])
    await vpp.close()
    await ended
    expect(queued).toBe(50_990)
    // Promise, call and encoded request: half of the 660 bytes that it once took.
    expect(each).toBeLessThanOrEqual(330)
  })

  it('is sent no more than maxOutstanding, and 100,000 calls that timed out or were aborted cost nothing', async () => {
    await using vpp = await connect(100)
    const held: Received[] = []
    for (const name of ['show_version', 'control_ping']) peer.on(name, (request) => held.push(request))
    const vpe = new VpeClient(vpp)
    const requests = vpp.newApiChannelBuffered(10, 10)
    const codes = new Map<string, number>()
    const count = (error: { code?: string; name: string }) => {
      const code = error.code ?? error.name
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    const batch = async () => {
      const abort = new AbortController()
      const calls: Promise<unknown>[] = []
      for (let i = 0; i < 3000; i++) {
        calls.push(vpe.showVersion({}, { timeout: 1 + (i % 7) / 10 }).catch(count))
        calls.push(vpe.showVersion({}, { timeout: 60_000, signal: abort.signal }).catch(count))
        requests.setReplyTimeout(2)
        calls.push(requests.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply).catch(count))
      }
      const drained = [vpp.drain(), requests.drain()]
      await turn()
      abort.abort()
      await Promise.all([...calls, ...drained])
      expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 0, abandoned: 100 })
      expect(requests.queued).toBe(0)
    }
    await batch()
    const before = await heap()
    for (let i = 0; i < 11; i++) await batch()
    // 10 bytes a call would be 1 MB.
    expect((await heap()) - before).toBeLessThan(1_000_000)
    expect(peer.count('show_version')).toBe(100)
    expect(codes.get('VPP_REPLY_TIMEOUT')).toBe(12 * 6000)

    // It wakes up and answers what nobody waits for: there is room again.
    peer.on('show_version', echoVersion)
    peer.on('control_ping', pong)
    for (const request of held) {
      if (request.name === 'control_ping') pong(request)
      else request.reply('show_version_reply', ...versionFields('late'))
    }
    expect((await vpe.showVersion({}, { timeout: 60_000 })).version).toBe('26.06')
    expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 0, abandoned: 0 })
    expect(vpp.metrics.unmatched).toBe(100)
  })

  it('a ping behind requests that are never answered makes room for others', async () => {
    await using vpp = await connect(2)
    peer.on('show_version', () => {})
    const vpe = new VpeClient(vpp)
    const given = new AbortController()
    const calls = [1, 2, 3].map(() => vpe.showVersion({}, { signal: given.signal, timeout: 60_000 }))
    await vi.waitFor(() => expect(peer.count('show_version')).toBe(2))
    // All at once: a ping goes out when the last place is taken by a call that was given up.
    given.abort()
    await Promise.allSettled(calls)
    expect(peer.count('show_version')).toBe(2)
    peer.on('show_version', echoVersion)
    expect((await vpe.showVersion({}, { timeout: 60_000 })).version).toBe('26.06')
    // One of the introduction, one that tells that VPP has passed the others.
    expect(peer.count('control_ping')).toBe(2)
    expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 0, abandoned: 0 })
  })

  it('a dump that was left keeps its place until VPP has sent all of it', async () => {
    await using vpp = await connect(1)
    const [pings, dumps]: [Received[], Received[]] = [[], []]
    peer.on('control_ping', (ping) => pings.push(ping))
    peer.on('ip_table_dump', (request) => {
      dumps.push(request)
      request.reply('ip_table_details', ...tableFields(1))
    })
    for await (const { table } of new IpClient(vpp).ipTableDump()) if (table.tableId === 1) break
    peer.on('show_version', echoVersion)
    const call = new VpeClient(vpp).showVersion({}, { timeout: 60_000 })
    dumps[0]?.reply('ip_table_details', ...tableFields(2))
    // The ping of the dump, and the one that asks whether VPP has passed it.
    await peer.until('control_ping', 3)
    expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 1, abandoned: 1 })
    for (const ping of pings) pong(ping)
    expect((await call).version).toBe('26.06')
    expect(vpp.metrics.abandoned).toBe(0)
  })
})

describe('messages that VPP does not answer', () => {
  const notice = { kind: 'one-way', request: ShowVersion } as const
  const count = 50_000

  it('are held back as calls are, and stay in order with them', async () => {
    await using vpp = await connect(10)
    peer.on('show_version', () => {})
    peer.on('ip_table_dump', () => {})
    const sent = Array.from({ length: 100 }, () => vpp.send(notice, {}))
    expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 90, abandoned: 0 })
    const tables = new IpClient(vpp).ipTableDump().toArray()
    await Promise.all(sent)
    await vpp.drain()
    expect(gauges(vpp).queued).toBe(0)
    await peer.until('ip_table_dump', 1)
    const names = peer.received.map(({ name }) => name)
    expect(names.filter((name) => name === 'show_version')).toHaveLength(100)
    expect(names.lastIndexOf('show_version')).toBeLessThan(names.indexOf('ip_table_dump'))
    const closed = expect(tables).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    await vpp.close()
    await closed
  })

  it('wait while VPP does not read, as long as their timeout says, and leave nothing', async () => {
    await using vpp = await connect(1000)
    for (const socket of peer.sockets) socket.pause()
    const outcomes = await Promise.all(
      Array.from({ length: count }, () =>
        vpp.send(notice, {}, { timeout: 1000 }).then(
          () => 'written',
          (error: unknown) => (error as { code: string }).code,
        ),
      ),
    )
    expect(new Set(outcomes)).toContain('VPP_REPLY_TIMEOUT')
    expect(outcomes.filter((it) => it !== 'written' && it !== 'VPP_REPLY_TIMEOUT')).toEqual([])
    expect(gauges(vpp)).toEqual({ inFlight: 0, queued: 0, abandoned: 0 })
    expect(vpp.metrics.failures).toEqual({
      VPP_REPLY_TIMEOUT: outcomes.filter((it) => it !== 'written').length,
    })
  })

  it('end with their signal, and say what cannot be sent', async () => {
    await using vpp = await connect(1)
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(vpp.send(notice, {}, { signal })).rejects.toThrow('enough')
    await expect(vpp.send(notice, { no: 1 } as never)).rejects.toMatchObject({ code: 'VPP_ENCODE' })
    const controller = new AbortController()
    const first = vpp.send(notice, {})
    const second = vpp.send(notice, {}, { signal: controller.signal })
    expect(vpp.metrics.queued).toBe(1)
    controller.abort(new Error('later'))
    await expect(second).rejects.toThrow('later')
    expect(vpp.metrics.queued).toBe(0)
    await first
  })
})
