import type { JsonValue } from '../codec/json.ts'
import type { ByteWriter } from '../codec/writer.ts'
import type { ObservedCall } from '../observe/observer.ts'
import { requestOf } from './sent-request.ts'
import type { SentBatch } from './sent-request.ts'
import type { DescribedMessage, Incoming, Outgoing, Registry } from './registry.ts'

/** Who is told how calls end: the connection, or the channel that they were made on. */
export interface CallObserver {
  /** Number of the channel; 0 for the connection itself. */
  readonly channel: number
  failed(call: ObservedCall, error: unknown): void
  /** The reply came under the name of another message. */
  misnamed(call: ObservedCall, expected: string, received: string): void
  /** The call has been resolved, rejected or dropped. */
  settled(call: Pending): void
}

/**
 * What a call has gone through: bits of one number, because each field costs every waiting call eight bytes. So do private
 * methods and accessors of its classes, which is why there are none.
 */
const SETTLED = 1
const QUEUED = 2
const TIMED = 4
const KEPT = 8
const SENT = 16

/**
 * A call that waits for messages with its context. The links and the slot belong to the tables that hold it, so
 * that a call costs one object.
 */
export abstract class Pending {
  /** Context on the wire; 0 before it was sent and after VPP has answered. */
  context = 0
  /** Clock reading when the call was made, ms. */
  readonly started: number
  /** Milliseconds it may take without a message; Infinity forever. */
  readonly timeout: number

  previous: Pending | undefined = undefined
  next: Pending | undefined = undefined

  /** Class of the request. */
  abstract readonly request: DescribedMessage
  protected readonly observer: CallObserver

  #state = 0
  /**
   * The request in its present form: the object that it is made of; memory where it was encoded before it could be sent,
   * which many calls share (a view for each would cost more than most requests); the bytes that it went out with.
   */
  #content: object | undefined
  /** Where it begins in that memory, or in those bytes. */
  #at = 0

  constructor(content: object | undefined, started: number, timeout: number, observer: CallObserver) {
    this.#content = content
    this.started = started
    this.timeout = timeout
    this.observer = observer
  }

  /** True once it was resolved, rejected or dropped. */
  get settled(): boolean {
    return (this.#state & SETTLED) !== 0
  }

  /** True while it is in a queue. */
  get queued(): boolean {
    return (this.#state & QUEUED) !== 0
  }

  set queued(on: boolean) {
    this.#state = on ? this.#state | QUEUED : this.#state & ~QUEUED
  }

  /** True while its deadline is watched. */
  get timed(): boolean {
    return (this.#state & TIMED) !== 0
  }

  set timed(on: boolean) {
    this.#state = on ? this.#state | TIMED : this.#state & ~TIMED
  }

  /** Clock reading that its time counts from. */
  get since(): number {
    return this.started
  }

  /** Channel that the call was made on; 0 for none. */
  get channel(): number {
    return this.observer.channel
  }

  /** The object that the request is made of, until it is encoded. */
  protected get value(): object {
    return this.#content ?? {}
  }

  /** Memory with the request as it was encoded before it could be sent; undefined when it was not. */
  protected get kept(): Buffer | undefined {
    return this.waitsEncoded ? (this.#content as Buffer) : undefined
  }

  /** Where it begins there. */
  protected get keptAt(): number {
    return this.#at
  }

  /** Whether the request was encoded before it could be sent. */
  get waitsEncoded(): boolean {
    return (this.#state & KEPT) !== 0
  }

  /** The request was encoded: its object is not kept, which may be large, and calls that wait may be many. */
  protected keep(bytes: Buffer, at: number): void {
    this.#content = bytes
    this.#at = at
    this.#state |= KEPT
  }

  /** The request was written. The error of a call that VPP refuses shows it. */
  sent(batch: SentBatch, at: number): void {
    this.#content = batch
    this.#at = at
    this.#state = (this.#state & ~KEPT) | SENT
  }

  /** The request is needed no more. */
  dropContent(): void {
    this.#content = undefined
    this.#state &= ~(KEPT | SENT)
  }

  /** Wire name of the request, for errors and trace. */
  get messageName(): string {
    return this.request.descriptor.name
  }

  /** The request as it was sent, for people: keys and passwords are hidden. Undefined when it was not sent. */
  get sentRequest(): JsonValue | undefined {
    if ((this.#state & SENT) === 0) return undefined
    return requestOf(this.#content as SentBatch, this.#at, this.request)
  }

  /**
   * Encodes the request now, for a call that cannot be sent at once: its caller may change the request as soon as the
   * call has returned, and hears at the call of what cannot be encoded.
   * @throws VppEncodeError
   */
  abstract freeze(writer: ByteWriter): void

  /**
   * Looks up the messages of the call in the VPP at hand. Gives back what `write` takes of it.
   * @throws VppMessageUnavailableError
   */
  abstract prepare(registry: Registry): Outgoing

  /**
   * Appends the call's frames.
   * @throws VppEncodeError; the writer is then as it was
   */
  abstract write(writer: ByteWriter, outgoing: Outgoing, clientIndex: number, context: number): void

  /**
   * Takes a message with this call's context.
   * @returns true when the call needs its context no more
   * @throws VppDecodeError; the call is then failed with it
   */
  abstract receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean

  /** Whether VPP sends nothing more for this call after the message. */
  abstract ends(incoming: Incoming): boolean

  /** Whether a message under another name, or with an unknown id, can be the answer: this call's context is in it. */
  fits(_length: number): boolean {
    return false
  }

  /** Ends the call with an error, which is counted and reported. Nothing happens when it has ended. */
  fail(error: unknown): void {
    if (this.settled) return
    this.settle()
    this.observer.failed(this, error)
    this.rejected(error)
  }

  /** Hands an error to who waits. */
  protected abstract rejected(error: unknown): void

  /** Marks the call as settled. */
  settle(): void {
    if (this.settled) return
    this.#state |= SETTLED
    this.observer.settled(this)
  }

  /** Whether the call continues one that began before, as the next page of a dump does. */
  get continues(): boolean {
    return false
  }

  /** Whether VPP answers nothing: the call takes no context, and ends when it has been written. */
  get oneWay(): boolean {
    return false
  }

  /** The call was written; called for those that VPP does not answer. */
  written(): void {}

  /** VPP has answered after the call was given up. */
  late(): void {}

  /** Whether a deadline that has come only starts again, because messages have arrived since. */
  extend(_now: number): boolean {
    return false
  }
}
