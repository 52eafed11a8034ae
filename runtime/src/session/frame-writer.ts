import { codecOf } from '../codec/codec.ts'
import { VppEncodeError } from '../codec/errors.ts'
import { writeHeader } from '../codec/header.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { FRAME_HEADER_SIZE, FRAME_LENGTH_OFFSET } from '../transport/frame.ts'
import type { DescribedMessage, Outgoing } from './registry.ts'

/** VPP takes any length for true, and one near 2^32 kills it. No message of its API needs a part of this. */
const LONGEST_MESSAGE = 64 * 1024 * 1024

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
  try {
    codec.encode(writer, value, id, clientIndex, context)
    codec.checkLeftOut?.(value)
    refuseTooLong(codec.descriptor.name, writer.length - start - FRAME_HEADER_SIZE)
  } catch (error) {
    writer.truncate(start)
    throw error
  }
  writer.bytes.writeUInt32BE(writer.length - start - FRAME_HEADER_SIZE, start + FRAME_LENGTH_OFFSET)
}

/**
 * Sets what the session at hand decides, in a frame that was written before there was one: its message id, the handle
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

/** What a message is written with before the session that will send it is known. */
export function unassigned({ descriptor }: DescribedMessage): Outgoing {
  return { id: 0, codec: codecOf(descriptor) }
}

function refuseTooLong(messageName: string, length: number): void {
  if (length <= LONGEST_MESSAGE) return
  const expected = `a message of at most ${LONGEST_MESSAGE} bytes`
  throw new VppEncodeError({ messageName, path: '', expected, received: length })
}
