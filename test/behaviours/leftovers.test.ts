import { getEventListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection, type ConnectionOptionsInput } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, interfaceEvent, tableFields, versionFields } from './messages.ts'
import { Peer } from './peer.ts'

const QUIET: ConnectionOptionsInput = { health: { probeInterval: 0 }, closeTimeout: 0 }

let peer: Peer
beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  peer.on('show_version', echoVersion)
  peer.on('want_interface_events', acceptWant)
})
afterEach(async () => {
  await peer[Symbol.asyncDispose]()
})

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length
const lost = async (vpp: VppConnection) => {
  for await (const { status } of vpp.states()) if (status === 'disconnected') return
}

describe('what is over leaves nothing behind', () => {
  it('on a signal: after a reply, a failure, a dump, and an event loop', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    const { signal } = new AbortController()
    const vpe = new VpeClient(vpp)
    const call = vpe.showVersion({}, { signal })
    expect(listeners(signal)).toBe(1)
    await call
    expect(listeners(signal)).toBe(0)
    peer.on('show_version', (request) => request.reply('show_version_reply', ...versionFields('', -1)))
    await expect(vpe.showVersion({}, { signal })).rejects.toMatchObject({ code: 'VPP_API_ERROR' })
    expect(listeners(signal)).toBe(0)
    peer.on('ip_table_dump', (request) => request.reply('ip_table_details', ...tableFields(1)))
    await new IpClient(vpp).ipTableDump({}, { signal }).toArray()
    for await (const _ of new IpClient(vpp).ipTableDump({}, { signal })) break
    expect(listeners(signal)).toBe(0)
    const events = new InterfaceClient(vpp).swInterfaceEvents({ signal })
    await events.ready
    peer.broadcast(interfaceEvent(peer, 1))
    for await (const { swIfIndex } of events) if (swIfIndex === 1) break
    expect(listeners(signal)).toBe(0)
  })

  it('a lost session is watched no longer', async () => {
    await using vpp = await VppConnection.connect(peer.path, { health: { probeInterval: 4, timeout: 2 } })
    peer.cut()
    await lost(vpp)
    const { missedProbes } = vpp.metrics
    await delay(60)
    expect(vpp.metrics.missedProbes).toBe(missedProbes)
  })

  it('a lost session is asked nothing for subscriptions that end afterwards', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    peer.cut()
    await lost(vpp)
    await events.close()
    expect(vpp.metrics.failures).toEqual({})
  })

  it('a connection that is given up fails the calls that waited for it, however long they may', async () => {
    await using vpp = VppConnection.managed(`${peer.path}.none`, {
      reconnect: { initialDelay: 5, maximumAttempts: 2 },
    })
    await expect(new VpeClient(vpp).showVersion({}, { timeout: Infinity })).rejects.toMatchObject({
      code: 'VPP_NOT_CONNECTED',
      cause: { code: 'VPP_SOCKET_MISSING' },
    })
  })

  it('a connection that is closed between two attempts makes no other, and leaves no timer', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const vpp = VppConnection.managed(`${peer.path}.none`, { reconnect: { initialDelay: 60_000, jitter: 0 } })
    await lost(vpp)
    expect(timers()).toBe(before + 1)
    await vpp.close()
    expect(timers()).toBe(before)
  })

  it('a call that was answered does not fail at its deadline, nor is it counted', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    await new VpeClient(vpp).showVersion({}, { timeout: 20 })
    await delay(40)
    expect(vpp.metrics.failures).toEqual({})
  })
})

describe('order and copies', () => {
  it('a reply that is read later is what came, not what came after it into the same memory', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    const requests = vpp.newApiChannel()
    const first = requests.sendRequest(new ShowVersion())
    await new MemclntClient(vpp).controlPing()
    const held = peer.received.find(({ name }) => name === 'show_version')
    for (let i = 0; i < 50; i++) {
      peer.on('show_version', (it) => it.reply('show_version_reply', ...versionFields(`other ${i}`)))
      await new VpeClient(vpp).showVersion()
    }
    expect((await first.receiveReply(ShowVersionReply)).program).toBe(String(held?.context))
  })

  it('a call that is made while others fail with their session goes to the next one', async () => {
    await using vpp = VppConnection.managed(peer.path, {
      ...QUIET,
      reconnect: { initialDelay: 2, maximumDelay: 2 },
    })
    await vpp.ready()
    peer.on('show_version', () => {})
    const requests = vpp.newApiChannelBuffered(1, 1)
    // The second starts in the very moment in which the first has failed.
    const [first, second] = [requests.sendRequest(new ShowVersion()), requests.sendRequest(new ShowVersion())]
    await peer.until('show_version')
    peer.on('show_version', echoVersion)
    peer.cut()
    await expect(first.receiveReply(ShowVersionReply)).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
    expect((await second.receiveReply(ShowVersionReply)).version).toBe('26.06')
  })
})
