import { codecOf } from '../codec/codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import { contextInFrame, writeFrame } from './frame-writer.ts'
import { Pending } from './pending.ts'
import type { Incoming, Outgoing, Registry } from './registry.ts'

/** One request that gets one reply. */
export class UnaryCall<R> extends Pending {
  readonly #request: MessageClass<unknown>
  readonly #reply: MessageClass<R>
  readonly #value: object
  readonly #resolve: (reply: R) => void
  readonly #reject: (error: unknown) => void
  #outgoing: Outgoing | undefined = undefined

  constructor(
    request: MessageClass<unknown>,
    reply: MessageClass<R>,
    value: object,
    started: number,
    timeout: number,
    resolve: (reply: R) => void,
    reject: (error: unknown) => void,
  ) {
    super(started, timeout)
    this.#request = request
    this.#reply = reply
    this.#value = value
    this.#resolve = resolve
    this.#reject = reject
  }

  override get messageName(): string {
    return this.#request.descriptor.name
  }

  override prepare(registry: Registry): void {
    this.#outgoing = registry.outgoing(this.#request)
    registry.expect(this.#reply)
  }

  override write(writer: ByteWriter, clientIndex: number, context: number): void {
    writeFrame(writer, this.#prepared(), this.#value, clientIndex, context)
  }

  override patch(bytes: Buffer, offset: number, context: number): void {
    const at = contextInFrame(this.#prepared())
    if (at !== undefined) bytes.writeUInt32BE(context, offset + at)
  }

  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { descriptor } = this.#reply
    if (incoming.name !== descriptor.name) {
      throw new VppUnexpectedReplyError(this.messageName, descriptor.name, incoming.name)
    }
    const reply = codecOf(descriptor).decode(bytes, start, end)
    const retval = retvalOf(reply)
    if (retval < 0) throw new VppApiError(retval, this.messageName, this.context, reply)
    this.settle()
    this.#resolve(reply)
    return true
  }

  override ends(): boolean {
    return true
  }

  override fail(error: unknown): void {
    this.settle()
    this.#reject(error)
  }

  #prepared(): Outgoing {
    if (this.#outgoing === undefined) throw new Error('a call is prepared before it is written')
    return this.#outgoing
  }
}
