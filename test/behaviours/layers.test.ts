import { AsyncLocalStorage } from 'node:async_hooks'
import { tracingChannel } from 'node:diagnostics_channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InterfaceClient, SwInterfaceEvent } from '@vpp-ts/binapi-interface'
import { IpClient, IpTableDetails, IpTableDump } from '@vpp-ts/binapi-ip'
import { LcpClient, LcpItfPairDetails, LcpItfPairGet, LcpItfPairGetReply } from '@vpp-ts/binapi-lcp'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection, type ConnectionOptionsInput, type Interceptor } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, interfaceEvent, pairFields, tableFields } from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

const QUIET: ConnectionOptionsInput = { health: { probeInterval: 0 }, closeTimeout: 0 }
const show = { kind: 'unary', request: ShowVersion, reply: ShowVersionReply } as const

let peer: Peer
beforeEach(async () => {
  peer = await Peer.start({ messages: MESSAGES })
  peer.on('show_version', echoVersion)
  peer.on('want_interface_events', acceptWant)
  peer.on('ip_table_dump', (request) => {
    request.reply('ip_table_details', ...tableFields(1))
  })
  peer.on('lcp_itf_pair_get', (request) => {
    request.reply('lcp_itf_pair_details', ...pairFields(1))
    request.reply('lcp_itf_pair_get_reply', i32(0), u32(0))
  })
})
afterEach(async () => {
  await peer[Symbol.asyncDispose]()
})

/** Notes what passes through it. */
function noting(name: string, notes: string[]): Interceptor {
  return {
    call: async ({ kind, message, channel }, next) => {
      notes.push(`${name} ${kind} ${message} ${channel}`)
      try {
        return await next()
      } finally {
        notes.push(`${name} done`)
      }
    },
    dump: ({ kind, message, channel }, next) => {
      notes.push(`${name} ${kind} ${message} ${channel}`)
      return next()
    },
    events: ({ kind, message }, next) => {
      notes.push(`${name} ${kind} ${message}`)
      return next()
    },
  }
}

describe('interceptors', () => {
  it('go around calls, dumps, events and channel requests, the first outermost', async () => {
    const notes: string[] = []
    const interceptors = [noting('outer', notes), noting('inner', notes)]
    await using vpp = await VppConnection.connect(peer.path, { ...QUIET, interceptors })
    const taken = () => notes.splice(0)
    expect((await new VpeClient(vpp).showVersion()).version).toBe('26.06')
    expect(taken()).toEqual([
      'outer call show_version 0',
      'inner call show_version 0',
      'inner done',
      'outer done',
    ])
    expect(await new IpClient(vpp).ipTableDump().toArray()).toHaveLength(1)
    expect(taken()).toEqual(['outer dump ip_table_dump 0', 'inner dump ip_table_dump 0'])
    const pairs = new LcpClient(vpp).lcpItfPairGet()
    expect(await pairs.toArray()).toHaveLength(1)
    expect((await pairs.reply).retval).toBe(0)
    expect(taken()).toEqual(['outer stream lcp_itf_pair_get 0', 'inner stream lcp_itf_pair_get 0'])
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    expect(taken()).toEqual(['outer events sw_interface_event', 'inner events sw_interface_event'])
    const requests = vpp.newApiChannel()
    await requests.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
    expect(taken().slice(0, 2)).toEqual([
      `outer call show_version ${requests.id}`,
      `inner call show_version ${requests.id}`,
    ])
    const tables = requests.sendMultiRequest(new IpTableDump(), IpTableDetails)
    expect((await tables.receiveReply()).reply?.table.tableId).toBe(1)
    expect(await tables.receiveReply()).toEqual({ lastReplyReceived: true })
    expect(taken()[0]).toBe(`outer dump ip_table_dump ${requests.id}`)
    requests.sendMultiRequest(new LcpItfPairGet(), LcpItfPairDetails, LcpItfPairGetReply)
    expect(taken()[0]).toBe(`outer stream lcp_itf_pair_get ${requests.id}`)
    requests.subscribeNotification(SwInterfaceEvent)
    expect(taken()[0]).toBe('outer events sw_interface_event')
  })

  it('may call again, answer themselves, or change options, for RPC clients and channels alike', async () => {
    let tries = 0
    const again: Interceptor = {
      call: (_invocation, next) => next().catch(() => next({ options: { timeout: 60_000 } })),
    }
    await using vpp = await VppConnection.connect(peer.path, { ...QUIET, interceptors: [again] })
    peer.on('show_version', (request) => {
      if (++tries % 2 === 0) echoVersion(request)
    })
    expect((await new VpeClient(vpp).showVersion({}, { timeout: 5 })).version).toBe('26.06')
    const requests = vpp.newApiChannel()
    requests.setReplyTimeout(5)
    const { version } = await requests.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
    expect([version, tries]).toEqual(['26.06', 4])
    const canned: Interceptor = { call: () => Promise.resolve({ retval: 0, version: 'canned' }) }
    await using other = await VppConnection.connect(peer.path, { ...QUIET, interceptors: [canned] })
    expect((await new VpeClient(other).showVersion()).version).toBe('canned')
    expect(tries).toBe(4)
  })

  it.each<Interceptor>([
    { call: (_, next) => next() },
    { dump: (_, next) => next() },
    { events: (_, next) => next() },
  ])('leave alone what they say nothing of: %o', async (interceptor) => {
    await using vpp = await VppConnection.connect(peer.path, { ...QUIET, interceptors: [interceptor] })
    expect((await new VpeClient(vpp).showVersion()).version).toBe('26.06')
    expect(await new IpClient(vpp).ipTableDump().toArray()).toHaveLength(1)
    await new InterfaceClient(vpp).swInterfaceEvents().ready
  })

  it('also go around what the hook prepare calls', async () => {
    const notes: string[] = []
    await using _vpp = await VppConnection.connect(peer.path, {
      ...QUIET,
      interceptors: [noting('it', notes)],
      prepare: async ({ vpp }) => {
        await new VpeClient(vpp).showVersion()
      },
    })
    expect(notes).toEqual(['it call show_version 0', 'it done'])
  })
})

describe('withDefaults', () => {
  it('gives calls, dumps and events options that they do not have', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    const abort = new AbortController()
    const view = vpp.withDefaults({ timeout: 10, signal: abort.signal })
    for (const name of ['show_version', 'ip_table_dump', 'control_ping']) peer.on(name, () => {})
    const timeout = { code: 'VPP_REPLY_TIMEOUT' }
    await expect(new VpeClient(view).showVersion()).rejects.toMatchObject(timeout)
    await expect(new VpeClient(view).showVersion({}, { timeout: undefined })).rejects.toMatchObject(timeout)
    await expect(new IpClient(view).ipTableDump().toArray()).rejects.toMatchObject(timeout)
    const own = new AbortController()
    const calls = Promise.allSettled([
      new VpeClient(view).showVersion({}, { timeout: 60_000 }),
      new VpeClient(view).showVersion({}, { timeout: 60_000, signal: own.signal }),
    ])
    const events = new InterfaceClient(view).swInterfaceEvents()
    await events.ready
    abort.abort(new Error('enough'))
    for (const result of await calls) expect(result).toMatchObject({ reason: new Error('enough') })
    expect(await events[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
  })
})

describe('callAll', () => {
  it('makes a call for each request with the options given', async () => {
    await using vpp = await VppConnection.connect(peer.path, QUIET)
    const results = await vpp.callAll(
      show,
      Array.from({ length: 300 }, () => ({})),
      { concurrency: 10 },
    )
    expect(results.every((it) => it.status === 'fulfilled' && it.value.version === '26.06')).toBe(true)
    peer.on('show_version', () => {})
    const failed = await vpp.callAll(show, [{}, {}], { timeout: 5, stopOnError: true, concurrency: 1 })
    expect(failed).toMatchObject([
      { status: 'rejected', reason: { code: 'VPP_REPLY_TIMEOUT' } },
      { status: 'skipped' },
    ])
  })
})

describe('idempotent calls', () => {
  it('are made again over the next connection, as they were given; others fail', async () => {
    await using vpp = VppConnection.managed(peer.path, {
      ...QUIET,
      reconnect: { initialDelay: 2, maximumDelay: 2 },
    })
    await vpp.ready()
    const vpe = new VpeClient(vpp)
    peer.on('show_version', () => {})
    const call = vpe.showVersion({}, { timeout: 60_000, idempotent: true })
    const other = vpe.showVersion({}, { timeout: 60_000 })
    const refused = expect(other).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
    await peer.until('show_version', 2)
    peer.on('show_version', echoVersion)
    peer.cut()
    expect((await call).version).toBe('26.06')
    await refused
    expect(peer.count('show_version')).toBe(3)
  })

  it('fail with the loss when no connection comes in time', async () => {
    await using vpp = VppConnection.managed(peer.path, { ...QUIET, reconnect: { initialDelay: 60_000 } })
    await vpp.ready()
    peer.on('show_version', () => {})
    const call = new VpeClient(vpp).showVersion({}, { timeout: 100, idempotent: true })
    await peer.until('show_version')
    peer.cut()
    await expect(call).rejects.toMatchObject({ code: 'VPP_CONNECTION_LOST' })
  })
})

describe('tracing channel vpp-ts:call', () => {
  it('publishes start and end in the context of the caller, queued calls included', async () => {
    const users = new AsyncLocalStorage<string>()
    const channels = tracingChannel<object, { message: string; kind: string; error?: unknown }>('vpp-ts:call')
    const seen: string[] = []
    const note = (what: string) => (call: { message: string; kind: string }) => {
      seen.push(`${users.getStore()} ${what} ${call.kind} ${call.message}`)
    }
    const subscribers = {
      start: note('start'),
      end: () => {},
      asyncStart: () => {},
      asyncEnd: note('done'),
      error: note('error'),
    }
    await using vpp = await VppConnection.connect(peer.path, { ...QUIET, maxOutstanding: 1 })
    channels.subscribe(subscribers as never)
    try {
      const held: Received[] = []
      peer.on('show_version', (request) => held.push(request))
      const vpe = new VpeClient(vpp)
      const calls = ['ann', 'ben'].map((user) => users.run(user, () => vpe.showVersion()))
      await peer.until('show_version')
      expect(vpp.metrics.queued).toBe(1)
      peer.on('show_version', echoVersion)
      for (const request of held) echoVersion(request)
      await Promise.all(calls)
      expect(seen.splice(0)).toEqual([
        'ann start call show_version',
        'ben start call show_version',
        'ann done call show_version',
        'ben done call show_version',
      ])
      await users.run('cid', async () => {
        for await (const _ of new IpClient(vpp).ipTableDump()) break
        await new LcpClient(vpp).lcpItfPairGet().toArray()
        peer.on('show_version', () => {})
        await vpe.showVersion({}, { timeout: 5 }).catch(() => {})
        peer.on('show_version', echoVersion)
        await vpp.newApiChannel().sendRequest(new ShowVersion()).receiveReply(ShowVersionReply)
        await new InterfaceClient(vpp).swInterfaceEvents().ready
      })
      expect(seen.filter((line) => !line.includes('start'))).toEqual([
        'cid done dump ip_table_dump',
        'cid done stream lcp_itf_pair_get',
        'cid error call show_version',
        'cid done call show_version',
        'cid done call show_version',
        'cid done events sw_interface_event',
      ])
      expect(seen).toContain('cid start events sw_interface_event')
      peer.broadcast(interfaceEvent(peer, 1))
    } finally {
      channels.unsubscribe(subscribers as never)
    }
  })
})
