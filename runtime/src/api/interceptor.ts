import type { CallOptions, Dump, DumpWithReply, EventOptions, EventStream } from './method.ts'

/** What an interceptor is given for a call, a dump or a subscription. */
export interface Invocation {
  /** `call` also stands for a channel's request; `stream` for a dump with its own reply. */
  readonly kind: 'call' | 'send' | 'dump' | 'stream' | 'events'
  /** Socket path, or name of the stream. */
  readonly target: string
  /** Wire name of the request; for events, of the event. */
  readonly message: string
  /** Number of the channel; 0 for RPC clients. */
  readonly channel: number
  /** What the caller gave: pass another to `next` rather than change it. */
  readonly request: object
  readonly options: CallOptions | EventOptions
}

/** Request or options instead of those that the caller gave. */
export type Change = Partial<Pick<Invocation, 'request' | 'options'>>

/**
 * Goes around calls, dumps and events of a connection: each function does what it wants before and after `next`, changes
 * request or options for it, calls it again, or not at all. Of several interceptors the first is the outermost.
 */
export interface Interceptor {
  /**
   * Around calls, requests without an answer (the result is undefined) and requests of channels, whose result is the reply
   * in a form that only the channel reads: pass it on as it is.
   */
  readonly call?: (invocation: Invocation, next: (change?: Change) => Promise<unknown>) => Promise<unknown>
  /** Around dumps. Nothing is sent before they are read. */
  readonly dump?: (invocation: Invocation, next: (change?: Change) => AnyDump) => AnyDump
  /** Around subscriptions. */
  readonly events?: (
    invocation: Invocation,
    next: (change?: Change) => EventStream<unknown>,
  ) => EventStream<unknown>
}

/** A dump, with its own reply where `kind` is `stream`. */
export type AnyDump = Dump<unknown> | DumpWithReply<unknown, unknown>
