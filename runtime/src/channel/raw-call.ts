import { codecOf } from '../codec/codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import { Deferred } from '../async/deferred.ts'
import type { MessageClass } from '../api/method.ts'
import { contextInFrame, writeFrame } from '../session/frame-writer.ts'
import { Pending } from '../session/pending.ts'
import type { Incoming, Outgoing, Registry } from '../session/registry.ts'

/** The bytes of a reply whose class the caller names later. */
interface RawReply {
  readonly incoming: Incoming
  readonly bytes: Buffer
  readonly context: number
}

/** A request whose reply is kept as bytes until somebody says what it is. */
export class RawCall extends Pending {
  readonly #request: MessageClass<unknown>
  readonly #value: object
  readonly #reply = new Deferred<RawReply>()
  #outgoing: Outgoing | undefined = undefined
  #registry: Registry | undefined = undefined

  constructor(request: MessageClass<unknown>, value: object, started: number, timeout: number) {
    super(started, timeout)
    this.#request = request
    this.#value = value
    // The error belongs to whoever asks for the reply; nobody may.
    this.#reply.promise.catch(() => {})
  }

  override get messageName(): string {
    return this.#request.descriptor.name
  }

  override prepare(registry: Registry): void {
    this.#outgoing = registry.outgoing(this.#request)
    this.#registry = registry
  }

  override write(writer: ByteWriter, clientIndex: number, context: number): void {
    writeFrame(writer, this.#prepared(), this.#value, clientIndex, context)
  }

  override patch(bytes: Buffer, offset: number, context: number): void {
    const at = contextInFrame(this.#prepared())
    if (at !== undefined) bytes.writeUInt32BE(context, offset + at)
  }

  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { context } = this
    this.settle()
    this.#reply.resolve({ incoming, bytes: Buffer.from(bytes.subarray(start, end)), context })
    return true
  }

  override ends(): boolean {
    return true
  }

  override fail(error: unknown): void {
    this.settle()
    this.#reply.reject(error)
  }

  /** Settles, with the call itself, when the reply has come. */
  async answered(): Promise<this> {
    await this.#reply.promise
    return this
  }

  /**
   * The reply.
   * @throws VppUnexpectedReplyError, VppApiError, VppDecodeError, and what ended the call
   */
  async decoded<R>({ descriptor }: MessageClass<R>): Promise<R> {
    const { incoming, bytes, context } = await this.#reply.promise
    if (this.#registry?.idOf(descriptor) !== incoming.id) {
      throw new VppUnexpectedReplyError(
        this.messageName,
        `${descriptor.name}_${descriptor.crc}`,
        `${incoming.name}_${incoming.crc}`,
      )
    }
    const reply = codecOf(descriptor).decode(bytes, 0, bytes.length)
    const retval = retvalOf(reply)
    if (retval < 0) throw new VppApiError(retval, this.messageName, context, reply)
    return reply
  }

  #prepared(): Outgoing {
    if (this.#outgoing === undefined) throw new Error('a call is prepared before it is written')
    return this.#outgoing
  }
}
