import type { ByteWriter } from '../codec/writer.ts'
import type { Incoming, Registry } from './registry.ts'

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
  /** Frames that wait for a free slot, and where their contexts belong. */
  queued: Buffer | undefined = undefined

  deadline = 0
  previous: Pending | undefined = undefined
  next: Pending | undefined = undefined

  /** Wire name of the request, for errors and trace. */
  abstract readonly messageName: string

  constructor(started: number, timeout: number) {
    this.started = started
    this.timeout = timeout
  }

  /**
   * Looks up the messages of the call in the VPP at hand. Comes before every `write`.
   * @throws VppMessageUnavailableError
   */
  abstract prepare(registry: Registry): void

  /**
   * Appends the call's frames.
   * @throws VppEncodeError; the writer is then as it was
   */
  abstract write(writer: ByteWriter, clientIndex: number, context: number): void

  /** Sets the context in frames that were written with context 0. */
  abstract patch(bytes: Buffer, offset: number, context: number): void

  /**
   * Takes a message with this call's context.
   * @returns true when the call needs its context no more
   * @throws VppDecodeError; the call is then failed with it
   */
  abstract receive(incoming: Incoming, bytes: Buffer, start: number, end: number): boolean

  /** Whether VPP sends nothing more for this call after the message. */
  abstract ends(incoming: Incoming): boolean

  /** Ends the call with an error. */
  abstract fail(error: unknown): void

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

  /** VPP has answered after the call was given up. */
  late(): void {}

  /** Whether a deadline that has come only starts anew, because messages have arrived since. */
  extend(): boolean {
    return false
  }
}
