import { codecOf } from '../codec/codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { ControlPing, ControlPingReply } from '../bootstrap/memclnt.ts'
import { RETVAL_EAGAIN, VppApiError, retvalOf } from '../errors/api-error.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import { patchFrame, writeFrame } from './frame-writer.ts'
import type { FrozenRequest } from './frozen-request.ts'
import { Pending, type CallObserver } from './pending.ts'
import type { Incoming, Outgoing, Registry } from './registry.ts'

/** Where the messages of a dump go. */
export interface DumpSink<D, R> {
  details(details: D): void
  /** The dump, or the page that EAGAIN ends, is complete; `reply` only where it has its own. */
  end(reply: R | undefined): void
  fail(error: unknown): void
}

/**
 * One dump, or one page of it: details and what ends them. Without its own reply a control_ping written right
 * behind the request ends it, with the same context, because VPP answers strictly in order.
 */
export class DumpCall<D, R> extends Pending {
  readonly #details: MessageClass<D>
  readonly #reply: MessageClass<R> | undefined
  readonly #frozen: FrozenRequest
  readonly #cursor: number | undefined
  readonly #sink: DumpSink<D, R>
  /** Whether this is another page than the first. */
  readonly #further: boolean
  #since: number
  #ping: Outgoing | undefined = undefined
  #progress = false

  /**
   * @param cursor where the page begins; undefined for all there is
   * @param further whether it is another page than the first
   */
  constructor(
    request: FrozenRequest,
    details: MessageClass<D>,
    reply: MessageClass<R> | undefined,
    cursor: number | undefined,
    further: boolean,
    sink: DumpSink<D, R>,
    started: number,
    timeout: number,
    observer: CallObserver,
  ) {
    super(undefined, started, timeout, observer)
    this.#since = started
    this.#frozen = request
    this.#further = further
    this.#details = details
    this.#reply = reply
    this.#cursor = cursor
    this.#sink = sink
  }

  override get continues(): boolean {
    return this.#further
  }

  override get request(): MessageClass<unknown> {
    return this.#frozen.type
  }

  override prepare(registry: Registry): Outgoing {
    const outgoing = registry.outgoing(this.request)
    registry.expect(this.#details)
    registry.expect(this.#reply ?? ControlPingReply)
    this.#ping = this.#reply === undefined ? registry.outgoing(ControlPing) : undefined
    return outgoing
  }

  override write(writer: ByteWriter, outgoing: Outgoing, clientIndex: number, context: number): void {
    const at = this.#frozen.append(writer, this.#cursor)
    if (this.#ping !== undefined) writeFrame(writer, this.#ping, {}, clientIndex, context)
    patchFrame(writer.bytes, at, outgoing, clientIndex, context)
  }

  /** The request lies in a frame already. */
  override freeze(): void {}

  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    this.#progress = true
    const { descriptor } = this.#details
    if (incoming.name === descriptor.name) {
      this.#sink.details(codecOf(descriptor).decode(bytes, start, end))
      return false
    }
    return this.#reply === undefined
      ? this.#receivePing(incoming, bytes, start, end)
      : this.#receiveReply(this.#reply, incoming, bytes, start, end)
  }

  override ends({ name }: Incoming): boolean {
    return this.#reply === undefined
      ? name === ControlPingReply.descriptor.name
      : name !== this.#details.descriptor.name
  }

  protected override rejected(error: unknown): void {
    this.#sink.fail(error)
  }

  /** A dump has time for each message, not for all of them: a large table takes long without being stuck. */
  override extend(now: number): boolean {
    const { settled } = this
    const progress = this.#progress
    this.#progress = false
    this.#since = now
    return progress && !settled
  }

  override get since(): number {
    return this.#since
  }

  /** What else comes with this context (some dumps send an undeclared reply) is passed over. */
  #receivePing(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { descriptor } = ControlPingReply
    if (incoming.name !== descriptor.name) return false
    const retval = retvalOf(codecOf(descriptor).decode(bytes, start, end))
    if (retval < 0) throw new VppApiError(retval, this.messageName, this.context, undefined, this.sentRequest)
    this.settle()
    this.#sink.end(undefined)
    return true
  }

  /** The context decides; VPP answers one request of this kind with the older reply of the same layout. */
  #receiveReply(
    reply: MessageClass<R>,
    incoming: Incoming,
    bytes: Buffer,
    start: number,
    end: number,
  ): boolean {
    const { name, crc } = reply.descriptor
    if (incoming.name !== name) {
      if (!incoming.name.endsWith('_reply') || incoming.crc !== crc) {
        throw new VppUnexpectedReplyError(this.messageName, name, incoming.name, end - start)
      }
      this.observer.misnamed(this, name, incoming.name)
    }
    const decoded = codecOf(reply.descriptor).decode(bytes, start, end)
    const retval = retvalOf(decoded)
    if (retval < 0 && retval !== RETVAL_EAGAIN) {
      throw new VppApiError(retval, this.messageName, this.context, decoded, this.sentRequest)
    }
    this.settle()
    this.#sink.end(decoded)
    return true
  }
}
