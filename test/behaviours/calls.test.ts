import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersionReply, VpeClient, ShowVersion } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, echoVersion, interfaceEvent, tableFields, versionFields } from './messages.ts'
import { Peer, frame, type Received } from './peer.ts'

let peer: Peer
let vpp: VppConnection

beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  peer.on('show_version', echoVersion)
  vpp = await VppConnection.connect(peer.path, { health: { probeInterval: 0 } })
})
afterEach(async () => {
  await vpp.close()
  await peer[Symbol.asyncDispose]()
})

/** Keeps requests until the test answers them. */
function hold(name: string): Received[] {
  const held: Received[] = []
  peer.on(name, (request) => held.push(request))
  return held
}

describe('calls', () => {
  it('#1 VPP closes with 100 calls open: all reject at once, with a code, and no timer is left', async () => {
    hold('show_version')
    const client = new VpeClient(vpp)
    const calls = Array.from({ length: 100 }, () => client.showVersion())
    const settled = Promise.allSettled(calls)
    await peer.until('show_version', 100)
    peer.cut()
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'VPP_CONNECTION_LOST' } })
    }
    expect(vpp.metrics.inFlight).toBe(0)
    expect(vpp.state.status).toBe('disconnected')
  })

  it('#3 a call made while down rejects with one code, wrapped or not', async () => {
    peer.cut()
    for await (const state of vpp.states()) if (state.status === 'disconnected') break
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    const request = vpp.newApiChannel().sendRequest(new ShowVersion())
    await expect(request.receiveReply(ShowVersionReply)).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
  })

  it('#12 a reply that comes after its timeout is dropped and given to nobody else', async () => {
    const held = hold('show_version')
    const client = new VpeClient(vpp)
    await expect(client.showVersion({}, { timeout: 20 })).rejects.toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    const second = client.showVersion()
    await peer.until('show_version', 2)
    held[0]?.reply('show_version_reply', ...versionFields('late'))
    held[1]?.reply('show_version_reply', ...versionFields('right'))
    expect((await second).program).toBe('right')
    expect(vpp.metrics.unmatched).toBe(1)
  })

  it('#14 10,000 concurrent calls get their own replies in whatever order these come', async () => {
    const held: Received[] = []
    peer.on('show_version', (request) => {
      held.push(request)
      // Answers in groups, last first.
      if (held.length % 500 === 0) {
        for (const it of held.splice(0).toReversed())
          it.reply('show_version_reply', ...versionFields(`c${it.context}`))
      }
    })
    const contexts = new Set<string>()
    const client = new VpeClient(vpp)
    const replies = await Promise.all(
      Array.from({ length: 10_000 }, () => client.showVersion({}, { timeout: 30_000 })),
    )
    for (const { program } of replies) contexts.add(program)
    expect(contexts.size).toBe(10_000)
  })

  it('#15 abort before the call writes nothing; abort after it frees the slot and drops the late reply', async () => {
    const held = hold('show_version')
    const client = new VpeClient(vpp)
    await expect(client.showVersion({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const controller = new AbortController()
    const call = client.showVersion({}, { signal: controller.signal })
    await peer.until('show_version')
    controller.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    expect(vpp.metrics.inFlight).toBe(0)
    held[0]?.reply('show_version_reply', ...versionFields('late'))
    await new MemclntClient(vpp).controlPing()
    expect(peer.count('show_version')).toBe(1)
    expect(vpp.metrics.unmatched).toBe(1)
  })

  it('#16 timeouts are per connection and per call, and name message, context and time', async () => {
    const held = hold('show_version')
    await using quick = await VppConnection.connect(peer.path, {
      timeout: 30,
      health: { probeInterval: 0 },
    })
    const error: unknown = await new VpeClient(quick).showVersion().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
      messageName: 'show_version',
      context: held[0]?.context,
    })
    expect((error as { elapsed: number }).elapsed).toBeGreaterThanOrEqual(29)
    await expect(new VpeClient(vpp).showVersion({}, { timeout: 10 })).rejects.toThrow(
      /show_version: no reply after \d+ ms/,
    )
  })

  it('#19 an unknown id and a message that cannot be decoded harm only themselves', async () => {
    peer.on('show_version', (request) => {
      peer.write(request.socket, frame(Buffer.from('fffe0000000100000000', 'hex')))
      request.reply('show_version_reply', Buffer.from([0, 0]))
    })
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({ code: 'VPP_DECODE' })
    expect(vpp.metrics.unknown).toBe(1)
    expect(vpp.metrics.failures).toMatchObject({ VPP_DECODE: 1 })
    await expect(new MemclntClient(vpp).controlPing()).resolves.toMatchObject({ retval: 0 })
  })

  it('#20 queued requests respect the cap, and drain() tells when they are written', async () => {
    const client = new MemclntClient(vpp)
    const held = hold('control_ping')
    const calls = Array.from({ length: 50_000 }, () => client.controlPing({}, { timeout: 60_000 }))
    const drained = vpp.drain()
    await peer.until('control_ping', 1024)
    await delay(10)
    expect(held).toHaveLength(1024)
    expect(vpp.metrics).toMatchObject({ inFlight: 1024, queued: 50_000 - 1024 })
    const answer = (ping: Received) => {
      ping.reply('control_ping_reply', Buffer.alloc(12))
    }
    peer.on('control_ping', answer)
    for (const ping of held) answer(ping)
    await Promise.all(calls)
    await drained
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
  })

  it('#21 a request and its control_ping lie back to back, whoever else sends', async () => {
    peer.on('ip_table_dump', () => {})
    const others = new VpeClient(vpp)
    const work = [others.showVersion(), new IpClient(vpp).ipTableDump().toArray(), others.showVersion()]
    await Promise.all(work)
    const names = peer.received.map((message) => message.name)
    const at = names.indexOf('ip_table_dump')
    expect(names[at + 1]).toBe('control_ping')
    expect(peer.received[at + 1]?.context).toBe(peer.received[at]?.context)
  })
})

describe('two kinds of traffic', () => {
  it('a message nobody waits for is counted and otherwise silent', async () => {
    peer.broadcast(interfaceEvent(peer, 1))
    await new MemclntClient(vpp).controlPing()
    expect(vpp.metrics.unmatched).toBe(1)
  })

  it('a negative retval carries code, name, text, message and reply', async () => {
    peer.on('show_version', (request) => {
      request.reply('show_version_reply', ...versionFields('x', -7))
    })
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({
      code: 'VPP_API_ERROR',
      retval: -7,
      apiName: 'INVALID_VALUE',
      messageName: 'show_version',
      reply: { program: 'x' },
    })
  })

  it('#26 a consumer that takes its time delays no other call', async () => {
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 5; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    const seen: number[] = []
    for await (const { table } of new IpClient(vpp).ipTableDump()) {
      const { program } = await new VpeClient(vpp).showVersion()
      expect(program).not.toBe('')
      seen.push(table.tableId)
    }
    expect(seen).toEqual([0, 1, 2, 3, 4])
  })
})
