import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient, type SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection, type ConnectionOptionsInput, type ConnectionState } from '@vpp-ts/runtime'
import {
  MESSAGES,
  acceptWant,
  echoVersion,
  interfaceEvent,
  pairFields,
  tableFields,
  versionFields,
} from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

const QUIET: ConnectionOptionsInput = { health: { probeInterval: 0 } }
const EAGER: ConnectionOptionsInput = { ...QUIET, reconnect: { initialDelay: 2, maximumDelay: 10 } }

let folder: string
let path: string
let peer: Peer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-resilience-'))
  path = join(folder, 'api.sock')
  peer = await Peer.start({ path, messages: MESSAGES })
  peer.on('show_version', echoVersion)
  peer.on('want_interface_events', acceptWant)
})
afterEach(async () => {
  await peer[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function reach(vpp: VppConnection, status: ConnectionState['status']): Promise<ConnectionState> {
  for await (const state of vpp.states()) if (state.status === status) return state
  throw new Error(`closed before ${status}`)
}

/** Keeps what the peer would write, until it is let go. */
function holdWrites(): { held: (() => void)[]; until(count: number): Promise<void>; letGo(): void } {
  const usual = peer.write
  const held: (() => void)[] = []
  let told = () => {}
  peer.write = (socket, bytes) => {
    held.push(() => {
      usual(socket, bytes)
    })
    told()
  }
  return {
    held,
    until: async (count) => {
      while (held.length < count) {
        await new Promise<void>((resolve) => {
          told = resolve
        })
      }
    },
    letGo: () => {
      peer.write = usual
      for (const write of held.splice(0)) write()
    },
  }
}

/** Everything that VPP was asked for, by name. */
const asked = () => peer.received.map(({ name }) => name)

describe('closing in every phase', () => {
  it('#7 while VPP introduces itself: the introduction ends, then goodbye is said', async () => {
    const writes = holdWrites()
    const vpp = VppConnection.managed(path, EAGER)
    await writes.until(1)
    const closed = vpp.close()
    await turn()
    writes.letGo()
    await closed
    expect(asked()).toEqual(['control_ping', 'sockclnt_delete'])
    expect(vpp.state.status).toBe('closed')
  })

  it('#7 while VPP introduces itself and hangs: closing takes its time, not more', async () => {
    const writes = holdWrites()
    const vpp = VppConnection.managed(path, { ...EAGER, closeTimeout: 20 })
    await writes.until(1)
    await vpp.close()
    expect(vpp.state.status).toBe('closed')
    expect(asked()).toEqual([])
  })

  it('#7 while a target opens that heeds no signal', async () => {
    const opened: Promise<Duplex> = new Promise(() => {})
    const vpp = VppConnection.managed({ name: 'stuck', open: () => opened }, EAGER)
    await vpp.close()
    await expect(
      VppConnection.connect({ name: 'stuck', open: () => opened }, { connectTimeout: 20 }),
    ).rejects.toMatchObject({ code: 'VPP_CONNECT_TIMEOUT', target: 'stuck' })
  })

  it('#7 while standing subscriptions are asked for again', async () => {
    const vpp = VppConnection.managed(path, EAGER)
    await vpp.ready()
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.on('want_interface_events', () => {})
    peer.cut()
    await peer.until('want_interface_events', 2)
    await Promise.all([vpp.close(), peer.until('sockclnt_delete')])
    const states: string[] = []
    for await (const state of vpp.states()) states.push(state.status)
    expect(states).toEqual(['closed'])
    expect(await events[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
  })

  it('#7 while the hook runs: its calls fail, and "connected" is not announced', async () => {
    const failures: unknown[] = []
    let entered = () => {}
    const hook = new Promise<void>((resolve) => {
      entered = resolve
    })
    const vpp = VppConnection.managed(path, {
      ...EAGER,
      prepare: async ({ reason, vpp: session }) => {
        if (reason === 'first') return
        entered()
        await new VpeClient(session)
          .showVersion()
          .catch((error: { code: string }) => failures.push(error.code))
      },
    })
    await vpp.ready()
    const states = vpp.states()
    peer.on('show_version', () => {})
    peer.cut()
    await hook
    await vpp.close()
    expect(failures).toEqual(['VPP_CLOSED'])
    const seen: string[] = []
    for await (const { status } of states) seen.push(status)
    expect(seen).toEqual(['connected', 'disconnected', 'connecting', 'closed'])
    expect(peer.count('sockclnt_delete')).toBe(1)
  })

  it('#8 with a time of 0 goodbye is said all the same, without waiting for the answer', async () => {
    const vpp = await VppConnection.connect(path, { ...QUIET, closeTimeout: 0 })
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    await vpp.close()
    await peer.until('sockclnt_delete')
    expect(asked().slice(-2)).toEqual(['want_interface_events', 'sockclnt_delete'])
  })

  it('#8 a VPP that hangs costs the close timeout once, not for each answer', async () => {
    const vpp = await VppConnection.connect(path, { ...QUIET, closeTimeout: 300 })
    await new InterfaceClient(vpp).swInterfaceEvents().ready
    holdWrites()
    const started = performance.now()
    await vpp.close()
    expect(performance.now() - started).toBeLessThan(550)
  })

  it('leaves no promise open: whatever was under way settles', async () => {
    const vpp = await VppConnection.connect(path, { ...QUIET, maxOutstanding: 2, closeTimeout: 20 })
    holdWrites()
    const clients = { vpe: new VpeClient(vpp), ip: new IpClient(vpp), interfaces: new InterfaceClient(vpp) }
    const channelOfOne = vpp.newApiChannelBuffered(1, 1)
    const events = clients.interfaces.swInterfaceEvents()
    const open = [
      clients.vpe.showVersion(),
      clients.vpe.showVersion(),
      clients.vpe.showVersion({}, { timeout: Infinity }),
      clients.ip.ipTableDump().toArray(),
      channelOfOne.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply),
      channelOfOne.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply),
      events.ready,
    ]
    const drained = [vpp.drain(), channelOfOne.drain()]
    const settled = Promise.allSettled(open)
    await vpp.close()
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'VPP_CLOSED' } })
    }
    await Promise.all(drained)
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
  })
})

describe('a connection that comes and goes', () => {
  it('#28 lost while wants are repeated: they are repeated again, and the events go on', async () => {
    await using vpp = VppConnection.managed(path, EAGER)
    await vpp.ready()
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.on('want_interface_events', (request) => {
      peer.on('want_interface_events', acceptWant)
      request.socket.destroy()
    })
    const states = vpp.states()
    peer.cut()
    for (let connected = 0; connected < 2;) {
      const { value } = await states.next()
      if (value?.status === 'connected') connected++
    }
    expect(peer.count('want_interface_events')).toBe(3)
    peer.broadcast(interfaceEvent(peer, 5))
    expect((await events[Symbol.asyncIterator]().next()).value).toMatchObject({ swIfIndex: 5 })
  })

  it('#28 a VPP that does not answer a repeated subscription does not count as connected', async () => {
    await using vpp = VppConnection.managed(path, { ...EAGER, timeout: 30 })
    await vpp.ready()
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.on('want_interface_events', () => {
      peer.on('want_interface_events', acceptWant)
    })
    const states = vpp.states()
    peer.cut()
    const codes: string[] = []
    for await (const state of states) {
      if (state.status === 'disconnected') codes.push((state.error as { code?: string }).code ?? '')
      if (codes.length === 2 && state.status === 'connected') break
    }
    expect(codes.at(-1)).toBe('VPP_REPLY_TIMEOUT')
    // The one that was given up has said goodbye.
    expect(peer.count('sockclnt_delete')).toBe(1)
    peer.broadcast(interfaceEvent(peer, 6))
    expect((await events[Symbol.asyncIterator]().next()).value).toMatchObject({ swIfIndex: 6 })
  })

  it('#4 the count of attempts restarts after a stable time', async () => {
    let ahead = 0
    const clock = { now: () => performance.now() + ahead }
    const reconnect = { initialDelay: 2, maximumAttempts: 2, stableAfter: 60_000 }
    await using vpp = VppConnection.managed(path, { ...QUIET, reconnect, clock })
    await vpp.ready()
    for (let i = 0; i < 5; i++) {
      ahead += 70_000
      const states = vpp.states()
      peer.cut()
      await states.next()
      expect((await states.next()).value).toMatchObject({ status: 'disconnected' })
      expect((await states.next()).value).toEqual({ status: 'connecting', attempt: 1 })
      expect((await states.next()).value).toMatchObject({ status: 'connected' })
    }
    const states = vpp.states()
    peer.cut()
    await states.next()
    expect((await states.next()).value).toMatchObject({ status: 'disconnected' })
    expect((await states.next()).value).toEqual({ status: 'connecting', attempt: 2 })
  })

  it('#2 a call that waits while another VPP starts carries its ids', async () => {
    await using vpp = VppConnection.managed(path, EAGER)
    await vpp.ready()
    await peer.close()
    await reach(vpp, 'disconnected')
    const waiting = [new VpeClient(vpp).showVersion(), new VpeClient(vpp).showVersion()]
    peer = await Peer.start({ path, messages: MESSAGES.toReversed(), shift: 7 })
    peer.on('show_version', echoVersion)
    for (const { version } of await Promise.all(waiting)) expect(version).toBe('26.06')
    expect(peer.received.filter(({ name }) => name.startsWith('unknown'))).toEqual([])
  })

  it('the hook may do all that a program may, and knows which connection it is for', async () => {
    peer.on('ip_table_dump', (request) => {
      for (const table of [0, 7]) request.reply('ip_table_details', ...tableFields(table))
    })
    peer.on('lcp_itf_pair_get', (request) => {
      for (const phy of [1, 2]) request.reply('lcp_itf_pair_details', ...pairFields(phy))
      request.reply('lcp_itf_pair_get_reply', i32(0), u32(0xffffffff))
    })
    const told: unknown[] = []
    const seen: number[] = []
    const vpp = VppConnection.managed(path, {
      ...EAGER,
      prepare: async ({ reason, pid, previousPid, vpp: session, signal }) => {
        const tables = await new IpClient(session).ipTableDump().toArray()
        const pairs = await new LcpClient(session).lcpItfPairGet({ cursor: 0 }).toArray()
        told.push([reason, pid === peer.pid, previousPid === peer.pid, signal.aborted])
        told.push(
          tables.map(({ table }) => table.tableId),
          pairs.length,
        )
        if (reason !== 'first') return
        const events = new InterfaceClient(session).swInterfaceEvents()
        void (async () => {
          for await (const { swIfIndex } of events) seen.push(swIfIndex)
        })()
      },
    })
    await vpp.ready()
    expect(vpp.metrics.reconnects).toBe(0)
    peer.cut()
    await reach(vpp, 'disconnected')
    await reach(vpp, 'connected')
    expect(vpp.metrics.reconnects).toBe(1)
    expect(told).toEqual([
      ['first', true, false, false],
      [0, 7],
      2,
      ['same-process', true, true, false],
      [0, 7],
      2,
    ])
    await peer.until('want_interface_events', 1)
    peer.broadcast(interfaceEvent(peer, 4))
    while (seen.length === 0) await turn()
    expect(seen).toEqual([4])
    await vpp.close()
  })

  it('a failing hook makes the connection again, after a goodbye', async () => {
    let runs = -1
    await using vpp = VppConnection.managed(path, {
      ...EAGER,
      prepare: () => (++runs > 0 && runs < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    })
    await vpp.ready()
    const states = vpp.states()
    peer.cut()
    const errors: string[] = []
    for await (const state of states) {
      if (state.status === 'disconnected') errors.push(state.error.message)
      if (runs === 3 && state.status === 'connected') break
    }
    expect(errors.slice(1)).toEqual(['not yet', 'not yet'])
    expect(peer.count('sockclnt_delete')).toBe(2)
  })

  it('a hook that waits for something else than VPP ends with its session, and is told', async () => {
    const told: unknown[] = []
    let hang = false
    await using vpp = VppConnection.managed(path, {
      ...EAGER,
      prepare: ({ signal }) => {
        if (!hang) return Promise.resolve()
        hang = false
        return new Promise(() => {
          signal.addEventListener('abort', () => told.push(signal.reason))
          peer.cut()
        })
      },
    })
    await vpp.ready()
    hang = true
    const states = vpp.states()
    peer.cut()
    const seen: string[] = []
    for await (const { status } of states) if (seen.push(status) > 1 && status === 'connected') break
    expect(seen).toEqual([
      'connected',
      'disconnected',
      'connecting',
      'disconnected',
      'connecting',
      'connected',
    ])
    expect(told).toMatchObject([{ code: 'VPP_CONNECTION_LOST' }])
  })

  it('an unanswered want holds up the next attempt no longer than its session lasts', async () => {
    await using vpp = VppConnection.managed(path, { ...EAGER, timeout: Infinity })
    await vpp.ready()
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.on('want_interface_events', () => {
      peer.on('want_interface_events', acceptWant)
      peer.cut()
    })
    const states = vpp.states()
    peer.cut()
    let connected = 0
    for await (const { status } of states) if (status === 'connected' && ++connected === 2) break
    peer.broadcast(interfaceEvent(peer, 7))
    expect((await events[Symbol.asyncIterator]().next()).value).toMatchObject({ swIfIndex: 7 })
  })

  it('attempts that fail in a row are counted, and a connection ends the row', async () => {
    const reconnect = { initialDelay: 2, maximumDelay: 2, maximumAttempts: 2 }
    await using vpp = VppConnection.managed(path, { ...QUIET, reconnect })
    await vpp.ready()
    // None of these lasts for `stableAfter`: the pauses grow, but nothing has failed to connect.
    for (let i = 0; i < 6; i++) {
      const states = vpp.states()
      peer.cut()
      let lost = false
      for await (const { status } of states) {
        lost ||= status === 'disconnected'
        if (lost && status === 'connected') break
      }
    }
    await peer.close()
    expect(await reach(vpp, 'failed')).toMatchObject({ error: { code: 'VPP_SOCKET_MISSING' } })
  })

  it('subscriptions of a connection that has failed are told so, old and new', async () => {
    const vpp = VppConnection.managed(path, {
      ...QUIET,
      reconnect: { initialDelay: 2, maximumAttempts: 2 },
    })
    await vpp.ready()
    const interfaces = new InterfaceClient(vpp)
    const old = interfaces.swInterfaceEvents()
    await old.ready
    const reading = old[Symbol.asyncIterator]().next()
    const settled = expect(reading).rejects.toMatchObject({ code: 'VPP_SOCKET_MISSING' })
    await peer.close()
    await reach(vpp, 'failed')
    await settled
    const late = interfaces.swInterfaceEvents()
    await expect(late.ready).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    await expect(late[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    await vpp.close()
  })

  it('drain() settles when the connection is lost', async () => {
    await using vpp = await VppConnection.connect(path, { ...QUIET, maxOutstanding: 1 })
    peer.on('show_version', () => {})
    const calls = Array.from({ length: 3 }, () => new VpeClient(vpp).showVersion())
    const settled = Promise.allSettled(calls)
    const drained = vpp.drain()
    await peer.until('show_version')
    peer.cut()
    await drained
    await settled
    expect(vpp.metrics.failures).toEqual({ VPP_CONNECTION_LOST: 3 })
  })

  it('a channel with 20,000 requests waiting survives the loss of its connection', async () => {
    await using vpp = await VppConnection.connect(path, QUIET)
    peer.on('show_version', () => {})
    const requests = vpp.newApiChannel()
    const replies = Array.from({ length: 20_000 }, () =>
      requests.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply),
    )
    const settled = Promise.allSettled(replies)
    await peer.until('show_version', 100)
    peer.cut()
    const codes = new Map<string, number>()
    for (const result of await settled) {
      const code = result.status === 'rejected' ? (result.reason as { code: string }).code : 'fulfilled'
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(Object.fromEntries(codes)).toEqual({ VPP_CONNECTION_LOST: 100, VPP_NOT_CONNECTED: 19_900 })
    expect(requests.queued).toBe(0)
  })
})

describe('calls while there is no connection', () => {
  let vpp: VppConnection
  beforeEach(async () => {
    await peer.close()
    vpp = VppConnection.managed(path, EAGER)
    await reach(vpp, 'disconnected')
  })
  afterEach(async () => {
    await vpp.close()
  })

  async function appear(): Promise<void> {
    peer = await Peer.start({ path, messages: MESSAGES })
    peer.on('show_version', echoVersion)
    await vpp.ready()
    await new MemclntClient(vpp).controlPing()
  }

  it('#3 wait no longer than their timeout', async () => {
    await expect(new VpeClient(vpp).showVersion({}, { timeout: 20 })).rejects.toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
      context: 0,
      message: expect.stringContaining('still waiting to be sent') as string,
    })
    expect(vpp.metrics.queued).toBe(0)
    await appear()
    expect(peer.count('show_version')).toBe(0)
  })

  it('#15 are not sent when they were aborted before', async () => {
    const controller = new AbortController()
    const call = new VpeClient(vpp).showVersion({}, { signal: controller.signal })
    const dump = new IpClient(vpp).ipTableDump({}, { signal: controller.signal }).toArray()
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await expect(dump).rejects.toMatchObject({ name: 'AbortError' })
    await appear()
    expect(asked().filter((name) => name === 'show_version' || name === 'ip_table_dump')).toEqual([])
  })

  it('#3 fail at once where that was asked for, and so does a message without an answer', async () => {
    await using other = VppConnection.managed(path, { ...EAGER, whenDown: 'reject' })
    await expect(new VpeClient(other).showVersion()).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    const goodbye = { kind: 'one-way', request: ShowVersion } as const
    await expect(other.send(goodbye, {})).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    expect(() => vpp.checkCompatibility([ShowVersion])).toThrow(/not connected/)
  })

  it('go out before those that the news of the connection brings about', async () => {
    const calls: Promise<unknown>[] = [new IpClient(vpp).ipTableDump().toArray()]
    const onState = (message: unknown) => {
      const { target, state } = message as { target: string; state: ConnectionState }
      if (target === path && state.status === 'connected') calls.push(new VpeClient(vpp).showVersion())
    }
    channel('vpp-ts:connection:state').subscribe(onState)
    await appear()
    channel('vpp-ts:connection:state').unsubscribe(onState)
    expect(calls).toHaveLength(2)
    await Promise.all(calls)
    const order = asked().filter((name) => name !== 'control_ping')
    expect(order).toEqual(['ip_table_dump', 'show_version'])
  })

  it('are all released when the connection is given up', async () => {
    const calls = Array.from({ length: 10 }, () => new VpeClient(vpp).showVersion({}, { timeout: Infinity }))
    const drained = vpp.drain()
    const settled = Promise.allSettled(calls)
    await vpp.close()
    for (const result of await settled) expect(result).toMatchObject({ reason: { code: 'VPP_CLOSED' } })
    await drained
  })
})

describe('calls that are given up', () => {
  it('#25 a dump that is left while it waits for room is never sent', async () => {
    await using vpp = await VppConnection.connect(path, { ...QUIET, maxOutstanding: 1 })
    const held: Received[] = []
    peer.on('show_version', (request) => held.push(request))
    const first = new VpeClient(vpp).showVersion()
    const dump = new IpClient(vpp).ipTableDump()[Symbol.asyncIterator]()
    const waiting = dump.next()
    await peer.until('show_version')
    await dump.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    held[0]?.reply('show_version_reply', ...versionFields('x'))
    await first
    await new VpeClient(vpp).showVersion({}, { signal: AbortSignal.timeout(50) }).catch(() => {})
    expect(peer.count('ip_table_dump')).toBe(0)
    expect(vpp.metrics.queued).toBe(0)
  })

  it('#12 late details and a late ping go to no other dump', async () => {
    await using vpp = await VppConnection.connect(path, QUIET)
    const held: Received[] = []
    for (const name of ['ip_table_dump', 'control_ping']) peer.on(name, (request) => held.push(request))
    const ip = new IpClient(vpp)
    await expect(ip.ipTableDump({}, { timeout: 20 }).toArray()).rejects.toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
    })
    const second = ip.ipTableDump().toArray()
    await peer.until('control_ping', 3)
    const [, , firstDump, firstPing, secondDump, secondPing] = [undefined, undefined, ...held]
    firstDump?.reply('ip_table_details', ...tableFields(1))
    firstPing?.reply('control_ping_reply', i32(0), u32(0), u32(1))
    secondDump?.reply('ip_table_details', ...tableFields(2))
    secondPing?.reply('control_ping_reply', i32(0), u32(0), u32(1))
    expect((await second).map(({ table }) => table.tableId)).toEqual([2])
    expect(vpp.metrics.unmatched).toBe(2)
  })

  it('#12 an event is taken for no reply, though its handle stands where a context would', async () => {
    await using vpp = await VppConnection.connect(path, QUIET)
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    const held: Received[] = []
    peer.on('show_version', (request) => held.push(request))
    const call = new VpeClient(vpp).showVersion()
    await peer.until('show_version')
    peer.broadcast(interfaceEvent(peer, 3))
    held[0]?.reply('show_version_reply', ...versionFields('mine'))
    expect((await call).program).toBe('mine')
    const iterator: AsyncIterator<SwInterfaceEvent> = events[Symbol.asyncIterator]()
    expect((await iterator.next()).value).toMatchObject({ swIfIndex: 3 })
  })

  it('#15 one signal may serve many calls, and leaves nothing behind', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    await using vpp = await VppConnection.connect(path, QUIET)
    const controller = new AbortController()
    const { signal } = controller
    const client = new VpeClient(vpp)
    const calls = Array.from({ length: 100 }, () => client.showVersion({}, { signal }))
    await Promise.all(calls)
    peer.on('show_version', () => {})
    const aborted = Promise.allSettled(Array.from({ length: 100 }, () => client.showVersion({}, { signal })))
    await peer.until('show_version', 200)
    controller.abort()
    for (const result of await aborted) expect(result).toMatchObject({ reason: { name: 'AbortError' } })
    expect(vpp.metrics.inFlight).toBe(0)
    await turn()
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })
})

describe('other streams', () => {
  it('a stream whose far end falls silent is dropped and made again; calls under way fail', async () => {
    const open = async (signal: AbortSignal) => {
      const socket = connect(path)
      await once(socket, 'connect', { signal })
      return socket
    }
    const health = { probeInterval: 10, timeout: 5, dropAfter: 3 }
    await using vpp = VppConnection.managed({ name: 'far', open }, { ...EAGER, health })
    await vpp.ready()
    const states = vpp.states()
    peer.on('control_ping', () => {})
    peer.on('show_version', () => {})
    const call = new VpeClient(vpp).showVersion({}, { timeout: 60_000 })
    await expect(call).rejects.toMatchObject({
      code: 'VPP_CONNECTION_LOST',
      cause: { code: 'VPP_PEER_SILENT', missedProbes: 3 },
    })
    const answerPing = (ping: Received) => {
      ping.reply('control_ping_reply', i32(0), u32(0), u32(peer.pid))
    }
    peer.on('control_ping', answerPing)
    const seen: string[] = []
    for await (const state of states) {
      seen.push(state.status === 'connected' ? state.reason : state.status)
      if (seen.length > 2 && state.status === 'connected') break
    }
    expect(seen[0]).toBe('first')
    expect(seen).toContain('disconnected')
    // Nothing says which VPP is behind a stream: it counts as another.
    expect(seen.at(-1)).toBe('restarted')
    await peer.until('sockclnt_delete')
  })

  it('a stream that can tell which VPP is behind it is known again', async () => {
    let boot = 'a'
    const open = async (signal: AbortSignal) => {
      const socket = connect(path)
      await once(socket, 'connect', { signal })
      return socket
    }
    const target = { name: 'far', open, bootId: () => Promise.resolve(boot) }
    await using vpp = VppConnection.managed(target, EAGER)
    await vpp.ready()
    const reasons: unknown[] = []
    for (const next of ['a', 'b']) {
      boot = next
      const states = vpp.states()
      peer.cut()
      let lost = false
      for await (const state of states) {
        lost ||= state.status === 'disconnected'
        if (!lost || state.status !== 'connected') continue
        reasons.push(state.reason)
        break
      }
    }
    expect(reasons).toEqual(['same-process', 'restarted'])
  })

  it('TCP carries the protocol as the socket does, and a refused one says so', async () => {
    const bridge = createServer((socket) => {
      socket.pipe(connect(path)).pipe(socket)
    }).listen(0, '127.0.0.1')
    await once(bridge, 'listening')
    const { port } = bridge.address() as { port: number }
    const tcp = {
      name: `tcp:127.0.0.1:${port}`,
      open: async (signal: AbortSignal) => {
        const socket = connect({ port, host: '127.0.0.1' })
        await once(socket, 'connect', { signal })
        return socket
      },
    }
    const vpp = await VppConnection.connect(tcp, QUIET)
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 500; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    expect(await new IpClient(vpp).ipTableDump().toArray()).toHaveLength(500)
    await vpp.close()
    expect(peer.count('sockclnt_delete')).toBe(1)
    bridge.close()
    await once(bridge, 'close')
    await expect(VppConnection.connect(tcp, QUIET)).rejects.toMatchObject({
      code: 'VPP_CONNECT_FAILED',
      target: tcp.name,
    })
  })
})
