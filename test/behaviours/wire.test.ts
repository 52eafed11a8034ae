import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { IpClient } from '@vpp-ts/binapi-ip'
import { MemclntClient } from '@vpp-ts/binapi-memclnt'
import { VpeClient } from '@vpp-ts/binapi-vpe'
import { VppConnection } from '@vpp-ts/runtime'
import { FrameParser, PendingTable, type Pending } from '@vpp-ts/runtime/internal'
import { MESSAGES, echoVersion, tableFields } from './messages.ts'
import { Peer, frame } from './peer.ts'

describe('framing', () => {
  const messages = [7, 16, 100, 9, 64].map((size, i) => Buffer.alloc(size, i + 1))
  const stream = Buffer.concat(messages.map(frame))

  function parse(chunks: Buffer[]): string[] {
    const found: string[] = []
    const parser = new FrameParser((bytes, start, end) => found.push(bytes.toString('hex', start, end)), 1024)
    for (const chunk of chunks) parser.push(chunk)
    return found
  }

  it('#17 split at every byte boundary, frames are the same', () => {
    const expected = messages.map((message) => message.toString('hex'))
    for (let at = 0; at <= stream.length; at++) {
      expect(parse([stream.subarray(0, at), stream.subarray(at)])).toEqual(expected)
    }
    expect(parse([...stream].map((byte) => Buffer.from([byte])))).toEqual(expected)
  })

  it('#17 1,000 frames in one chunk are the same', () => {
    const many = Buffer.concat(Array.from({ length: 1000 }, () => stream))
    expect(parse([many])).toHaveLength(5000)
  })

  it.each([0, 1, 5, 1025, 0xffff_fff0])(
    '#18 an announced length of %d fails the connection with a protocol error',
    (length) => {
      const header = Buffer.alloc(16)
      header.writeUInt32BE(length, 8)
      expect(() => parse([header])).toThrow(expect.objectContaining({ code: 'VPP_PROTOCOL' }) as Error)
    },
  )
})

describe('contexts', () => {
  it('#13 wrap at 2^32, pass over those in flight, and are never 0', () => {
    const table = new PendingTable(4, 0xffff_fffe)
    const call = () => ({ context: 0 }) as unknown as Pending
    const first = call()
    expect(table.add(first)).toBe(0xffff_fffe)
    expect(table.add(call())).toBe(0xffff_ffff)
    expect(table.add(call())).toBe(1)
    const contexts = new Set<number>()
    for (let i = 0; i < 100; i++) {
      const short = call()
      contexts.add(table.add(short))
      table.remove(short)
    }
    expect(contexts.size).toBe(100)
    expect(contexts.has(0)).toBe(false)
    expect(table.get(0xffff_fffe)).toBe(first)
  })
})

describe('over a socket', () => {
  let peer: Peer
  beforeEach(async () => {
    peer = await Peer.start({ messages: MESSAGES })
    peer.on('show_version', echoVersion)
  })
  afterEach(() => peer[Symbol.asyncDispose]())

  it('#17 a VPP that writes byte by byte is understood', async () => {
    peer.write = (socket, bytes) => {
      for (const byte of bytes) socket.write(Buffer.from([byte]))
    }
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 3; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    await using vpp = await VppConnection.connect(peer.path)
    expect(await new IpClient(vpp).ipTableDump().toArray()).toHaveLength(3)
  })

  it('#18 garbage ends the connection with the reason, and every call with it', async () => {
    await using vpp = await VppConnection.connect(peer.path)
    peer.on('show_version', (request) => request.socket.write(Buffer.alloc(64, 0xff)))
    await expect(new VpeClient(vpp).showVersion()).rejects.toMatchObject({
      code: 'VPP_CONNECTION_LOST',
      cause: { code: 'VPP_PROTOCOL' },
    })
    expect(vpp.state).toMatchObject({ status: 'disconnected', error: { code: 'VPP_PROTOCOL' } })
  })

  it('frames of one tick go out in one write', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-wire-'))
    const chunks: number[] = []
    await using vpp = await VppConnection.connect({
      name: 'counted',
      open: async () => {
        const { connect } = await import('node:net')
        const socket = connect(peer.path)
        await once(socket, 'connect')
        const write = socket.write.bind(socket) as (bytes: Buffer) => boolean
        socket.write = (bytes: Buffer | string | Uint8Array) => {
          chunks.push(bytes.length)
          return write(bytes as Buffer)
        }
        return socket
      },
    })
    chunks.length = 0
    const client = new MemclntClient(vpp)
    await Promise.all(Array.from({ length: 10 }, () => client.controlPing()))
    expect(chunks).toEqual([260])
    await rm(folder, { recursive: true, force: true })
  })
})

describe('what is left behind', () => {
  it('#1 killed in every phase of a call, 200 times: every promise settles', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-kill-'))
    const path = join(folder, 'api.sock')
    const peer = await Peer.start({ path, messages: MESSAGES })
    let cutAfter = Infinity
    let written = 0
    peer.write = (socket, bytes) => {
      const part = bytes.subarray(0, Math.max(0, cutAfter - written))
      written += part.length
      if (part.length < bytes.length) socket.end(part, () => socket.destroy())
      else socket.write(bytes)
    }
    peer.on('show_version', echoVersion)
    peer.on('ip_table_dump', (request) => {
      for (let i = 0; i < 3; i++) request.reply('ip_table_details', ...tableFields(i))
    })
    for (let round = 0; round < 200; round++) {
      cutAfter = Infinity
      const vpp = await VppConnection.connect(path, { health: { probeInterval: 0 } })
      written = 0
      // From before the first byte of the replies to behind their last.
      cutAfter = round * 6
      const results = await Promise.allSettled([
        new VpeClient(vpp).showVersion(),
        new IpClient(vpp).ipTableDump().toArray(),
        new VpeClient(vpp).showVersion(),
      ])
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'VPP_CONNECTION_LOST' })
      }
      expect(vpp.metrics.inFlight).toBe(0)
      cutAfter = Infinity
      await vpp.close()
    }
    await peer.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('#40 with trace off nothing is recorded; with trace on, messages and durations are', async () => {
    await using peer = await Peer.start({ messages: MESSAGES })
    peer.on('show_version', echoVersion)
    await using off = await VppConnection.connect(peer.path)
    expect(off.trace).toBeUndefined()
    await using on = await VppConnection.connect(peer.path, { trace: 4 })
    for (let i = 0; i < 3; i++) await new VpeClient(on).showVersion()
    const records = on.trace?.records() ?? []
    expect(records.map((record) => `${record.direction} ${record.message}`)).toEqual([
      'sent show_version',
      'received show_version_reply',
      'sent show_version',
      'received show_version_reply',
    ])
    expect(on.trace?.statistics().find((it) => it.message === 'show_version')).toMatchObject({ count: 3 })
  })
})

it('a socket that is not a VPP is a protocol error, not a hang', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vpp-ts-alien-'))
  const path = join(folder, 'api.sock')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
  }).listen(path)
  await once(server, 'listening')
  await expect(VppConnection.connect(path)).rejects.toMatchObject({
    code: 'VPP_CONNECTION_LOST',
    cause: { code: 'VPP_PROTOCOL' },
  })
  server.close()
  await rm(folder, { recursive: true, force: true })
})
