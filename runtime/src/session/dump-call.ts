import { codecOf } from '../codec/codec.ts'
import type { ByteWriter } from '../codec/writer.ts'
import { ControlPing, ControlPingReply } from '../bootstrap/memclnt.ts'
import { RETVAL_EAGAIN, VppApiError, retvalOf } from '../errors/api-error.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import type { MessageClass } from '../api/method.ts'
import { contextInFrame, writeFrame } from './frame-writer.ts'
import { Pending } from './pending.ts'
import type { Incoming, Outgoing, Registry } from './registry.ts'

/** Where the messages of a dump go. */
export interface DumpSink<D, R> {
  details(details: D): void
  /** The dump, or the page that EAGAIN ends, is complete; `reply` only where it has one of its own. */
  end(reply: R | undefined): void
  fail(error: unknown): void
}

/**
 * One dump, or one page of it: details and what ends them. Without a reply of its own a control_ping written right
 * behind the request ends it, with the same context, because VPP answers strictly in order.
 */
export class DumpCall<D, R> extends Pending {
  readonly #request: MessageClass<unknown>
  readonly #details: MessageClass<D>
  readonly #reply: MessageClass<R> | undefined
  readonly #value: object
  readonly #sink: DumpSink<D, R>
  /** Whether this is another page than the first. */
  readonly #further: boolean
  #outgoing: Outgoing | undefined = undefined
  #ping: Outgoing | undefined = undefined
  #frameLength = 0
  #progress = false

  constructor(
    request: MessageClass<unknown>,
    details: MessageClass<D>,
    reply: MessageClass<R> | undefined,
    value: object,
    sink: DumpSink<D, R>,
    started: number,
    timeout: number,
    further: boolean,
  ) {
    super(started, timeout)
    this.#further = further
    this.#request = request
    this.#details = details
    this.#reply = reply
    this.#value = value
    this.#sink = sink
  }

  override get continues(): boolean {
    return this.#further
  }

  override get messageName(): string {
    return this.#request.descriptor.name
  }

  override prepare(registry: Registry): void {
    this.#outgoing = registry.outgoing(this.#request)
    registry.expect(this.#details)
    registry.expect(this.#reply ?? ControlPingReply)
    this.#ping = this.#reply === undefined ? registry.outgoing(ControlPing) : undefined
  }

  override write(writer: ByteWriter, clientIndex: number, context: number): void {
    const start = writer.length
    writeFrame(writer, this.#prepared(), this.#value, clientIndex, context)
    this.#frameLength = writer.length - start
    if (this.#ping !== undefined) writeFrame(writer, this.#ping, {}, clientIndex, context)
  }

  override patch(bytes: Buffer, offset: number, context: number): void {
    const own = contextInFrame(this.#prepared())
    if (own !== undefined) bytes.writeUInt32BE(context, offset + own)
    const ping = this.#ping === undefined ? undefined : contextInFrame(this.#ping)
    if (ping !== undefined) bytes.writeUInt32BE(context, offset + this.#frameLength + ping)
  }

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

  override fail(error: unknown): void {
    this.settle()
    this.#sink.fail(error)
  }

  /** A dump has time for each message, not for all of them: a large table takes long without being stuck. */
  override extend(): boolean {
    const { settled } = this
    const progress = this.#progress
    this.#progress = false
    return progress && !settled
  }

  /** What else comes with this context (some dumps send an undeclared reply) is passed over. */
  #receivePing(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { descriptor } = ControlPingReply
    if (incoming.name !== descriptor.name) return false
    const retval = retvalOf(codecOf(descriptor).decode(bytes, start, end))
    if (retval < 0) throw new VppApiError(retval, this.messageName, this.context, undefined)
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
    const alike = incoming.name.endsWith('_reply') && incoming.crc === crc
    if (incoming.name !== name && !alike) {
      throw new VppUnexpectedReplyError(this.messageName, name, incoming.name)
    }
    const decoded = codecOf(reply.descriptor).decode(bytes, start, end)
    const retval = retvalOf(decoded)
    if (retval < 0 && retval !== RETVAL_EAGAIN) {
      throw new VppApiError(retval, this.messageName, this.context, decoded)
    }
    this.settle()
    this.#sink.end(decoded)
    return true
  }

  #prepared(): Outgoing {
    if (this.#outgoing === undefined) throw new Error('a call is prepared before it is written')
    return this.#outgoing
  }
}
