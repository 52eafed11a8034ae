import { codecOf } from '../codec/codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { JsonValue } from '../codec/json.ts'
import { VppApiError, retvalOf } from '../errors/api-error.ts'
import { VppUnexpectedReplyError } from '../errors/connection-errors.ts'
import { Deferred } from '../async/deferred.ts'
import type { MessageClass } from '../api/method.ts'
import type { CallObserver } from '../session/pending.ts'
import type { Incoming, Outgoing, Registry } from '../session/registry.ts'
import { SingleRequest } from '../session/single-request.ts'

/** The bytes of a reply whose class the caller names later. */
interface RawReply {
  readonly incoming: Incoming
  readonly bytes: Buffer
  readonly context: number
  readonly request: JsonValue | undefined
}

/** Where `retval` is in replies: behind id and context. */
const RETVAL_OFFSET = 6

/** A request whose reply is kept as bytes until the caller names its class. */
export class RawCall extends SingleRequest {
  override readonly request: MessageClass<unknown>
  readonly #reply = new Deferred<RawReply>()
  #registry: Registry | undefined = undefined

  constructor(
    request: MessageClass<unknown>,
    value: object,
    started: number,
    timeout: number,
    observer: CallObserver,
  ) {
    super(value, started, timeout, observer)
    this.request = request
    // The error belongs to whoever reads the reply; it may not be read.
    this.#reply.promise.catch(() => {})
  }

  override prepare(registry: Registry): Outgoing {
    this.#registry = registry
    return super.prepare(registry)
  }

  /** A refusal is counted when it comes, whether or not the reply is read. */
  override receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean {
    const { context } = this
    const refused = isRefusal(incoming, bytes, start, end)
    const request = refused ? this.sentRequest : undefined
    const reply = { incoming, bytes: Buffer.from(bytes.subarray(start, end)), context, request }
    this.settle()
    this.#reply.resolve(reply)
    if (refused) {
      const retval = bytes.readInt32BE(start + RETVAL_OFFSET)
      this.observer.failed(this, new VppApiError(retval, this.messageName, context, undefined, request))
    }
    return !refused
  }

  override ends(): boolean {
    return true
  }

  override fits(): boolean {
    return true
  }

  protected override rejected(error: unknown): void {
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
    const { incoming, bytes, context, request } = await this.#reply.promise
    const codec = codecOf(descriptor)
    if (this.#registry?.idOf(descriptor) !== incoming.id) {
      if (!this.#isMisnamed(descriptor, incoming, bytes.length, codec.minimumSize)) {
        throw new VppUnexpectedReplyError(
          this.messageName,
          `${descriptor.name}_${descriptor.crc}`,
          `${incoming.name}_${incoming.crc}`,
          bytes.length,
        )
      }
      this.observer.misnamed(this, descriptor.name, incoming.name)
    }
    const reply = codec.decode(bytes, 0, bytes.length)
    const retval = retvalOf(reply)
    if (retval < 0) throw new VppApiError(retval, this.messageName, context, reply, request)
    return reply
  }

  /** VPP answers some requests with the reply of another one that is laid out alike. */
  #isMisnamed(wanted: MessageDescriptor, { crc }: Incoming, length: number, size: number): boolean {
    return wanted.name === `${this.messageName}_reply` && (crc === wanted.crc || length === size)
  }
}

function isRefusal({ name }: Incoming, bytes: Buffer, start: number, end: number): boolean {
  const at = start + RETVAL_OFFSET
  return name.endsWith('_reply') && at + 4 <= end && bytes.readInt32BE(at) < 0
}
