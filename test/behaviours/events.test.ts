import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient, SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { ControlPingReply, MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VppConnection, type ConnectionState, type EventStream } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, interfaceEvent } from './messages.ts'
import { Peer } from './peer.ts'

let peer: Peer
let vpp: VppConnection

beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  peer.on('want_interface_events', acceptWant)
  vpp = await VppConnection.connect(peer.path, { health: { probeInterval: 0 } })
})
afterEach(async () => {
  await vpp.close()
  await peer[Symbol.asyncDispose]()
})

async function take(events: EventStream<SwInterfaceEvent>, count: number): Promise<number[]> {
  const iterator = events[Symbol.asyncIterator]()
  const indexes: number[] = []
  while (indexes.length < count) {
    const { done, value } = await iterator.next()
    if (done === true) break
    indexes.push((value as SwInterfaceEvent).swIfIndex)
  }
  return indexes
}

/** Everything sent so far has been delivered when a ping behind it is answered. */
const settle = () => new MemclntClient(vpp).controlPing()

describe('events', () => {
  it('#27 each listener gets each event once; one leaving leaves the other exact; none is quiet', async () => {
    const interfaces = new InterfaceClient(vpp)
    const [first, second] = [interfaces.swInterfaceEvents(), interfaces.swInterfaceEvents()]
    await Promise.all([first.ready, second.ready])
    peer.broadcast(interfaceEvent(peer, 1))
    expect(await take(first, 1)).toEqual([1])
    expect(await take(second, 1)).toEqual([1])
    await first.close()
    peer.broadcast(interfaceEvent(peer, 2))
    peer.broadcast(interfaceEvent(peer, 3))
    expect(await take(second, 2)).toEqual([2, 3])
    await second.close()
    peer.broadcast(interfaceEvent(peer, 4))
    await settle()
    expect(vpp.metrics.events).toBe(4)
    expect(vpp.metrics.unmatched).toBe(1)
  })

  it('#28 the first listener asks with this pid, the last takes it back', async () => {
    const interfaces = new InterfaceClient(vpp)
    const first = interfaces.swInterfaceEvents()
    await first.ready
    const second = interfaces.swInterfaceEvents()
    await second.ready
    expect(peer.count('want_interface_events')).toBe(1)
    expect(peer.received.at(-1)?.bytes.subarray(10).toString('hex')).toBe(
      `00000001${process.pid.toString(16).padStart(8, '0')}`,
    )
    await first.close()
    await settle()
    expect(peer.count('want_interface_events')).toBe(1)
    await second.close()
    expect(peer.count('want_interface_events')).toBe(2)
    expect(peer.received.findLast((it) => it.name === 'want_interface_events')?.bytes.readUInt32BE(10)).toBe(
      0,
    )
  })

  it('#28 after a reconnect wants are repeated before "connected" is announced, on the new ids', async () => {
    await using managed = VppConnection.managed(peer.path, {
      health: { probeInterval: 0 },
      reconnect: { initialDelay: 5 },
    })
    await managed.ready()
    const events = new InterfaceClient(managed).swInterfaceEvents()
    await events.ready
    const states: ConnectionState[] = []
    const wantsAtConnect: number[] = []
    const watching = (async () => {
      for await (const state of managed.states()) {
        states.push(state)
        wantsAtConnect.push(peer.count('want_interface_events'))
        if (states.length > 1 && state.status === 'connected') break
      }
    })()
    peer.renumber(MESSAGES, 100)
    peer.cut()
    await watching
    expect(wantsAtConnect.at(-1)).toBe(2)
    peer.broadcast(interfaceEvent(peer, 9))
    expect(await take(events, 1)).toEqual([9])
    await events.close()
  })

  it.each([
    ['drop-oldest', [3, 4]],
    ['drop-newest', [1, 2]],
  ] as const)('#29 overflow %s keeps its side and counts the rest', async (overflow, kept) => {
    const events = new InterfaceClient(vpp).swInterfaceEvents({ bufferSize: 2, overflow })
    await events.ready
    for (const index of [1, 2, 3, 4]) peer.broadcast(interfaceEvent(peer, index))
    await settle()
    expect(events.dropped).toBe(2)
    expect(vpp.metrics.eventsDropped).toBe(2)
    expect(await take(events, 2)).toEqual(kept)
  })

  it('#29 overflow error ends the subscription behind what was kept', async () => {
    const events = new InterfaceClient(vpp).swInterfaceEvents({ bufferSize: 1, overflow: 'error' })
    await events.ready
    for (const index of [1, 2]) peer.broadcast(interfaceEvent(peer, index))
    await settle()
    expect(await take(events, 1)).toEqual([1])
    await expect(take(events, 1)).rejects.toMatchObject({ code: 'VPP_EVENTS_LOST' })
    expect(events.dropped).toBe(1)
  })

  it('an event that VPP does not have fails the subscription by name', async () => {
    peer.renumber(
      MESSAGES.filter((name) => !name.startsWith('sw_interface_event')),
      0,
    )
    await using other = await VppConnection.connect(peer.path)
    const events = new InterfaceClient(other).swInterfaceEvents()
    await expect(events.ready).rejects.toMatchObject({
      code: 'VPP_MESSAGE_UNAVAILABLE',
      messageName: 'sw_interface_event',
    })
  })

  it('all events can be read, whoever asked for them, beside those who read one kind', async () => {
    const abort = new AbortController()
    const all = vpp.anyEvents({ signal: abort.signal, bufferSize: 2 })
    await all.ready
    const one = new InterfaceClient(vpp).swInterfaceEvents()
    await one.ready
    peer.broadcast(interfaceEvent(peer, 1))
    await settle()
    await one.close()
    // Nobody subscribes to this kind any more, and no call asked for that one: they come all the same.
    peer.broadcast(interfaceEvent(peer, 2))
    await settle()
    const reader = all[Symbol.asyncIterator]()
    const { value } = await reader.next()
    expect(value).toMatchObject({ name: 'sw_interface_event', crc: SwInterfaceEvent.descriptor.crc })
    expect(value?.as(SwInterfaceEvent)).toMatchObject({ swIfIndex: 1 })
    expect(value?.as(ControlPingReply)).toBeUndefined()
    expect((await reader.next()).value?.as(SwInterfaceEvent)?.swIfIndex).toBe(2)
    expect(vpp.metrics).toMatchObject({ unmatched: 0, events: 3 })
    for (const index of [3, 4, 5]) peer.broadcast(interfaceEvent(peer, index))
    await settle()
    expect(all.dropped).toBe(1)
    abort.abort()
    const rest: unknown[] = []
    for await (const event of all) rest.push(event.as(SwInterfaceEvent)?.swIfIndex)
    expect(rest).toEqual([4, 5])
    peer.broadcast(interfaceEvent(peer, 6))
    await settle()
    expect(vpp.metrics.unmatched).toBe(1)
    const last = vpp.anyEvents()
    const reading = last[Symbol.asyncIterator]().next()
    await vpp.close()
    expect(await reading).toEqual({ done: true, value: undefined })
  })

  it('an aborted signal ends the loop without an error', async () => {
    const controller = new AbortController()
    const events = new InterfaceClient(vpp).swInterfaceEvents({ signal: controller.signal })
    await events.ready
    const reading = take(events, 1)
    controller.abort()
    expect(await reading).toEqual([])
  })
})
