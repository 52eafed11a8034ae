import { codecOf } from './codec.ts'
import type { MessageDescriptor } from './descriptor.ts'
import { VppDecodeError } from './errors.ts'
import type { Init } from './classes.ts'
import { HEADER_SIZE } from './header.ts'
import { ByteWriter } from './writer.ts'

/** The class of a message. */
export interface DescribedMessage<T> {
  readonly descriptor: MessageDescriptor<T>
}

/** What stands in front of a message's own fields. Which of the two u32 there are depends on the message. */
export interface MessageHeader {
  /** Number that the connected VPP gave to the message; it differs between VPPs. */
  readonly id: number
  readonly clientIndex?: number
  readonly context?: number
}

/**
 * The bytes of one message, without the frame of the socket. Header fields that are not given are 0.
 * @throws VppEncodeError when a value does not fit
 */
export function encodeMessage<T>(
  type: DescribedMessage<T>,
  value: Init<T>,
  header: Partial<MessageHeader> = {},
): Buffer {
  const codec = codecOf(type.descriptor)
  const writer = new ByteWriter(codec.minimumSize)
  codec.encode(writer, value as object, header.id ?? 0, header.clientIndex ?? 0, header.context ?? 0)
  return writer.take()
}

/**
 * Reads the bytes of one message, without the frame of the socket.
 * @throws VppDecodeError when they end too early
 */
export function decodeMessage<T>(type: DescribedMessage<T>, bytes: Uint8Array): T {
  const buffer = asBuffer(bytes)
  return codecOf(type.descriptor).decode(buffer, 0, buffer.length)
}

/**
 * Reads the header of a message.
 * @throws VppDecodeError when the bytes end too early
 */
export function readHeader<T>({ descriptor }: DescribedMessage<T>, bytes: Uint8Array): MessageHeader {
  const buffer = asBuffer(bytes)
  const needed = HEADER_SIZE[descriptor.header]
  if (buffer.length < needed) {
    const facts = { path: '', offset: 0, needed, available: buffer.length }
    throw new VppDecodeError({ messageName: descriptor.name, ...facts })
  }
  const id = buffer.readUInt16BE(0)
  switch (descriptor.header) {
    case 'request':
      return { id, clientIndex: buffer.readUInt32BE(2), context: buffer.readUInt32BE(6) }
    case 'reply':
      return { id, context: buffer.readUInt32BE(2) }
    case 'event':
      return { id, clientIndex: buffer.readUInt32BE(2) }
    case 'none':
      return { id }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
