import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { RequestOf } from '../codec/classes.ts'

/** A message class as generated code exports it: constructible, with its descriptor. */
export interface MessageClass<T> {
  new (init?: never): T
  readonly descriptor: MessageDescriptor<T>
}

/** One request, one reply. */
export interface UnaryMethod<Q, R> {
  readonly kind: 'unary'
  readonly request: MessageClass<Q>
  readonly reply: MessageClass<R>
}

/** One request that VPP never answers (`returns null`). */
export interface OneWayMethod<Q> {
  readonly kind: 'one-way'
  readonly request: MessageClass<Q>
}

/** `X_dump` answered by details only; a control_ping marks the end. */
export interface DumpMethod<Q, D> {
  readonly kind: 'dump'
  readonly request: MessageClass<Q>
  readonly details: MessageClass<D>
}

/** Details followed by a separate reply; pages by cursor while the reply says EAGAIN (-165). */
export interface StreamMethod<Q, R, D> {
  readonly kind: 'stream'
  readonly request: MessageClass<Q>
  readonly reply: MessageClass<R>
  readonly details: MessageClass<D>
}

/**
 * An event and how to ask for it. `enable` is the property that switches the subscription on and off, `pid` the
 * one that takes the caller's process id; both are absent where the event needs no standing subscription.
 */
export interface EventMethod<Q, R, E> {
  readonly kind: 'event'
  readonly event: MessageClass<E>
  readonly want?:
    | {
        readonly request: MessageClass<Q>
        readonly reply: MessageClass<R>
        readonly enable: string
        readonly pid?: string | undefined
      }
    | undefined
}

/** A method of any kind. */
export type AnyMethod =
  | UnaryMethod<object, unknown>
  | OneWayMethod<object>
  | DumpMethod<object, unknown>
  | StreamMethod<object, unknown, unknown>
  | EventMethod<object, unknown, unknown>

/** What waiting for a connection takes. */
export interface WaitOptions {
  /** Aborting ends the wait, with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** What every call takes. */
export interface CallOptions {
  /** Aborting before the request is written sends nothing; afterwards the late reply is dropped silently. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the call fails with `VPP_REPLY_TIMEOUT`; `Infinity` waits forever. */
  readonly timeout?: number | undefined
  /**
   * True for a request that may be carried out twice: when the connection is lost before the reply has come, the call is
   * made again over the next one, within the same timeout. Of calls only: dumps are not repeated.
   */
  readonly idempotent?: boolean | undefined
}

/** Options of a subscription. */
export interface EventOptions extends Pick<CallOptions, 'signal'> {
  /** Events kept for a slow reader. */
  readonly bufferSize?: number | undefined
  /** What happens when the buffer is full. */
  readonly overflow?: 'drop-oldest' | 'drop-newest' | 'error' | undefined
}

/**
 * Details of a dump, as they arrive, for one reader: a second loop, or a loop and `toArray`, is an error
 * (`VPP_INVALID_ARGUMENT`). Leaving the loop early ends the call.
 */
export interface Dump<D> extends AsyncIterable<D> {
  /** Collects all details. */
  toArray(): Promise<D[]>
}

/** Details of a dump that ends with its own reply. */
export interface DumpWithReply<D, R> extends Dump<D> {
  /**
   * The final reply. Whoever asks for it need not read the details: all pages are fetched, and the details are kept for a
   * reader that may follow. Rejects as the loop does.
   */
  readonly reply: Promise<R>
}

/** Events as they arrive; ends when the loop is left, the signal aborts or the connection closes for good. */
export interface EventStream<E> extends AsyncIterable<E>, AsyncDisposable {
  /** Events lost because the reader was too slow. */
  readonly dropped: number
  /** Settles when the subscription has been confirmed by VPP. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

/** A message that VPP sent without a call that asked for it. */
export interface AnyEvent {
  /** Wire name; cut to what fits into VPP's table (63 bytes with the CRC) unless the program uses the message elsewhere. */
  readonly name: string
  /** CRC that VPP has for it, eight hex digits. */
  readonly crc: string
  /** The message, id included. */
  readonly bytes: Buffer
  /**
   * The event, if it is one of this class; undefined if it is another.
   * @throws VppDecodeError
   */
  as<E>(type: MessageClass<E>): E | undefined
}

/** What a generated client needs of a connection. `VppConnection` implements it. */
export interface RpcConnection {
  call<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): Promise<R>
  send<Q extends object>(method: OneWayMethod<Q>, request: RequestOf<Q>, options?: CallOptions): Promise<void>
  dump<Q extends object, D>(method: DumpMethod<Q, D>, request: RequestOf<Q>, options?: CallOptions): Dump<D>
  stream<Q extends object, R, D>(
    method: StreamMethod<Q, R, D>,
    request: RequestOf<Q>,
    options?: CallOptions,
  ): DumpWithReply<D, R>
  events<Q extends object, R, E>(
    method: EventMethod<Q, R, E>,
    request: RequestOf<Q>,
    options?: EventOptions,
  ): EventStream<E>
}
