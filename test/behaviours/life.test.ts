import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AclAddReplace } from '@vpp-ts/binapi-acl'
import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { ControlPing } from '@vpp-ts/binapi-memclnt'
import { ShowVersion, VpeClient } from '@vpp-ts/binapi-vpe'
import { explainConnectError } from '@vpp-ts/runtime/internal'
import { VppConnection, type ConnectionState, type ConnectionOptionsInput } from '@vpp-ts/runtime'
import { MESSAGES, acceptWant, echoVersion, versionFields } from './messages.ts'
import { Peer, i32, u32, type Received } from './peer.ts'

const QUIET: ConnectionOptionsInput = { health: { probeInterval: 0 } }
const EAGER = { initialDelay: 2, maximumDelay: 10 }
let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpp-ts-life-'))
  path = join(folder, 'api.sock')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function startPeer(options: { shift?: number; pid?: number } = {}): Promise<Peer> {
  const peer = await Peer.start({ path, messages: MESSAGES, ...options })
  peer.on('show_version', echoVersion)
  peer.on('want_interface_events', acceptWant)
  return peer
}

async function reach(vpp: VppConnection, status: ConnectionState['status']): Promise<ConnectionState> {
  for await (const state of vpp.states()) if (state.status === status) return state
  throw new Error(`closed before ${status}`)
}

describe('connecting', () => {
  it('#5 missing socket, missing folder, no permission and nobody listening are four codes with the path', async () => {
    const code = async (target: string) => VppConnection.connect(target).catch((error: unknown) => error)
    expect(await code(path)).toMatchObject({ code: 'VPP_SOCKET_MISSING', target: path })
    const lost = join(folder, 'none', 'api.sock')
    expect(await code(lost)).toMatchObject({ code: 'VPP_DIRECTORY_MISSING', target: lost })
    // A socket file whose listener has gone, as a killed VPP leaves it.
    const server = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`,
    ])
    await once(server.stdout, 'data')
    server.kill('SIGKILL')
    await once(server, 'exit')
    expect(await code(path)).toMatchObject({ code: 'VPP_CONNECTION_REFUSED', target: path })
  })

  it('#5 a socket that may not be opened says so', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' })
    expect(explainConnectError(path, denied)).toMatchObject({ code: 'VPP_PERMISSION_DENIED', target: path })
    await writeFile(path, '')
    await chmod(path, 0)
    await expect(VppConnection.connect(path)).rejects.toMatchObject({ target: path })
  })

  it('#6 connects when the socket appears later', async () => {
    const vpp = VppConnection.managed(path, { ...QUIET, reconnect: EAGER })
    expect(await reach(vpp, 'disconnected')).toMatchObject({ error: { code: 'VPP_SOCKET_MISSING' } })
    const waiting = new VpeClient(vpp).showVersion({}, { timeout: 20_000 })
    await using peer = await startPeer()
    await vpp.ready()
    expect((await waiting).version).toBe('26.06')
    expect(peer.count('show_version')).toBe(1)
    await vpp.close()
  })

  it('a peer that accepts and says nothing fails the attempt in time', async () => {
    await using peer = await startPeer()
    peer.write = () => {}
    await expect(VppConnection.connect(path, { connectTimeout: 50 })).rejects.toMatchObject({
      code: 'VPP_CONNECT_TIMEOUT',
      target: path,
    })
  })
})

describe('losing and coming back', () => {
  it('#2 after a reconnect with other ids no frame carries an old one', async () => {
    const peer = await startPeer()
    const vpp = VppConnection.managed(path, { ...QUIET, reconnect: EAGER })
    await vpp.ready()
    await new VpeClient(vpp).showVersion()
    await peer.close()
    await reach(vpp, 'disconnected')
    await using second = await startPeer({ shift: 500, pid: 4712 })
    await vpp.ready()
    expect((await new VpeClient(vpp).showVersion()).version).toBe('26.06')
    expect(second.received.filter((message) => message.name.startsWith('unknown'))).toEqual([])
    expect(second.received.every((message) => message.id >= 540)).toBe(true)
    await vpp.close()
  })

  it('#4 goes on with growing, capped, partly random pauses; a limit ends in "failed"', async () => {
    const vpp = VppConnection.managed(path, { ...QUIET, reconnect: { ...EAGER, maximumAttempts: 5 } })
    const pauses: number[] = []
    for await (const state of vpp.states()) {
      if (state.status === 'disconnected') pauses.push(state.retryIn ?? 0)
      if (state.status === 'failed') break
    }
    expect(pauses).toHaveLength(4)
    expect(pauses.every((pause) => pause > 0 && pause <= 10)).toBe(true)
    await expect(vpp.ready()).rejects.toMatchObject({ code: 'VPP_SOCKET_MISSING' })
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({ code: 'VPP_NOT_CONNECTED' })
    await vpp.close()
  })

  it('the hook runs before "connected", the first included, over the new session, with the reason', async () => {
    let peer = await startPeer({ pid: 1 })
    const seen: string[] = []
    const vpp = VppConnection.managed(path, {
      ...QUIET,
      reconnect: EAGER,
      prepare: async ({ reason, pid, previousPid, vpp: session }) => {
        const { version } = await new VpeClient(session).showVersion()
        seen.push(`${reason} ${previousPid}>${pid} ${version} ${vpp.state.status}`)
      },
    })
    await vpp.ready()
    peer.cut()
    await reach(vpp, 'disconnected')
    await vpp.ready()
    peer.pid = 2
    peer.cut()
    await reach(vpp, 'disconnected')
    await vpp.ready()
    // In a container the next VPP has the pid of the last.
    await peer.close()
    await reach(vpp, 'disconnected')
    peer = await startPeer({ pid: 2 })
    await vpp.ready()
    expect(seen).toEqual([
      'first 0>1 26.06 connecting',
      'same-process 1>1 26.06 connecting',
      'restarted 1>2 26.06 connecting',
      'restarted 2>2 26.06 connecting',
    ])
    await vpp.close()
    await peer.close()
  })

  it('the same socket, pid and messages are another process when a message has another id', async () => {
    await using peer = await startPeer()
    await using vpp = VppConnection.managed(path, { ...QUIET, reconnect: EAGER })
    await vpp.ready()
    peer.renumber(MESSAGES, 1)
    peer.cut()
    await reach(vpp, 'disconnected')
    expect(await reach(vpp, 'connected')).toMatchObject({ reason: 'restarted' })
  })

  it('#10 #11 silence makes it not-responding, any byte makes it connected; calls still get their replies', async () => {
    await using peer = await startPeer()
    const vpp = await VppConnection.connect(path, {
      health: { probeInterval: 10, timeout: 5, threshold: 1 },
    })
    const held: Received[] = []
    for (const name of ['control_ping', 'show_version']) peer.on(name, (request) => held.push(request))
    const call = new VpeClient(vpp).showVersion({}, { timeout: 20_000 })
    expect(await reach(vpp, 'not-responding')).toMatchObject({ missedProbes: 2 })
    // However long it lasts there is one probe: VPP would answer them all.
    await delay(60)
    expect(held.filter((request) => request.name === 'control_ping')).toHaveLength(1)
    for (const request of held) {
      if (request.name === 'show_version')
        request.reply('show_version_reply', ...versionFields('late but right'))
      else request.reply('control_ping_reply', i32(0), u32(0), u32(peer.pid))
    }
    await reach(vpp, 'connected')
    expect((await call).program).toBe('late but right')
    await vpp.close()
  })

  it('#10 a reply that arrives in pieces counts as life', async () => {
    await using peer = await startPeer()
    const vpp = await VppConnection.connect(path, {
      health: { probeInterval: 20, timeout: 10, threshold: 0 },
    })
    peer.on('control_ping', () => {})
    peer.write = (socket, bytes) => {
      void (async () => {
        for (const byte of bytes) {
          socket.write(Buffer.from([byte]))
          await delay(1)
        }
      })()
    }
    const reader = vpp.states()
    await new VpeClient(vpp).showVersion({}, { timeout: 20_000 })
    expect((await reader.next()).value).toMatchObject({ status: 'connected' })
    expect(vpp.metrics.missedProbes).toBe(0)
    await vpp.close()
  })

  it('#9 a slow reader of states still gets the last one, and then the end', async () => {
    const peer = await startPeer()
    const vpp = VppConnection.managed(path, { ...QUIET, reconnect: EAGER })
    const reader = vpp.states()
    await vpp.ready()
    for (let i = 0; i < 50; i++) {
      peer.cut()
      await reach(vpp, 'disconnected')
      await vpp.ready()
    }
    await vpp.close()
    const seen: string[] = []
    for await (const state of reader) seen.push(state.status)
    expect(seen.at(-1)).toBe('closed')
    expect(seen.length).toBeLessThanOrEqual(64)
    await peer.close()
  })
})

describe('closing', () => {
  it('#7 close() settles in every state, once or twice', async () => {
    const waiting = VppConnection.managed(path, { ...QUIET, reconnect: EAGER })
    await Promise.all([waiting.close(), waiting.close()])
    expect(waiting.state.status).toBe('closed')
    await using peer = await startPeer()
    const connecting = VppConnection.managed(path, QUIET)
    await connecting.close()
    expect(connecting.state.status).toBe('closed')
    const connected = await VppConnection.connect(path, QUIET)
    const first = connected.close()
    expect(connected.close()).toBe(first)
    await first
    await connected.close()
    await expect(new VpeClient(connected).showVersion()).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    expect(peer.count('sockclnt_delete')).toBe(1)
  })

  it('#7 the process exits on its own after close', async () => {
    await using peer = await startPeer()
    const program = `
      import { VppConnection } from '@vpp-ts/runtime'
      const vpp = await VppConnection.connect(${JSON.stringify(path)})
      await vpp.close()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: dirname(fileURLToPath(import.meta.url)),
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(peer.count('sockclnt_delete')).toBe(1)
  })

  it('#8 close() takes wants back, says goodbye, and takes 1 for success', async () => {
    await using peer = await startPeer()
    const vpp = await VppConnection.connect(path, QUIET)
    const events = new InterfaceClient(vpp).swInterfaceEvents()
    await events.ready
    await vpp.close()
    const names = peer.received.map((message) => message.name)
    expect(names.slice(-2)).toEqual(['want_interface_events', 'sockclnt_delete'])
    const goodbye = peer.received.at(-1)
    expect(goodbye?.bytes.readUInt32BE(10)).toBe(0x80000001)
    expect(vpp.metrics.failures).toEqual({})
  })

  it('#8 close() waits for a VPP that does not answer only as long as it was told', async () => {
    await using peer = await startPeer()
    const vpp = await VppConnection.connect(path, { ...QUIET, closeTimeout: 30 })
    peer.on('sockclnt_delete', () => {})
    await vpp.close()
    expect(vpp.state.status).toBe('closed')
  })

  it('calls under way when closing reject as closed', async () => {
    await using peer = await startPeer()
    const vpp = await VppConnection.connect(path, QUIET)
    peer.on('show_version', () => {})
    const call = expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({ code: 'VPP_CLOSED' })
    await vpp.close()
    await call
  })
})

describe('what VPP has', () => {
  it('#36 the report knows same, changed and absent, and covers only what it was asked', async () => {
    await using peer = await startPeer()
    peer.renumber(['show_version_00c0ffee'], 0)
    await using vpp = await VppConnection.connect(path, QUIET)
    expect(vpp.checkCompatibility([ControlPing, ShowVersion, AclAddReplace])).toEqual({
      same: ['control_ping'],
      changed: [{ name: 'show_version', crc: ShowVersion.descriptor.crc, vppCrc: '00c0ffee' }],
      absent: ['acl_add_replace'],
    })
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({
      code: 'VPP_MESSAGE_UNAVAILABLE',
      vppCrc: '00c0ffee',
    })
  })
})
