import { codecOf } from '../codec/codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { atAwait, isOfOneCall } from '../errors/caller-stack.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import { patchFrame, unassigned, writeFrame } from './frame-writer.ts'
import { Pending, type CallObserver } from './pending.ts'
import type { Incoming, Outgoing, Registry } from './registry.ts'

/** One request that gets one reply. */
export class UnaryCall<R> extends Pending {
  readonly #reply: MessageClass<R>
  readonly #value: object
  readonly #resolve: (reply: R | Promise<never>) => void
  readonly #reject: (error: unknown) => void
  #outgoing: Outgoing | undefined = undefined

  constructor(
    request: MessageClass<unknown>,
    reply: MessageClass<R>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
    resolve: (reply: R | Promise<never>) => void,
    reject: (error: unknown) => void,
  ) {
    super(request, started, timeout, observer)
    this.#reply = reply
    this.#value = value
    this.#resolve = resolve
    this.#reject = reject
  }

  override prepare(registry: Registry): void {
    this.#outgoing = registry.outgoing(this.request)
    registry.expect(this.#reply)
  }

  override write(writer: ByteWriter, clientIndex: number, context: number): void {
    writeFrame(writer, this.#outgoing ?? unassigned(this.request), this.#value, clientIndex, context)
  }

  override patch(bytes: Buffer, offset: number, clientIndex: number, context: number): void {
    patchFrame(bytes, offset, this.#outgoing ?? unassigned(this.request), clientIndex, context)
  }

  /** VPP answers some requests with the reply of another one that is laid out alike: the context decides. */
  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { descriptor } = this.#reply
    const { name, crc } = descriptor
    if (incoming.name !== name) {
      if (incoming.crc !== crc && !this.fits(end - start)) {
        throw new VppUnexpectedReplyError(this.messageName, name, incoming.name, end - start)
      }
      this.observer.misnamed(this, name, incoming.name)
    }
    const reply = codecOf(descriptor).decode(bytes, start, end)
    const retval = retvalOf(reply)
    if (retval < 0) throw new VppApiError(retval, this.messageName, this.context, reply, this.sentRequest)
    this.settle()
    this.#resolve(reply)
    return true
  }

  override ends(): boolean {
    return true
  }

  override fits(length: number): boolean {
    const { descriptor } = this.#reply
    return length === codecOf(descriptor).minimumSize
  }

  protected override rejected(error: unknown): void {
    if (isOfOneCall(error)) this.#resolve(atAwait(error))
    else this.#reject(error)
  }
}
