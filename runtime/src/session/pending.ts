import type { JsonValue } from '../codec/json.ts'
import type { ByteWriter } from '../codec/writer.ts'
import type { MessageClass } from '../api/method.ts'
import type { ObservedCall } from '../observe/observer.ts'
import { frameLength } from '../transport/frame.ts'
import { requestOf } from './sent-request.ts'
import type { SentBatch } from './sent-request.ts'
import type { Incoming, Registry } from './registry.ts'

/** Who is told how calls end. */
export interface CallObserver {
  failed(call: ObservedCall, error: unknown): void
  /** The reply came under the name of another message. */
  misnamed(call: ObservedCall, expected: string, received: string): void
}

/**
 * A call that waits for messages with its context. The links and the slot belong to the tables that hold it, so
 * that a call costs one object.
 */
export abstract class Pending {
  /** Context on the wire; 0 before it was sent and after VPP has answered. */
  context = 0
  /** Clock reading when the call was made, ms. */
  readonly started: number
  /** Milliseconds it may take without a message; Infinity for ever. */
  readonly timeout: number
  /** True once it was resolved, rejected or dropped. */
  settled = false
  /** Told when the call is settled; for the channel that counts its calls. */
  onSettled: (() => void) | undefined = undefined

  /** Channel that the call was made on; 0 for none. */
  channel = 0
  /**
   * Memory with frames that were made before the call could be sent; the session at hand fills in what it decides. Many
   * calls share it: a view for each would cost more than most requests.
   */
  frames: Buffer | undefined = undefined
  /** True while it is in the queue of a session. */
  queued = false
  /** Where its frames went out, for the error of a call that VPP refuses. */
  batch: SentBatch | undefined = undefined
  /** Where the first frame begins in the batch; before, in `frames`. */
  sentAt = 0

  deadline = 0
  previous: Pending | undefined = undefined
  next: Pending | undefined = undefined

  /** Class of the request. */
  readonly request: MessageClass<unknown>
  protected readonly observer: CallObserver

  constructor(request: MessageClass<unknown>, started: number, timeout: number, observer: CallObserver) {
    this.request = request
    this.started = started
    this.timeout = timeout
    this.observer = observer
  }

  /** Bytes of the frame that was made before the call could be sent; 0 when there is none. */
  get framesLength(): number {
    return this.frames === undefined ? 0 : frameLength(this.frames, this.sentAt)
  }

  /** Wire name of the request, for errors and trace. */
  get messageName(): string {
    return this.request.descriptor.name
  }

  /** The request as it was sent, for people: keys and passwords are hidden. Undefined when it was not sent. */
  get sentRequest(): JsonValue | undefined {
    return this.batch === undefined ? undefined : requestOf(this.batch, this.sentAt, this.request)
  }

  /**
   * Encodes the request now, for a call that cannot be sent at once: its caller may change the request as soon as the
   * call has returned, and hears at the call of what cannot be encoded.
   * @throws VppEncodeError
   */
  freeze(writer: ByteWriter): void {
    if (this.frames !== undefined) return
    const start = writer.length
    this.write(writer, 0, 0)
    this.sentAt = start
    this.frames = writer.bytes
  }

  /**
   * Looks up the messages of the call in the VPP at hand. Comes before `write` or `patch` for a session.
   * @throws VppMessageUnavailableError
   */
  abstract prepare(registry: Registry): void

  /**
   * Appends the call's frames.
   * @throws VppEncodeError; the writer is then as it was
   */
  abstract write(writer: ByteWriter, clientIndex: number, context: number): void

  /** Sets message id, client and context in frames that were made ahead. */
  abstract patch(bytes: Buffer, offset: number, clientIndex: number, context: number): void

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

  /** Ends the call with an error, which is counted and told. Nothing happens when it has ended. */
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
    this.settled = true
    this.onSettled?.()
  }

  /** Whether the call continues one that began before, as the next page of a dump does. */
  get continues(): boolean {
    return false
  }

  /** Whether VPP answers nothing: the call takes no context, and ends when it has been written. */
  get oneWay(): boolean {
    return false
  }

  /** The call was written; told of those that VPP does not answer. */
  written(): void {}

  /** VPP has answered after the call was given up. */
  late(): void {}

  /** Whether a deadline that has come only starts anew, because messages have arrived since. */
  extend(): boolean {
    return false
  }
}
