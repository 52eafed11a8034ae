import { VppEncodeError } from '../codec/errors.ts'
import { writeHeader } from '../codec/header.ts'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { FRAME_HEADER_SIZE, FRAME_LENGTH_OFFSET } from '../transport/frame.ts'
import type { Outgoing } from './registry.ts'

/** VPP takes any length for true, and one near 2^32 kills it. No message of its API needs a part of this. */
const LONGEST_MESSAGE = 64 * 1024 * 1024

/** Bytes in front of a request that is kept until it can be sent: its length, and nothing else of a frame's header. */
const KEPT_HEADER_SIZE = 4

/**
 * Appends one request with its frame header. The writer's memory is zero, so of the header only the length is set.
 * @throws VppEncodeError; the writer is then as it was
 */
export function writeFrame(
  writer: ByteWriter,
  { codec, id }: Outgoing,
  value: object,
  clientIndex: number,
  context: number,
): void {
  const start = writer.reserve(FRAME_HEADER_SIZE)
  const length = encode(writer, codec, value, id, clientIndex, context, start)
  writer.bytes.writeUInt32BE(length, start + FRAME_LENGTH_OFFSET)
}

/**
 * Appends one request that is sent later with `writeKept`.
 * @throws VppEncodeError; the writer is then as it was
 */
export function keepRequest(writer: ByteWriter, { codec }: Outgoing, value: object): void {
  const start = writer.reserve(KEPT_HEADER_SIZE)
  const length = encode(writer, codec, value, 0, 0, 0, start)
  writer.bytes.writeUInt32BE(length, start)
}

/** Appends a request that lies in `kept`, with its frame header and with what the session at hand decides. */
export function writeKept(
  writer: ByteWriter,
  kept: Buffer,
  at: number,
  outgoing: Outgoing,
  clientIndex: number,
  context: number,
): void {
  const length = kept.readUInt32BE(at)
  const start = writer.reserve(FRAME_HEADER_SIZE + length)
  const from = at + KEPT_HEADER_SIZE
  kept.copy(writer.bytes, start + FRAME_HEADER_SIZE, from, from + length)
  writer.bytes.writeUInt32BE(length, start + FRAME_LENGTH_OFFSET)
  patchFrame(writer.bytes, start, outgoing, clientIndex, context)
}

/**
 * Sets what the current session decides, in a frame that was written before there was one: its message id, the handle
 * of this client, the context of the call.
 */
export function patchFrame(
  bytes: Buffer,
  start: number,
  { codec, id }: Outgoing,
  clientIndex: number,
  context: number,
): void {
  const at = start + FRAME_HEADER_SIZE
  writeHeader(bytes, at, codec.descriptor.header, id, clientIndex, context)
}

/** Appends the message; gives back its length. */
function encode(
  writer: ByteWriter,
  codec: MessageCodec<unknown>,
  value: object,
  id: number,
  clientIndex: number,
  context: number,
  start: number,
): number {
  const from = writer.length
  try {
    codec.encode(writer, value, id, clientIndex, context)
    codec.checkLeftOut?.(value)
    const length = writer.length - from
    refuseTooLong(codec.descriptor.name, length)
    return length
  } catch (error) {
    writer.truncate(start)
    throw error
  }
}

function refuseTooLong(messageName: string, length: number): void {
  if (length <= LONGEST_MESSAGE) return
  const expected = `a message of at most ${LONGEST_MESSAGE} bytes`
  throw new VppEncodeError({ messageName, path: '', expected, received: length })
}
