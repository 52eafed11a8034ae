import { VppProtocolError } from '../errors/connection-errors.ts'

/** Bytes in front of every message on the socket. Only the length at offset 8 means something. */
export const FRAME_HEADER_SIZE = 16
/** Offset of the big-endian u32 that says how long the message behind the header is. */
export const FRAME_LENGTH_OFFSET = 8

/** Bytes of the frame that begins at `start`, its header included. */
export function frameLength(bytes: Buffer, start: number): number {
  return FRAME_HEADER_SIZE + bytes.readUInt32BE(start + FRAME_LENGTH_OFFSET)
}

/** VPP's shortest answer is an id and a context. Anything shorter is not VPP. */
const SHORTEST_MESSAGE = 6
/** First piece of memory for a long frame; a peer that announces much and sends little costs no more. */
const FIRST_PIECE = 1024 * 1024

/**
 * What VPP writes beside a file descriptor that it hands over (`selog_get_shm`, `app_attach` …), between two frames and
 * without a header.
 */
const DESCRIPTOR_MARK = Buffer.from('fdmsg', 'latin1')

/** Called with `[start, end)` of each message; the bytes are valid during the call only. */
export type FrameSink = (bytes: Buffer, start: number, end: number) => void

/** A header begins with a pointer of VPP's, little-endian, which these letters cannot be. */
function isDescriptorMark(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < DESCRIPTOR_MARK.length; i++) if (bytes[at + i] !== DESCRIPTOR_MARK[i]) return false
  return true
}

/**
 * Cuts a byte stream into messages. Whole frames are handed on where they lie; only a frame that comes in pieces
 * is copied together.
 */
export class FrameParser {
  readonly #sink: FrameSink
  readonly #longest: number
  #piece: Buffer = Buffer.allocUnsafe(256)
  #have = 0
  #stopped = false

  /** @param longest most bytes a message may announce */
  constructor(sink: FrameSink, longest: number) {
    this.#sink = sink
    this.#longest = longest
  }

  /**
   * Takes what arrived.
   * @throws VppProtocolError when a length is announced that no VPP sends
   */
  push(chunk: Buffer, end: number = chunk.length): void {
    let at = this.#have > 0 ? this.#complete(chunk, end) : 0
    while (end - at >= FRAME_HEADER_SIZE && !this.#stopped) {
      if (isDescriptorMark(chunk, at)) {
        at += DESCRIPTOR_MARK.length
        continue
      }
      const next = at + FRAME_HEADER_SIZE + this.#lengthAt(chunk, at)
      if (next > end) break
      this.#sink(chunk, at + FRAME_HEADER_SIZE, next)
      at = next
    }
    if (at < end && !this.#stopped) this.#append(chunk, at, end)
  }

  /** Nothing more is handed on. */
  stop(): void {
    this.#stopped = true
    this.#have = 0
  }

  /** Adds to the frame that is under way; gives back where the next one begins. */
  #complete(chunk: Buffer, end: number): number {
    let at = 0
    while (this.#have < FRAME_HEADER_SIZE) {
      const until = Math.min(end, at + FRAME_HEADER_SIZE - this.#have)
      this.#append(chunk, at, until)
      at = until
      if (this.#have >= DESCRIPTOR_MARK.length && isDescriptorMark(this.#piece, 0)) {
        this.#piece.copyWithin(0, DESCRIPTOR_MARK.length, this.#have)
        this.#have -= DESCRIPTOR_MARK.length
      }
      if (at === end && this.#have < FRAME_HEADER_SIZE) return end
    }
    const needed = FRAME_HEADER_SIZE + this.#lengthAt(this.#piece, 0)
    const until = Math.min(end, at + needed - this.#have)
    this.#append(chunk, at, until)
    if (this.#have < needed) return end
    this.#have = 0
    this.#sink(this.#piece, FRAME_HEADER_SIZE, needed)
    // One long frame (the API definitions are 3 MB) must not occupy memory for the life of the connection.
    if (this.#piece.length > FIRST_PIECE) this.#piece = Buffer.allocUnsafe(256)
    return until
  }

  #append(chunk: Buffer, from: number, to: number): void {
    const needed = this.#have + to - from
    if (needed > this.#piece.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#piece.length * 2))
      this.#piece.copy(grown, 0, 0, this.#have)
      this.#piece = grown
    }
    chunk.copy(this.#piece, this.#have, from, to)
    this.#have = needed
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const length = bytes.readUInt32BE(at + FRAME_LENGTH_OFFSET)
    if (length < SHORTEST_MESSAGE || length > this.#longest) {
      throw new VppProtocolError(
        `the peer announced a message of ${length} bytes; between ${SHORTEST_MESSAGE} and ${this.#longest} are accepted` +
          ' (option maxMessageLength)',
      )
    }
    return length
  }
}
