import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { EventFd, SeqpacketListener } from '@vpp-ts/linux'
import {
  type MemifError,
  MemifSocket,
  PacketStream,
  createMemif,
  type Memif,
  type MemifOptions,
} from '../index.ts'

const directory = mkdtempSync(join(tmpdir(), 'memif-test-'))
const open: { close(): void }[] = []
let serial = 0

afterEach(() => {
  for (const each of open.splice(0)) each.close()
})
afterAll(() => rmSync(directory, { recursive: true }))

const socketPath = () => join(directory, `memif-${serial++}.sock`)

function make(options: MemifOptions): Memif {
  const memif = createMemif({ reconnectMs: 20, ...options })
  open.push(memif)
  return memif
}

/** A server and a client of one interface, connected. */
async function pair(
  both: Partial<MemifOptions> = {},
  client: Partial<MemifOptions> = {},
  server: Partial<MemifOptions> = {},
) {
  const socket = socketPath()
  const ends = {
    server: make({ socket, ...both, ...server, role: 'server' }),
    client: make({ socket, ...both, ...client, role: 'client' }),
  }
  await Promise.all([ends.server.ready(), ends.client.ready()])
  return ends
}

const text = (packet: Uint8Array) => Buffer.from(packet).toString()
const bytes = (value: string) => new Uint8Array(Buffer.from(value))

async function failure(memif: Memif): Promise<MemifError> {
  const [error] = (await once(memif, 'failure')) as [MemifError]
  return error
}

describe('connecting', () => {
  test.each([
    ['a path', () => socketPath()],
    ['an abstract name, as VPP writes it', () => `abstract:memif-test-${process.pid}-${serial++}`],
    ['an abstract name, as libmemif writes it', () => `@memif-test-${process.pid}-${serial++}`],
  ])('by %s', async (_, name) => {
    const socket = name()
    const server = make({ socket, role: 'server', id: 3, appName: 'the server', interfaceName: 'srv3' })
    const client = make({
      socket,
      role: 'client',
      id: 3,
      appName: 'the client',
      interfaceName: 'cli3',
      ringSize: 256,
    })
    const details = await client.ready()
    await server.ready()
    expect(details).toMatchObject({
      socket,
      id: 3,
      role: 'client',
      connected: true,
      remote: { appName: 'the server', interfaceName: 'srv3', credentials: { pid: process.pid } },
      rxQueues: [{ queue: 0, ringSize: 256, bufferSize: 2048, inWorker: false, rxMode: 'interrupt' }],
      txQueues: [{ queue: 0, ringSize: 256 }],
      regions: [1057024],
    })
    expect(server.getDetails()).toMatchObject({ remote: { appName: 'the client', interfaceName: 'cli3' } })
    client.txBurst(0, [bytes('there')])
    expect(server.rxBurst(0, 8).map((packet) => text(packet.data))).toEqual(['there'])
    server.txBurst(0, [bytes('and'), bytes('back')])
    expect(client.rxBurst(0, 8).map((packet) => text(packet.data))).toEqual(['and', 'back'])
  })

  test('several interfaces share one listening socket, each found by its id', async () => {
    const socket = new MemifSocket({ socket: socketPath() })
    open.push(socket)
    const servers = [0, 1, 7].map((id) => socket.createInterface({ role: 'server', id }))
    const clients = [7, 0, 1].map((id) => make({ socket: socket.name, role: 'client', id }))
    await Promise.all([...servers, ...clients].map((memif) => memif.ready()))
    for (const client of clients) client.txBurst(0, [bytes(`for ${client.config.id}`)])
    for (const server of servers) {
      expect(server.rxBurst(0, 8).map((packet) => text(packet.data))).toEqual([`for ${server.config.id}`])
    }
    expect(() => socket.createInterface({ role: 'server', id: 7 })).toThrowError(
      expect.objectContaining({ code: 'MEMIF_ID_TAKEN' }),
    )
    servers[0]!.close()
    expect(socket.interfaces).toHaveLength(2)
    servers[1]!.txBurst(0, [bytes('still up')])
    expect(clients[2]!.rxBurst(0, 8)).toHaveLength(1)
  })

  test('a client waits for its server, and comes back when the server does', async () => {
    const socket = socketPath()
    const client = make({ socket, role: 'client' })
    expect(await failure(client)).toMatchObject({
      code: 'MEMIF_SYSTEM',
      message: expect.stringContaining('ENOENT'),
    })
    for (let round = 0; round < 3; round++) {
      const server = make({ socket, role: 'server' })
      await client.ready()
      void server.close('going away')
      const [error] = (await once(client, 'disconnect')) as [MemifError]
      expect(error).toMatchObject({ code: 'MEMIF_PEER_DISCONNECTED', reason: 'going away' })
    }
    expect(client.getCounters()).toMatchObject({ connects: 3, disconnects: 3 })
  })

  test('a server takes the next client when one has gone', async () => {
    const { server, client } = await pair()
    const gone = once(server, 'disconnect')
    void client.close()
    expect(await gone).toEqual([expect.objectContaining({ reason: 'interface closed' })])
    const next = make({ socket: server.getDetails().socket, role: 'client' })
    await Promise.all([next.ready(), server.ready()])
    next.txBurst(0, [bytes('new memory')])
    expect(server.rxBurst(0, 8)).toHaveLength(1)
  })

  test('a server reads at most its rx queues, and sends to at most its tx queues', async () => {
    const { server, client } = await pair({}, { rxQueues: 4, txQueues: 3 }, { rxQueues: 2, txQueues: 1 })
    expect(client.getDetails()).toMatchObject({
      rxQueues: [{ queue: 0 }, { queue: 1 }, { queue: 2 }, { queue: 3 }],
      txQueues: [{ queue: 0 }, { queue: 1 }],
    })
    expect(server.getDetails().rxQueues).toHaveLength(2)
    // Rings that the server does not send to stay empty.
    expect(server.getDetails().txQueues).toHaveLength(1)
    server.txBurst(0, [bytes('first')])
    expect(client.rxBurst(0, 8)).toHaveLength(1)
    client.txBurst(1, [bytes('second')])
    expect(server.rxBurst(1, 8)).toHaveLength(1)
    expect(() => client.txBurst(2, [])).toThrowError(expect.objectContaining({ code: 'MEMIF_QUEUE_UNKNOWN' }))
  })

  test('a stale socket file is replaced, one in use and one that is not a socket are not', () => {
    const stale = socketPath()
    const old = SeqpacketListener.listen(stale)
    old.fd.close()
    const server = make({ socket: stale, role: 'server' })
    const busy = expect.objectContaining({
      code: 'MEMIF_LISTENER_ACTIVE',
      message: expect.stringContaining(stale),
    })
    expect(() => make({ socket: stale, role: 'server' })).toThrowError(busy)
    void server.close()
    writeFileSync(stale, 'not a socket')
    expect(() => make({ socket: stale, role: 'server' })).toThrowError(
      expect.objectContaining({ code: 'MEMIF_LISTENER_ACTIVE' }),
    )
  })

  test.each([
    ['ip', {}, { mode: 'ip' }, 'mode mismatch'],
    ['a wrong secret', { secret: 'right' }, { secret: 'wrong' }, 'incorrect secret'],
    ['no secret', { secret: 'right' }, {}, 'secret required'],
    ['another id', { id: 1 }, { id: 2 }, 'unknown interface id'],
  ] as const)('refuses %s and tells both sides why', async (_, server, client, reason) => {
    const socket = socketPath()
    const it = make({ socket, role: 'server', ...server })
    const refusedThere = failure(it)
    const refusedHere = await failure(make({ socket, role: 'client', ...client }))
    expect(refusedHere).toMatchObject({ code: 'MEMIF_PEER_REFUSED', reason })
    expect(await refusedThere).toMatchObject({ code: 'MEMIF_REFUSED', reason })
  })

  test.each(['ethernet', 'ip', 'punt-inject'] as const)('in mode %s with the right secret', async (mode) => {
    const { client } = await pair({ mode, secret: 'x'.repeat(23) })
    expect(client.getDetails()).toMatchObject({ mode, hasSecret: true })
  })

  test('refuses a second client while the first is connected', async () => {
    const { server } = await pair()
    const second = make({ socket: server.getDetails().socket, role: 'client' })
    expect(await failure(second)).toMatchObject({ reason: 'already connected' })
    expect(server.connected).toBe(true)
  })

  test.each([
    [{ ringSize: 1000 }, 'ringSize must be a power of two'],
    [{ ringSize: 32768 }, 'ringSize'],
    [{ secret: 'x'.repeat(24) }, 'secret must be text of at most 23 bytes without NUL, not the given text'],
    [{ rxQueues: 0 }, 'rxQueues must be a whole number from 1 to 255, not 0'],
    [{ headroom: 2000 }, 'headroom'],
    [{ bogus: 1 } as object, 'there is no option "bogus"'],
    [{ appName: 'x'.repeat(32) }, 'appName'],
  ])('refuses the options %o', (options, message) => {
    expect(() => make({ socket: socketPath(), role: 'client', ...options })).toThrowError(
      expect.objectContaining({ code: 'MEMIF_OPTION_INVALID', message: expect.stringContaining(message) }),
    )
  })

  test.each([
    '',
    'x'.repeat(108),
    'abstract:x,netns_pid=self',
    'abstract:x,netns_name=',
    'abstract:,netns_pid=4',
  ])('refuses the address "%s"', (socket) => {
    expect(() => make({ socket, role: 'client' })).toThrowError(
      expect.objectContaining({ code: 'MEMIF_ADDRESS_INVALID' }),
    )
  })
})

describe('closing', () => {
  test('by hand, by await using, by signal: each tells the peer, and ends everything that waits', async () => {
    const { server, client } = await pair()
    const gone = once(client, 'disconnect')
    {
      await using scoped = server
      expect(scoped.connected).toBe(true)
    }
    expect(await gone).toEqual([expect.objectContaining({ reason: 'interface closed' })])
    expect(() => server.rxBurst(0, 1)).toThrowError(expect.objectContaining({ code: 'MEMIF_CLOSED' }))

    const waiting = [client.ready(), client.send([bytes('never')]), client.packets().next()]
    void client.close()
    const [ready, send, next] = await Promise.allSettled(waiting)
    expect(ready).toMatchObject({ reason: { code: 'MEMIF_CLOSED' } })
    expect(send).toMatchObject({ reason: { code: 'MEMIF_CLOSED' } })
    expect(next).toMatchObject({ value: { done: true } })

    const controller = new AbortController()
    const other = make({ socket: socketPath(), role: 'server', signal: controller.signal })
    const closed = once(other, 'close')
    controller.abort()
    await closed
    expect(other.closed).toBe(true)
  })

  test('while the link is down nothing is received and nothing taken', async () => {
    const memif = make({ socket: socketPath(), role: 'server' })
    expect(memif.rxBurst(0, 8)).toEqual([])
    expect(memif.txBurst(0, [bytes('x')])).toBe(0)
    expect(() => memif.giveQueue('rx', 0)).toThrowError(
      expect.objectContaining({ code: 'MEMIF_NOT_CONNECTED' }),
    )
    const controller = new AbortController()
    const waits = memif.ready({ signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waits).rejects.toThrow('enough')
  })
})

describe('receiving', () => {
  test('callbacks get the connection, interrupts by queue, and the reason of the end', async () => {
    const socket = socketPath()
    const calls = { onConnect: vi.fn(), onDisconnect: vi.fn(), onInterrupt: vi.fn() }
    const server = createMemif({ socket, role: 'server', rxQueues: 2 }, calls)
    open.push(server)
    const client = make({ socket, role: 'client', txQueues: 2 })
    await client.ready()
    await server.ready()
    expect(calls.onConnect).toHaveBeenCalledWith(expect.objectContaining({ connected: true }))
    const interrupt = once(server, 'interrupt')
    client.txBurst(1, [bytes('a'), bytes('b')])
    expect(await interrupt).toEqual([1])
    expect(server.rxBurst(1, 8)).toHaveLength(2)
    expect(server.getCounters().rxQueues[1]).toMatchObject({ packets: 2, bytes: 2 })
    // The look that makes up for lost signals may have been first.
    await vi.waitFor(() => expect(server.getCounters().rxQueues[1]).toMatchObject({ wakeups: 1 }))
    void client.close('done')
    await once(server, 'disconnect')
    expect(calls.onDisconnect).toHaveBeenCalledWith(expect.objectContaining({ reason: 'done' }))
  })

  test('a handler that takes a few packets an interrupt is called again for the others', async () => {
    const { server, client } = await pair()
    let got = 0
    const all = new Promise<void>((resolve) => {
      server.on('interrupt', (queue) => {
        got += server.rxBurst(queue, 3).length
        if (got === 100) resolve()
      })
    })
    client.txBurst(
      0,
      Array.from({ length: 100 }, () => bytes('x')),
    )
    await all
  })

  test.each(['interrupt', 'adaptive', 'polling'] as const)('for await in mode %s', async (rxMode) => {
    const { server, client } = await pair({ rxMode, rxQueues: 2, txQueues: 2, ringSize: 64 })
    const count = 1000
    const sending = (async () => {
      for (let n = 0; n < count; n++) await client.send([bytes(`${n}`)], { queue: 0 })
    })()
    const got: string[] = []
    for await (const packet of server) {
      got.push(text(packet))
      if (got.length === count) break
    }
    await sending
    expect(got).toEqual(Array.from({ length: count }, (_, n) => `${n}`))
    expect(server.listenerCount('interrupt')).toBe(0)
  })

  test('modes can change while packets flow, and decide whether the peer signals', async () => {
    const { server, client } = await pair({ rxMode: 'polling', adaptiveIdleMs: 60_000 })
    client.txBurst(0, [bytes('1')])
    expect(client.getCounters().tx.signals).toBe(0)
    const interrupt = once(server, 'interrupt')
    server.setRxMode(0, 'interrupt')
    await interrupt
    server.rxBurst(0, 8)
    client.txBurst(0, [bytes('2')])
    expect(client.getCounters().tx.signals).toBe(1)
    await once(server, 'interrupt')
    server.setRxMode(0, 'adaptive')
    await once(server, 'interrupt')
    client.txBurst(0, [bytes('3')])
    expect(client.getCounters().tx.signals).toBe(1)
  })

  test('an adaptive queue sleeps again when nothing comes', async () => {
    const { server, client } = await pair({ rxMode: 'adaptive', adaptiveIdleMs: 0 })
    for (let n = 1; n <= 5; n++) {
      const interrupt = once(server, 'interrupt')
      client.txBurst(0, [bytes('x')])
      await interrupt
      server.rxBurst(0, 8)
      await vi.waitFor(() => expect(server.getCounters().rx.wakeups).toBe(n))
      await new Promise(setImmediate)
    }
  })

  test('a lost signal is made up for', async () => {
    const { server, client } = await pair()
    const lost = vi.spyOn(EventFd.prototype, 'signal').mockReturnValue(true)
    const interrupt = once(server, 'interrupt')
    client.txBurst(0, [bytes('x')])
    await interrupt
    expect(lost).toHaveBeenCalledOnce()
    lost.mockRestore()
    expect(server.getCounters().rx.wakeups).toBe(0)
  })
})

describe('streams', () => {
  test('carry packets both ways with back-pressure, and end with the interface', async () => {
    const { server, client } = await pair({ ringSize: 16 })
    const echo = new PacketStream(server)
    echo.pipe(echo)
    const stream = new PacketStream(client, { highWaterMark: 4 })
    const got: string[] = []
    stream.on('data', (packet: Uint8Array) => got.push(text(packet)))
    for (let n = 0; n < 500; n++) {
      if (!stream.write(bytes(`${n}`))) await once(stream, 'drain')
    }
    await vi.waitFor(() => expect(got).toHaveLength(500))
    expect(got).toEqual(Array.from({ length: 500 }, (_, n) => `${n}`))
    const ended = once(stream, 'end')
    void client.close()
    await ended
  })

  test('refuse what is not a packet', async () => {
    const { client } = await pair()
    const stream = new PacketStream(client)
    const failed = once(stream, 'error')
    stream.write('text')
    expect(await failed).toEqual([expect.objectContaining({ code: 'MEMIF_PACKET_INVALID' })])
    expect(client.closed).toBe(false)
  })
})
