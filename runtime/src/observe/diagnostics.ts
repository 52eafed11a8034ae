import { channel } from 'node:diagnostics_channel'

/**
 * Everything the runtime publishes on `node:diagnostics_channel`. `docs/diagnostics.md` describes each payload.
 * Publishing costs nothing while nobody listens.
 */
export const diagnostics = {
  /** A request was put into the output: `{ target, message, context }`. */
  requestSent: channel('vpp-ts:request:sent'),
  /** A call is complete: `{ target, message, context, duration }`, duration in ms. */
  requestDone: channel('vpp-ts:request:done'),
  /** A call failed: `{ target, message, context, duration, error }`. */
  requestFailed: channel('vpp-ts:request:failed'),
  /** A message belongs to no call and no subscription: `{ target, message, context }`. */
  messageUnmatched: channel('vpp-ts:message:unmatched'),
  /** A message has an id that VPP did not announce: `{ target, id }`. */
  messageUnknown: channel('vpp-ts:message:unknown'),
  /** An event could not be decoded, or was dropped because a reader was slow: `{ target, message, reason }`. */
  eventLost: channel('vpp-ts:event:lost'),
  /**
   * An attempt to connect failed, or the connection was lost, while somebody waits for it:
   * `{ target, error, calls, subscriptions }`, the last two as numbers. A program that only reads events learns here that
   * it reads in vain.
   */
  connectionAwaited: channel('vpp-ts:connection:awaited'),
  /** The connection changed its state: `{ target, state }`. */
  connectionState: channel('vpp-ts:connection:state'),
} as const
