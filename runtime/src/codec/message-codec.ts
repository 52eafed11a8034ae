import type { MessageDescriptor } from './descriptor.ts'
import type { CheckLeftOut } from './left-out.ts'
import type { ByteWriter } from './writer.ts'

/** Turns one kind of message into bytes and back. */
export interface MessageCodec<T> {
  readonly descriptor: MessageDescriptor<T>
  /** Offset of the context from the start of the message: 2, 6 or none. */
  readonly contextOffset: number | undefined
  /** Bytes of a message whose variable part is empty, id and header included. */
  readonly minimumSize: number
  /** Refuses a request that does not name an interface where it must; see `leftOutCheck`. */
  readonly checkLeftOut: CheckLeftOut | undefined
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
