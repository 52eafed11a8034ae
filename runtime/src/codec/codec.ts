import { compiledCodec } from './compile/codec.ts'
import type { MessageDescriptor } from './descriptor.ts'
import { interpretedCodec } from './interpret/codec.ts'
import { canGenerateCode } from './shape.ts'
import type { ByteWriter } from './writer.ts'

/**
 * How a codec works: `compiled` runs source made for the one message, `interpreted` walks the plan and needs no code
 * generation from strings. Both do exactly the same.
 */
export type CodecEngine = 'compiled' | 'interpreted'

/** Turns one kind of message into bytes and back. */
export interface MessageCodec<T> {
  readonly descriptor: MessageDescriptor<T>
  /** Offset of the context from the start of the message: 2, 6 or none. */
  readonly contextOffset: number | undefined
  /** Bytes of a message whose variable part is empty, id and header included. */
  readonly minimumSize: number
  /**
   * Appends id, header and fields. Takes instances of the class and plain partial objects alike.
   * @throws VppEncodeError when a value does not fit; the writer is then as it was
   */
  encode(writer: ByteWriter, value: object, id: number, clientIndex: number, context: number): void
  /**
   * Reads the message in `bytes[start, end)`, which begins with its id. What follows the message is ignored, since VPP
   * sends tails. Nothing of the result refers to `bytes`.
   * @throws VppDecodeError when the bytes end too early
   */
  decode(bytes: Buffer, start: number, end: number): T
}

const codecs = new WeakMap<MessageDescriptor, MessageCodec<unknown>>()

/**
 * The codec of a message; made on first use, and the same every time unless an engine is named.
 * @param engine the better of those that work here, if left out
 */
export function codecOf<T>(descriptor: MessageDescriptor<T>, engine?: CodecEngine): MessageCodec<T> {
  if (engine !== undefined) return makeCodec(descriptor, engine)
  let codec = codecs.get(descriptor)
  if (codec === undefined) {
    codec = makeCodec(descriptor, canGenerateCode ? 'compiled' : 'interpreted')
    codecs.set(descriptor, codec)
  }
  return codec as MessageCodec<T>
}

function makeCodec<T>(descriptor: MessageDescriptor<T>, engine: CodecEngine): MessageCodec<T> {
  return engine === 'compiled' ? compiledCodec(descriptor) : interpretedCodec(descriptor)
}
