import { spawn } from 'node:child_process'
import { channel } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { LcpClient } from '@vpp-ts/binapi-lcp'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, echoVersion, pairFields, versionFields } from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

const QUIET = { health: { probeInterval: 0 } }

let peer: Peer
beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
})
afterEach(async () => {
  await peer[Symbol.asyncDispose]()
})

describe('close({ drain })', () => {
  it('lets calls, queued calls and further pages of dumps end; new calls are refused', async () => {
    const vpp = await VppConnection.connect(peer.path, { ...QUIET, maxOutstanding: 2 })
    const held: Received[] = []
    for (const name of ['show_version', 'lcp_itf_pair_get']) peer.on(name, (request) => held.push(request))
    const vpe = new VpeClient(vpp)
    const pairs = new LcpClient(vpp).lcpItfPairGet().toArray()
    const calls = [vpe.showVersion(), vpe.showVersion()]
    await peer.until('show_version')
    const closed = vpp.close({ drain: 60_000 })
    await expect(vpe.showVersion()).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    await expect(vpe.showVersion()).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    peer.on('show_version', echoVersion)
    peer.on('lcp_itf_pair_get', (request) => {
      request.reply('lcp_itf_pair_details', ...pairFields(2))
      request.reply('lcp_itf_pair_get_reply', i32(0), u32(0))
    })
    for (const request of held) {
      if (request.name === 'show_version') echoVersion(request)
      else {
        request.reply('lcp_itf_pair_details', ...pairFields(1))
        request.reply('lcp_itf_pair_get_reply', i32(-165), u32(10))
      }
    }
    expect((await Promise.all(calls)).map(({ version }) => version)).toEqual(['26.06', '26.06'])
    expect((await pairs).map(({ phySwIfIndex }) => phySwIfIndex)).toEqual([1, 2])
    await closed
    expect(peer.count('sockclnt_delete')).toBe(1)
  })

  it('gives them no more than their time', async () => {
    const vpp = await VppConnection.connect(peer.path, { ...QUIET, closeTimeout: 0 })
    peer.on('show_version', () => {})
    const call = new VpeClient(vpp).showVersion({}, { timeout: 60_000 })
    const settled = expect(call).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    await vpp.close({ drain: 10 })
    await settled
  })

  it('refuses a time that is none, and stays open', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    expect(() => vpp.close({ drain: -1 })).toThrow(/drain: expected milliseconds/)
    peer.on('show_version', echoVersion)
    expect((await new VpeClient(vpp).showVersion()).version).toBe('26.06')
  })
})

describe('signals', () => {
  const enough = new Error('enough')

  it('end an attempt to connect, before and during it', async () => {
    await expect(VppConnection.connect(peer.path, { signal: AbortSignal.abort(enough) })).rejects.toBe(enough)
    const writes: (() => void)[] = []
    const arrived = new Promise<void>((resolve) => {
      peer.write = (socket, bytes) => {
        writes.push(() => socket.write(bytes))
        resolve()
      }
    })
    const abort = new AbortController()
    const connecting = VppConnection.connect(peer.path, { ...QUIET, signal: abort.signal })
    await arrived
    abort.abort(enough)
    await expect(connecting).rejects.toBe(enough)
    // The introduction is brought to its end behind the scenes, and VPP hears a goodbye.
    peer.write = (socket, bytes) => socket.write(bytes)
    for (const write of writes) write()
    await peer.until('sockclnt_delete')
  })

  it('end ready() and drain(), and leave nobody behind', async () => {
    await using waiting = VppConnection.managed('/nowhere/vpp-ts/api.sock')
    await expect(waiting.ready({ signal: AbortSignal.abort(enough) })).rejects.toBe(enough)
    const abort = new AbortController()
    const call = new VpeClient(waiting).showVersion({}, { timeout: 60_000 }).catch(() => {})
    const requests = waiting.newApiChannelBuffered(1, 1)
    for (let i = 0; i < 2; i++)
      requests
        .sendRequest(new ShowVersion())
        .receiveReply(ShowVersionReply)
        .catch(() => {})
    const { signal } = abort
    const all = Promise.allSettled([
      waiting.ready({ signal }),
      waiting.drain({ signal }),
      requests.drain({ signal }),
    ])
    await turn()
    abort.abort(enough)
    for (const result of await all) expect(result).toEqual({ status: 'rejected', reason: enough })
    await waiting.close()
    await call
  })
})

describe('unref()', () => {
  it.each([
    ['connected', 'await vpp.ready(); vpp.unref()'],
    ['before it connects', 'vpp.unref()'],
    [
      'waiting for the next attempt',
      "for await (const s of vpp.states()) if (s.status === 'disconnected') break; vpp.unref()",
    ],
  ])('a process ends though its connection is open, %s', async (when, program) => {
    const target = when.startsWith('waiting') ? join(peer.path, '..', 'other.sock') : peer.path
    const source = `
      import { VppConnection } from '@vpp-ts/runtime'
      const vpp = VppConnection.managed(${JSON.stringify(target)}, { reconnect: { initialDelay: 60000 } })
      ${program}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('why there is no connection', () => {
  const lost = '/nowhere/vpp-ts/api.sock'

  it('is the cause of calls that waited or were refused, and stands in their text', async () => {
    await using vpp = VppConnection.managed(lost, { reconnect: { initialDelay: 5, maximumDelay: 5 } })
    await expect(new VpeClient(vpp).showVersion({}, { timeout: 50 })).rejects.toMatchObject({
      code: 'VPP_REPLY_TIMEOUT',
      cause: { code: 'VPP_DIRECTORY_MISSING' },
      message: expect.stringMatching(/still waiting to be sent: .*\/nowhere\/vpp-ts/) as string,
    })
    await using refusing = VppConnection.managed(lost, {
      whenDown: 'reject',
      reconnect: { initialDelay: 5, maximumDelay: 5 },
    })
    for await (const { status } of refusing.states()) if (status === 'connecting') break
    for await (const { status } of refusing.states()) if (status === 'disconnected') break
    await expect(new VpeClient(refusing).showVersion()).rejects.toMatchObject({
      code: 'VPP_NOT_CONNECTED',
      cause: { code: 'VPP_DIRECTORY_MISSING' },
      message: expect.stringContaining('/nowhere/vpp-ts') as string,
    })
  })

  it('is not told of a call that was sent and not answered', async () => {
    await using vpp = await VppConnection.connect(peer.path, { ...QUIET, closeTimeout: 0 })
    peer.on('show_version', () => {})
    const error: unknown = await new VpeClient(vpp).showVersion({}, { timeout: 5 }).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: 'VPP_REPLY_TIMEOUT' })
    expect((error as Error).cause).toBeUndefined()
    peer.on('show_version', (request) => request.reply('show_version_reply', ...versionFields('x')))
  })

  it('is published while a program only reads events', async () => {
    const told: unknown[] = []
    const heard = new Promise<void>((resolve) => {
      channel('vpp-ts:connection:awaited').subscribe((message) => {
        if ((message as { target: string }).target !== lost) return
        told.push(message)
        resolve()
      })
    })
    await using vpp = VppConnection.managed(lost, { reconnect: { initialDelay: 5, maximumDelay: 5 } })
    const reading = new InterfaceClient(vpp).swInterfaceEvents()[Symbol.asyncIterator]().next()
    await heard
    expect(told[0]).toMatchObject({
      target: lost,
      error: { code: 'VPP_DIRECTORY_MISSING' },
      calls: 0,
      subscriptions: 1,
    })
    await vpp.close()
    expect(await reading).toEqual({ done: true, value: undefined })
  })
})
