import { codecOf } from '../codec/codec.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { rejection } from '../errors/caller-stack.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import type { CallObserver } from './pending.ts'
import type { Incoming, Registry } from './registry.ts'
import { SingleRequest } from './single-request.ts'

/** One request that gets one reply. */
export class UnaryCall<R> extends SingleRequest {
  readonly #reply: MessageClass<R>
  readonly #resolve: (reply: R | Promise<never>) => void

  /** @param resolve takes the reply, or a promise that rejects: a call then keeps one function and not two */
  constructor(
    request: MessageClass<unknown>,
    reply: MessageClass<R>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
    resolve: (reply: R | Promise<never>) => void,
  ) {
    super(request, value, started, timeout, observer)
    this.#reply = reply
    this.#resolve = resolve
  }

  override prepare(registry: Registry): void {
    super.prepare(registry)
    registry.expect(this.#reply)
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
    this.#resolve(rejection(error))
  }
}
