import type { Socket } from 'node:net'
import { randomFillSync } from 'node:crypto'
import { ByteWriter } from '@vpp-ts/runtime/internal'
import type { TableEntry } from '../release/message-table.ts'
import { FRAME_HEADER } from './frame-reader.ts'
import { fillStringTails } from './string-tail.ts'
import type { WireOptions } from './wire.ts'

/** What a fault changes in one frame. */
export interface FrameShape {
  /** Message id in place of the right one. */
  readonly id?: number | undefined
  /** Bytes of garbage behind the message. */
  readonly tail?: number | undefined
  /** Length in the frame's header in place of the right one. */
  readonly announce?: number | undefined
  /** Bytes of the frame that are written; the rest never is. */
  readonly keep?: number | undefined
}

/** How much a client may leave unread. */
export interface OutputLimit {
  /** Bytes after which it is cut off. */
  readonly longest: number
  /** It is cut off now. */
  exceeded(): void
}

/** Bytes that may lie in the writer before they go to the socket, so that a long dump does not make it grow. */
const FLUSH_ABOVE = 256 * 1024
/** Milliseconds that frames wait for others to be written with. */
const COALESCE_WAIT = 5

const AS_IT_IS: FrameShape = {}

/** The way of frames to one client: collects what one batch of requests is answered with and writes it at once. */
export class Output {
  readonly #socket: Socket
  readonly #wire: () => WireOptions
  readonly #limit: OutputLimit
  readonly #writer = new ByteWriter(64 * 1024)
  #frames = 0
  #scheduled = false
  #held = false
  #timer: NodeJS.Timeout | undefined
  /** What waits for its turn when writes are cut into pieces: `#pieces` from `#nextPiece` on. */
  #pieces: Buffer[] = []
  #nextPiece = 0

  constructor(socket: Socket, wire: () => WireOptions, limit: OutputLimit) {
    this.#socket = socket
    this.#wire = wire
    this.#limit = limit
  }

  /**
   * Adds one message.
   * @throws VppEncodeError when the value does not fit the message; nothing is added then
   */
  message(
    entry: TableEntry,
    value: object,
    clientIndex: number,
    context: number,
    shape: FrameShape = AS_IT_IS,
  ): void {
    const wire = this.#wire()
    const writer = this.#writer
    const start = writer.reserve(FRAME_HEADER)
    try {
      entry.codec.encode(writer, value, shape.id ?? entry.id, clientIndex, context)
    } catch (error) {
      writer.truncate(start)
      throw error
    }
    if (wire.stringTail) fillStringTails(entry.codec.descriptor, writer.bytes, start + FRAME_HEADER)
    this.#finish(start, wire, shape)
  }

  /** Adds one frame whose body is ready. */
  body(bytes: Uint8Array, ...more: Uint8Array[]): void {
    const start = this.#writer.reserve(FRAME_HEADER)
    this.#append(bytes)
    for (const part of more) this.#append(part)
    this.#finish(start, this.#wire(), AS_IT_IS)
  }

  /** Adds bytes that need not be a frame. */
  raw(bytes: Uint8Array): void {
    this.#append(bytes)
    this.#schedule()
  }

  /** Keeps everything back until `release`. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
    this.flush()
  }

  /** Hands everything to the socket. */
  flush(): void {
    if (this.#held || this.#socket.destroyed) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#frames = 0
    if (this.#writer.length === 0) return
    const bytes = this.#writer.take()
    const { chunk } = this.#wire()
    if (chunk === Infinity && this.#pieces.length === 0) this.#socket.write(bytes)
    else this.#writePieces(bytes, Math.max(1, chunk))
    if (this.#socket.writableLength > this.#limit.longest) {
      this.#limit.exceeded()
      this.#socket.destroy()
    }
  }

  /** Forgets what was not written. */
  close(): void {
    clearTimeout(this.#timer)
    this.#pieces = []
    this.#writer.clear()
  }

  #append(bytes: Uint8Array): void {
    const offset = this.#writer.reserve(bytes.length)
    this.#writer.bytes.set(bytes, offset)
  }

  #finish(start: number, wire: WireOptions, { tail = wire.trailing, announce, keep }: FrameShape): void {
    const writer = this.#writer
    if (tail > 0) {
      const offset = writer.reserve(tail)
      writer.bytes.fill(0x5a, offset, offset + tail)
    }
    const { bytes } = writer
    const length = announce ?? writer.length - start - FRAME_HEADER
    if (wire.pointer === 'vpp') bytes.writeUInt32BE(0xc0340530, start)
    else if (wire.pointer === 'random') randomFillSync(bytes, start, FRAME_HEADER)
    if (wire.pointer === 'vpp') bytes[start + 4] = 1
    bytes.writeUInt32BE(length >>> 0, start + 8)
    if (keep !== undefined) writer.truncate(Math.min(writer.length, start + keep))
    this.#frames++
    if (writer.length > FLUSH_ABOVE && wire.coalesce <= 1) this.flush()
    else this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      if (this.#frames >= this.#wire().coalesce) this.flush()
      else this.#timer ??= setTimeout(() => this.flush(), COALESCE_WAIT)
    })
  }

  /** One piece in each turn of the event loop, so that the peer has a chance to read them apart. */
  #writePieces(bytes: Buffer, size: number): void {
    const idle = this.#pieces.length === 0
    for (let offset = 0; offset < bytes.length; offset += size) {
      this.#pieces.push(bytes.subarray(offset, offset + size))
    }
    if (idle) setImmediate(() => this.#writePiece())
  }

  #writePiece(): void {
    const piece = this.#pieces[this.#nextPiece++]
    if (piece === undefined || this.#socket.destroyed) return
    this.#socket.write(piece)
    if (this.#nextPiece < this.#pieces.length) {
      setImmediate(() => this.#writePiece())
    } else {
      this.#pieces = []
      this.#nextPiece = 0
    }
  }
}
