import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, ShowVersionReply, VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, tableFields } from './messages.ts'
import { Peer, frame, i32, u16, u32, type Received } from './peer.ts'

const CALLS = 100_000
const CONNECTIONS = 10_000

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use after everything that can be freed has been. */
async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await turn()
    collect()
  }
  return process.memoryUsage().heapUsed
}

/**
 * Bytes by which the least heap of the second half of the batches is above that of the first: what the engine keeps for
 * a while comes and goes by hundreds of kilobytes, what leaks stays.
 */
async function growth(batches: number, batch: () => Promise<void>): Promise<number> {
  await batch()
  const sizes: number[] = []
  for (let i = 0; i < batches; i++) {
    await batch()
    sizes.push(await heap())
  }
  return Math.min(...sizes.slice(batches >> 1)) - Math.min(...sizes.slice(0, batches >> 1))
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-leaks-'))
  path = join(folder, 'api.sock')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function startPeer(): Promise<Peer> {
  const peer = await Peer.start({ path, messages: MESSAGES })
  peer.on('show_version', echoVersion)
  peer.on('want_interface_events', acceptWant)
  peer.on('ip_table_dump', (request) => {
    for (let i = 0; i < 3; i++) request.reply('ip_table_details', ...tableFields(i))
  })
  return peer
}

describe('#40 nothing is left behind', () => {
  it(`#40 ${CALLS} calls of every kind leave the heap, timers and slots flat`, async () => {
    await using peer = await startPeer()
    await using vpp = await VppConnection.connect(path)
    const [vpe, ip, interfaces] = [new VpeClient(vpp), new IpClient(vpp), new InterfaceClient(vpp)]
    const channel = vpp.newApiChannel()
    const round = async () => {
      const { signal } = new AbortController()
      const calls: Promise<unknown>[] = []
      for (let i = 0; i < 100; i++) {
        calls.push(
          vpe.showVersion(),
          vpe.showVersion({}, { signal }),
          vpe.showVersion({}, { timeout: 900 + (i % 3) }),
        )
        calls.push(ip.ipTableDump().toArray(), vpp.ready())
        calls.push(channel.sendRequest(new ShowVersion()).receiveReply(ShowVersionReply))
      }
      for await (const table of ip.ipTableDump()) if (table.table.tableId === 1) break
      const aborted = vpe.showVersion({}, { signal: AbortSignal.abort() }).catch(() => {})
      const events = interfaces.swInterfaceEvents({ signal })
      await events.ready
      await Promise.all([...calls, aborted, events.close()])
      peer.received.length = 0
    }
    await round()
    const timersBefore = timers()
    // A round makes a little more than 600 calls, a half of the batches 100,000.
    const batch = async () => {
      for (let i = 0; i < CALLS / 10 / 600; i++) await round()
    }
    // 10 bytes a call would be 1 MB.
    expect(await growth(20, batch)).toBeLessThan(1_000_000)
    expect(timers()).toBeLessThanOrEqual(timersBefore + 3)
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
    // Those that were aborted, and no others.
    expect(Object.keys(vpp.metrics.failures)).toEqual(['AbortError'])
  })

  it(`#40 ${CONNECTIONS} connections, made and closed, leave the heap and all handles flat`, async () => {
    await using peer = await startPeer()
    const cycle = async () => {
      const vpp = await VppConnection.connect(path)
      const events = new InterfaceClient(vpp).swInterfaceEvents()
      await Promise.all([events.ready, new VpeClient(vpp).showVersion()])
      await vpp.close()
      peer.received.length = 0
    }
    await cycle()
    const handlesBefore = process.getActiveResourcesInfo().length
    const batch = async () => {
      for (let i = 0; i < CONNECTIONS / 10; i++) await cycle()
    }
    // 100 bytes a connection would be 500 kB.
    expect(await growth(10, batch)).toBeLessThan(500_000)
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handlesBefore + 2)
  }, 300_000)

  it('#40 1,600 reconnects of one connection leave it as it was', async () => {
    await using peer = await startPeer()
    await using vpp = VppConnection.managed(path, {
      health: { probeInterval: 0 },
      reconnect: { initialDelay: 1, maximumDelay: 1, jitter: 0 },
    })
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    const cycle = async () => {
      const states = vpp.states()
      const call = new VpeClient(vpp).showVersion().catch(() => {})
      peer.cut()
      let lost = false
      for await (const { status } of states) {
        lost ||= status === 'disconnected'
        if (lost && status === 'connected') break
      }
      await call
      peer.received.length = 0
    }
    await cycle()
    const handlesBefore = process.getActiveResourcesInfo().length
    const batch = async () => {
      for (let i = 0; i < 200; i++) await cycle()
    }
    expect(await growth(8, batch)).toBeLessThan(400_000)
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handlesBefore + 3)
    await events.close()
  })

  it.each([
    [
      'is connected, with calls and subscriptions',
      `await vpp.ready(); void vpp.events({ kind: 'event', event: ControlPingReply }, {}); const calls = [vpp.call(ping, {}), vpp.call(ping, {})]; const settled = Promise.allSettled(calls); await vpp.close(); await settled`,
    ],
    [
      'waits for VPP to appear',
      `vpp.call(ping, {}).catch(() => {}); for await (const s of vpp.states()) if (s.status === 'disconnected') break; await vpp.close()`,
    ],
    ['has just begun to connect', `await vpp.close()`],
  ])('#7 a process exits on its own when its connection %s and is closed', async (when, program) => {
    await using peer = await startPeer()
    const target = when.startsWith('waits') ? join(folder, 'other.sock') : path
    const source = `
      import { VppConnection } from '@vpp-ts/runtime'
      import { ControlPing, ControlPingReply } from '@vpp-ts/binapi-memclnt'
      const ping = { kind: 'unary', request: ControlPing, reply: ControlPingReply }
      const vpp = VppConnection.managed(${JSON.stringify(target)}, { reconnect: { initialDelay: 60000 } })
      ${program}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([0, null])
    while (peer.sockets.size > 0) await turn()
  })
})

describe('#1 whenever the server dies', () => {
  it('#1 cut at every tenth byte of the introduction, the attempt fails with a reason', async () => {
    const peer = await startPeer()
    let [left, cut] = [0, 0]
    const usual = peer.write
    peer.write = (socket, bytes) => {
      const part = bytes.subarray(0, left)
      left -= part.length
      if (part.length === bytes.length) usual(socket, bytes)
      else socket.end(part, () => socket.destroy())
    }
    for (; cut < 5000; cut += 10) {
      left = cut
      const result = await VppConnection.connect(path, { health: { probeInterval: 0 } }).catch(
        (error: unknown) => error,
      )
      if (result instanceof VppConnection) {
        left = Infinity
        await result.close()
        break
      }
      expect(result).toMatchObject({ code: 'VPP_CONNECTION_LOST' })
    }
    // Table and ping reply together; below that no attempt can have succeeded.
    expect(cut).toBeGreaterThan(1000)
    expect(cut).toBeLessThan(5000)
    await peer.close()
  })

  it('#1 killed with SIGKILL at any time, 200 times: every call settles, and the next VPP is found', async () => {
    const program = fileURLToPath(new URL('../../simulator/bin/vpp-ts-simulator.js', import.meta.url))
    const launch = (): ChildProcess =>
      spawn(process.execPath, [program, '--socket', path], { stdio: 'ignore' })
    await using vpp = VppConnection.managed(path, {
      reconnect: { initialDelay: 10, maximumDelay: 50 },
      health: { probeInterval: 50 },
      whenDown: 'reject',
    })
    const codes = new Map<string, number>()
    let open = 0
    const track = (call: Promise<unknown>) => {
      open++
      const count = (code: string) => {
        open--
        codes.set(code, (codes.get(code) ?? 0) + 1)
      }
      call.then(
        () => count('reply'),
        (error: { code: string }) => count(error.code),
      )
    }
    const [vpe, ip, memclnt] = [new VpeClient(vpp), new IpClient(vpp), new MemclntClient(vpp)]
    for (let i = 0; i < 200; i++) {
      const server = launch()
      const exited = once(server, 'exit')
      await vpp.ready()
      const killing = delay(i % 50).then(() => server.kill('SIGKILL'))
      while (vpp.state.status !== 'disconnected') {
        for (let n = 0; n < 10; n++) {
          track(vpe.showVersion())
          track(memclnt.controlPing())
        }
        track(ip.ipTableDump().toArray())
        await turn()
      }
      await killing
      await exited
    }
    await vi.waitFor(() => expect(open).toBe(0))
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
    expect([...codes.keys()].toSorted()).toEqual(['VPP_CONNECTION_LOST', 'reply'])
  }, 300_000)
})

describe('#20 more requests than memory should hold', () => {
  /** Answers pings and nothing else, as fast as can be. */
  async function startEcho(): Promise<AsyncDisposable> {
    const table = ['control_ping_51077d14', 'control_ping_reply_f6b0b8ca'].map((name, i) =>
      Buffer.concat([u16(23 + i), Buffer.concat([Buffer.from(name), Buffer.alloc(64)], 64)]),
    )
    const reply = frame(Buffer.concat([u16(24), u32(0), i32(0), u32(0), u32(1)]))
    const serve = (socket: Socket) => {
      let rest = Buffer.alloc(0)
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
        const answers: Buffer[] = []
        let at = 0
        while (at + 16 <= bytes.length && at + 16 + bytes.readUInt32BE(at + 8) <= bytes.length) {
          const [body, id] = [at + 16, bytes.readUInt16BE(at + 16)]
          at = body + bytes.readUInt32BE(at + 8)
          if (id === 15) {
            const head = [
              u16(16),
              u32(0),
              bytes.subarray(body + 2, body + 6),
              i32(0),
              u32(0x80000001),
              u16(2),
            ]
            answers.push(frame(Buffer.concat([...head, ...table])))
          } else {
            const answer = Buffer.from(reply)
            bytes.copy(answer, 18, body + 6, body + 10)
            answers.push(answer)
          }
        }
        rest = Buffer.from(bytes.subarray(at))
        if (answers.length > 0) socket.write(Buffer.concat(answers))
      })
    }
    const server = createServer(serve).listen(path)
    await once(server, 'listening')
    return {
      [Symbol.asyncDispose]: async () => {
        server.close()
        await once(server, 'close')
      },
    }
  }

  it('#20 1,000,000 pings by a sender that waits for drain() never take more than a little memory', async () => {
    await using _echo = await startEcho()
    await using vpp = await VppConnection.connect(path, { closeTimeout: 0 })
    const client = new MemclntClient(vpp)
    const before = await heap()
    let [answered, peak, mostQueued] = [0, 0, 0]
    const count = () => {
      answered++
    }
    for (let sent = 1; sent <= 1_000_000; sent++) {
      void client.controlPing({}, { timeout: 60_000 }).then(count)
      if (vpp.metrics.queued > 10_000) {
        mostQueued = Math.max(mostQueued, vpp.metrics.queued)
        await vpp.drain()
      }
      if (sent % 100_000 === 0) peak = Math.max(peak, (await heap()) - before)
    }
    while (vpp.metrics.inFlight > 0) await turn()
    expect(answered).toBe(1_000_000)
    expect(mostQueued).toBe(10_001)
    expect(peak / 1024 / 1024).toBeLessThan(32)
  })

  it('#20 a VPP that does not read holds up the writer, not the memory of the kernel', async () => {
    await using peer = await startPeer()
    await using vpp = await VppConnection.connect(path, {
      closeTimeout: 20,
      maxOutstanding: 30_000,
      health: { probeInterval: 0 },
    })
    for (const socket of peer.sockets) socket.pause()
    const calls = Array.from({ length: 12_000 }, () =>
      new VpeClient(vpp).showVersion({}, { timeout: 60_000 }),
    )
    const settled = Promise.allSettled(calls)
    await turn()
    const late = new VpeClient(vpp).showVersion()
    // What was made in one tick is written in one piece; what comes after it waits for the peer.
    expect(vpp.metrics.queued).toBeGreaterThan(0)
    const held: Received[] = []
    peer.on('show_version', (request) => held.push(request))
    for (const socket of peer.sockets) socket.resume()
    await peer.until('show_version', 12_001)
    peer.cut()
    await Promise.allSettled([settled, late])
    expect(vpp.metrics).toMatchObject({ inFlight: 0, queued: 0 })
  })
})
