import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** Ids that every VPP has. */
export const SOCKCLNT_CREATE = 15
export const SOCKCLNT_DELETE = 17
export const CONTROL_PING = 23
export const CONTROL_PING_REPLY = 24

/** A frame around a message: eight bytes of nothing, the length, four bytes of nothing. */
export function frame(body: Uint8Array): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32BE(body.length, 8)
  return Buffer.concat([header, body])
}

/** The body of a request without fields of the message. */
export function plainRequest(
  id: number,
  clientIndex: number,
  context: number,
  fields: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(10)
  head.writeUInt16BE(id, 0)
  head.writeUInt32BE(clientIndex, 2)
  head.writeUInt32BE(context, 6)
  return Buffer.concat([head, fields])
}

/**
 * A client that knows frames and nothing else: it shares no code with the simulator, so that a mistake cannot hide on
 * both sides.
 */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket
  /** Ids by message name, with the CRC cut off. */
  readonly ids = new Map<string, number>()
  /** Entries of the table as they came. */
  readonly table: { readonly id: number; readonly name: string }[] = []
  clientIndex = 0
  /** Set when the connection is closed. */
  over = false
  readonly #bodies: Buffer[] = []
  readonly #waiting: ((body: Buffer | undefined) => void)[] = []
  #unread = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.over = true
      for (const resolve of this.#waiting.splice(0)) resolve(undefined)
    })
  }

  /** Connects without a handshake. */
  static async open(path: string): Promise<RawClient> {
    const socket = connect(path)
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  /** Connects, with a handshake. */
  static async connect(path: string, name = 'raw'): Promise<RawClient> {
    const client = await RawClient.open(path)
    await client.create(name)
    return client
  }

  async create(name: string): Promise<Buffer> {
    const body = Buffer.alloc(70)
    body.writeUInt16BE(SOCKCLNT_CREATE, 0)
    body.writeUInt32BE(0xdeadbeef, 2)
    body.write(name, 6)
    this.write(frame(body))
    const reply = await this.next()
    this.clientIndex = reply.readUInt32BE(14)
    for (let i = 0; i < reply.readUInt16BE(18); i++) {
      const at = 20 + 66 * i
      const nul = reply.indexOf(0, at + 2)
      const entry = { id: reply.readUInt16BE(at), name: reply.toString('latin1', at + 2, nul) }
      this.table.push(entry)
      this.ids.set(entry.name.slice(0, entry.name.lastIndexOf('_')), entry.id)
    }
    return reply
  }

  /** Id of a message in the table. */
  id(message: string): number {
    const id = this.ids.get(message)
    if (id === undefined) throw new Error(`the table has no ${message}`)
    return id
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** Sends a request by name; `fields` are what follows the context. */
  request(message: string, context: number, fields?: Buffer): void {
    this.write(frame(plainRequest(this.id(message), this.clientIndex, context, fields)))
  }

  ping(context: number): void {
    this.write(frame(plainRequest(CONTROL_PING, this.clientIndex, context)))
  }

  /** The next message. */
  async next(): Promise<Buffer> {
    const body = this.#bodies.shift() ?? (this.over ? undefined : await this.#wait())
    if (body === undefined) throw new Error('the connection was closed')
    return body
  }

  /** All messages up to the reply to a ping that is sent now: what else was to come has come then. */
  async untilPing(context = 0x7777): Promise<Buffer[]> {
    this.ping(context)
    const before: Buffer[] = []
    for (;;) {
      const body = await this.next()
      if (body.readUInt16BE(0) === CONTROL_PING_REPLY && body.readUInt32BE(2) === context) return before
      before.push(body)
    }
  }

  /** Fulfilled when the other side has closed. */
  async closed(): Promise<void> {
    if (!this.over) await once(this.socket, 'close')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await this.closed()
  }

  #wait(): Promise<Buffer | undefined> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #take(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk])
    while (this.#unread.length >= 16) {
      const size = 16 + this.#unread.readUInt32BE(8)
      if (this.#unread.length < size) return
      const body = this.#unread.subarray(16, size)
      this.#unread = this.#unread.subarray(size)
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#bodies.push(body)
      else waiting(body)
    }
  }
}
