import { channel, tracingChannel } from 'node:diagnostics_channel'

/**
 * Everything the runtime publishes on `node:diagnostics_channel`. `docs/diagnostics.md` describes each payload.
 * Publishing costs nothing without subscribers.
 */
export const diagnostics = {
  /** A request was put into the output: `{ target, message, context }`. */
  requestSent: channel('vpp-ts:request:sent'),
  /** A call is complete: `{ target, message, context, duration }`, duration in ms. */
  requestDone: channel('vpp-ts:request:done'),
  /** A call failed: `{ target, message, context, duration, error }`. */
  requestFailed: channel('vpp-ts:request:failed'),
  /** VPP answered under the name of another reply: `{ target, message, context, expected, received }`, names. */
  replyMisnamed: channel('vpp-ts:reply:misnamed'),
  /** A message belongs to no call and no subscription: `{ target, message, context }`. */
  messageUnmatched: channel('vpp-ts:message:unmatched'),
  /** A message has an id that VPP did not announce: `{ target, id }`. */
  messageUnknown: channel('vpp-ts:message:unknown'),
  /** An event could not be decoded, or was dropped because a reader was slow: `{ target, message, reason }`. */
  eventLost: channel('vpp-ts:event:lost'),
  /**
   * An attempt to connect failed, or the connection was lost, while a caller waits for it:
   * `{ target, error, calls, subscriptions }`, the last two as numbers. A program that only reads events learns here that
   * it reads in vain.
   */
  connectionAwaited: channel('vpp-ts:connection:awaited'),
  /** The connection changed its state: `{ target, state }`. */
  connectionState: channel('vpp-ts:connection:state'),
} as const

/** What the tracing channel says of a call; Node adds `result` and `error`. */
export interface TracedCall {
  readonly kind: 'call' | 'send' | 'dump' | 'stream' | 'events'
  /** Socket path, or name of the stream. */
  readonly target: string
  /** Wire name of the request; for events, of the event. */
  readonly message: string
  /** Number of the channel; 0 for RPC clients. */
  readonly channel: number
  /** The request as the caller gave it. */
  readonly request: object
  result?: unknown
  error?: unknown
}

/**
 * Calls, dumps and subscriptions of programs from beginning to end: `tracing:vpp-ts:call:start`, `:end`, `:asyncStart`,
 * `:asyncEnd` and `:error`, as `TracingChannel.tracePromise` publishes them, in the async context of the caller.
 */
export const callTracing = tracingChannel<TracedCall, TracedCall>('vpp-ts:call')
