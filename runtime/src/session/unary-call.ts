import { codecOf } from '../codec/codec.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { rejection } from '../errors/caller-stack.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import type { CallObserver } from './pending.ts'
import type { Incoming, Outgoing, Registry } from './registry.ts'
import { SingleRequest } from './single-request.ts'

/** A request and its reply; calls refer to the method that has both. */
interface Exchange<R> {
  readonly request: MessageClass<unknown>
  readonly reply: MessageClass<R>
}

/** One request that gets one reply. */
export class UnaryCall<R> extends SingleRequest {
  readonly #method: Exchange<R>
  readonly #resolve: (reply: R | Promise<never>) => void

  /** @param resolve takes the reply, or a promise that rejects: a call then keeps one function and not two */
  constructor(
    method: Exchange<R>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
    resolve: (reply: R | Promise<never>) => void,
  ) {
    super(value, started, timeout, observer)
    this.#method = method
    this.#resolve = resolve
  }

  override get request(): MessageClass<unknown> {
    return this.#method.request
  }

  override prepare(registry: Registry): Outgoing {
    const outgoing = super.prepare(registry)
    registry.expect(this.#method.reply)
    return outgoing
  }

  /** VPP answers some requests with the reply of another one that is laid out alike: the context decides. */
  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { descriptor } = this.#method.reply
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
    const { descriptor } = this.#method.reply
    return length === codecOf(descriptor).minimumSize
  }

  protected override rejected(error: unknown): void {
    this.#resolve(rejection(error))
  }
}
