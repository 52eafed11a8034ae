import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A message that came to the peer. */
export interface Received {
  readonly name: string
  readonly id: number
  readonly clientIndex: number
  readonly context: number
  /** The whole message, id included. */
  readonly bytes: Buffer
  readonly socket: Socket
  /** Answers with the same context: `fields` is what follows id and context. */
  reply(name: string, ...fields: Buffer[]): void
}

export type Handler = (request: Received) => void

/** Big-endian numbers and padded text, put together manually: the peer shares no code with the codec it tests. */
export const u16 = (value: number) => Buffer.from([value >>> 8, value & 255])
export const u32 = (value: number) =>
  Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
export const i32 = (value: number) => u32(value >>> 0)
export const text = (value: string, size: number) =>
  Buffer.concat([Buffer.from(value), Buffer.alloc(size)], size)

/** A message with the header of the socket in front; junk where VPP leaves junk. */
export function frame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from('c034053001000000', 'hex'), u32(message.length), u32(0xdead), message])
}

/** Names with CRC, as the message table has them. */
const TABLE = [
  'sockclnt_create_455fb9c4',
  'sockclnt_create_reply_35166268',
  'sockclnt_delete_8ac76db6',
  'sockclnt_delete_reply_8f38b1ee',
  'control_ping_51077d14',
  'control_ping_reply_f6b0b8ca',
]

export interface PeerOptions {
  /** Further messages, `name_crc`. */
  readonly messages?: readonly string[]
  /** Added to the id of everything but the two fixed messages. */
  readonly shift?: number
  readonly pid?: number
  readonly path?: string
}

/** A scripted stand-in for VPP's socket: says what the test tells it to, byte by byte if need be. */
export class Peer {
  readonly path: string
  readonly received: Received[] = []
  readonly sockets = new Set<Socket>()
  pid: number
  /** Called with what is to be written; the usual is to write it at once. */
  write: (socket: Socket, bytes: Buffer) => void = (socket, bytes) => {
    if (!socket.destroyed) socket.write(bytes)
  }

  readonly #server: Server
  readonly #folder: string | undefined
  readonly #handlers = new Map<string, Handler>()
  #ids = new Map<string, number>()
  #waiters: { name: string; count: number; resolve: () => void }[] = []

  private constructor(path: string, folder: string | undefined, options: PeerOptions) {
    this.path = path
    this.#folder = folder
    this.pid = options.pid ?? 4711
    this.renumber(options.messages ?? [], options.shift ?? 0)
    this.#server = createServer((socket) => {
      this.#accept(socket)
    })
    this.on('control_ping', (ping) => {
      ping.reply('control_ping_reply', i32(0), u32(0xbad), u32(this.pid))
    })
    this.on('sockclnt_delete', (request) => {
      request.reply('sockclnt_delete_reply', i32(1))
      request.socket.end()
    })
  }

  static async start(options: PeerOptions = {}): Promise<Peer> {
    const folder = options.path === undefined ? await mkdtemp(join(tmpdir(), 'vpp-ts-peer-')) : undefined
    const path = options.path ?? join(folder ?? '', 'api.sock')
    const peer = new Peer(path, folder, options)
    peer.#server.listen(path)
    await once(peer.#server, 'listening')
    return peer
  }

  /** Gives the messages other ids, as another VPP would. */
  renumber(messages: readonly string[], shift: number): void {
    this.#ids = new Map()
    for (const [at, name] of [...TABLE, ...messages].entries()) {
      this.#ids.set(name, name.startsWith('sockclnt_create') ? 15 + at : 40 + at + shift)
    }
  }

  id(name: string): number {
    for (const [entry, id] of this.#ids) if (entry.slice(0, entry.lastIndexOf('_')) === name) return id
    throw new Error(`the peer has no ${name}`)
  }

  on(name: string, handler: Handler): void {
    this.#handlers.set(name, handler)
  }

  /** A message with id and context in front of the fields. */
  message(name: string, context: number, ...fields: Buffer[]): Buffer {
    return Buffer.concat([u16(this.id(name)), u32(context), ...fields])
  }

  /** Sends to every client. */
  broadcast(message: Buffer): void {
    for (const socket of this.sockets) this.write(socket, frame(message))
  }

  /** How often a message has come. */
  count(name: string): number {
    return this.received.filter((message) => message.name === name).length
  }

  /** Settles when a message has come that often. */
  async until(name: string, count = 1): Promise<void> {
    if (this.count(name) >= count) return
    await new Promise<void>((resolve) => {
      this.#waiters.push({ name, count, resolve })
    })
  }

  /** Cuts all connections, as a killed VPP does. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.close()
  }

  #accept(socket: Socket): void {
    this.sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.sockets.delete(socket))
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        if (pending.length < 16) return
        const end = 16 + pending.readUInt32BE(8)
        if (pending.length < end) return
        const bytes = pending.subarray(16, end)
        pending = pending.subarray(end)
        this.#take(socket, bytes)
      }
    })
  }

  #take(socket: Socket, bytes: Buffer): void {
    const id = bytes.readUInt16BE(0)
    if (id === 15) {
      this.#introduce(socket, bytes)
      return
    }
    const entry = [...this.#ids].find(([, number]) => number === id)?.[0] ?? `unknown-${id}_`
    const request: Received = {
      name: entry.slice(0, entry.lastIndexOf('_')),
      id,
      clientIndex: bytes.readUInt32BE(2),
      context: bytes.readUInt32BE(6),
      bytes,
      socket,
      reply: (name, ...fields) => {
        this.write(socket, frame(this.message(name, bytes.readUInt32BE(6), ...fields)))
      },
    }
    this.received.push(request)
    this.#handlers.get(request.name)?.(request)
    this.#waiters = this.#waiters.filter((waiter) => {
      if (this.count(waiter.name) < waiter.count) return true
      waiter.resolve()
      return false
    })
  }

  #introduce(socket: Socket, bytes: Buffer): void {
    const entries = [...this.#ids].map(([name, id]) => Buffer.concat([u16(id), text(name, 64)]))
    const context = bytes.subarray(2, 6)
    const head = [u16(16), u32(0), context, i32(0), u32(0x80000001), u16(entries.length)]
    this.write(socket, frame(Buffer.concat([...head, ...entries])))
  }
}
