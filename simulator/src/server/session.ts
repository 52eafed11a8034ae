import type { Socket } from 'node:net'
import { FrameReader } from './frame-reader.ts'
import { Output } from './output.ts'
import type { WireOptions } from './wire.ts'

/** What a session asks of the simulator. */
export interface SessionHost {
  readonly wire: WireOptions
  /** Longest message that a client may send. */
  readonly longestMessage: number
  /** Bytes that a client may leave unread. */
  readonly longestBacklog: number
  readonly paused: boolean
  /** Handles the message in `bytes[start, end)`. A promise when later messages have to wait for it. */
  handle(session: Session, bytes: Buffer, start: number, end: number): Promise<void> | undefined
  ended(session: Session): void
  /** The client announced a frame that is too long. */
  longFrame(session: Session, length: number): void
  /** The client left too much unread. */
  backlog(session: Session): void
}

/** One connected client. Its messages are handled strictly one after the other. */
export class Session {
  /** Which client it is, counted from 1 since the simulator was made. */
  readonly number: number
  /** What VPP calls the client's handle: 0x8000000n. */
  readonly clientIndex: number
  /** As the client gave it in `sockclnt_create`; empty before. */
  name = ''
  /** True once the client has said that it goes. */
  goodbye = false
  readonly output: Output
  readonly #host: SessionHost
  readonly #socket: Socket
  readonly #reader: FrameReader
  #busy = false
  #over = false

  constructor(host: SessionHost, socket: Socket, number: number, clientIndex: number) {
    this.#host = host
    this.#socket = socket
    this.number = number
    this.clientIndex = clientIndex
    this.#reader = new FrameReader(host.longestMessage)
    this.output = new Output(socket, () => host.wire, {
      longest: host.longestBacklog,
      exceeded: () => host.backlog(this),
    })
    socket.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk)
      this.#pump()
    })
    // Whatever the reason, the socket is closed next.
    socket.on('error', () => undefined)
    socket.on('end', () => this.close())
    socket.on('close', () => this.#ended())
    if (host.paused) this.pause()
  }

  /** False once the connection is closed, or about to be. */
  get alive(): boolean {
    return !this.#over && !this.#socket.destroyed
  }

  /** Writes what is outstanding, then closes. Messages behind the current one are not looked at. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.output.flush()
    this.#socket.destroySoon()
  }

  /** Closes at once. */
  destroy(): void {
    this.#over = true
    this.output.close()
    this.#socket.destroy()
  }

  /** Neither reads nor writes, like a stopped process. */
  pause(): void {
    this.#socket.pause()
    this.output.hold()
  }

  resume(): void {
    this.output.release()
    this.#pump()
  }

  #pump(): void {
    while (!this.#busy && !this.#host.paused && this.alive) {
      const found = this.#reader.next()
      if (found === 'refused') {
        this.#host.longFrame(this, this.#reader.announced)
        return this.destroy()
      }
      if (found === 'incomplete') {
        if (this.#socket.isPaused()) this.#socket.resume()
        return
      }
      const { bytes, start, end } = this.#reader
      const pending = this.#host.handle(this, bytes, start, end)
      if (pending !== undefined) this.#wait(pending)
    }
  }

  #wait(pending: Promise<void>): void {
    this.#busy = true
    this.#socket.pause()
    void pending.finally(() => {
      this.#busy = false
      this.#pump()
    })
  }

  #ended(): void {
    this.#over = true
    this.output.close()
    this.#host.ended(this)
  }
}
