import type { Clock } from '../async/clock.ts'
import { VppError } from '../errors/vpp-error.ts'
import { FRAME_HEADER_SIZE, FRAME_LENGTH_OFFSET } from '../transport/frame.ts'
import { diagnostics } from './diagnostics.ts'
import type { Metrics } from './metrics.ts'
import type { Trace, TraceRecord } from './trace.ts'

/** What the observer wants to know of a call. */
export interface ObservedCall {
  readonly messageName: string
  readonly context: number
  readonly started: number
  readonly channel: number
}

/** Counts, traces and publishes what happens on one connection. With trace off and no listener it only counts. */
export class Observer {
  /** Undefined while tracing is off. */
  trace: Trace | undefined
  /** Calls of the connection itself are on no channel. */
  readonly channel = 0
  readonly metrics: Metrics
  readonly #target: string
  readonly #clock: Clock

  constructor(target: string, clock: Clock, metrics: Metrics, trace: Trace | undefined) {
    this.#target = target
    this.#clock = clock
    this.metrics = metrics
    this.trace = trace
  }

  /** @param start where the message's frame begins in `bytes` */
  sent(message: string, context: number, channel: number, bytes: Buffer, start: number): void {
    this.metrics.requests++
    if (this.trace !== undefined) {
      const body = start + FRAME_HEADER_SIZE
      const end = body + bytes.readUInt32BE(start + FRAME_LENGTH_OFFSET)
      this.#record('sent', message, context, channel, bytes, body, end)
    }
    if (diagnostics.requestSent.hasSubscribers) {
      diagnostics.requestSent.publish({ target: this.#target, message, context })
    }
  }

  received(
    message: string,
    context: number,
    channel: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (this.trace !== undefined) this.#record('received', message, context, channel, bytes, start, end)
  }

  replied(call: ObservedCall): void {
    this.metrics.replies++
    if (this.trace === undefined && !diagnostics.requestDone.hasSubscribers) return
    const duration = this.#clock.now() - call.started
    this.trace?.addDuration(call.messageName, duration)
    const { messageName: message, context } = call
    diagnostics.requestDone.publish({ target: this.#target, message, context, duration })
  }

  failed(call: ObservedCall, error: unknown): void {
    const code = codeOf(error)
    this.metrics.countFailure(code)
    const answered = code === 'VPP_API_ERROR' && this.trace !== undefined
    if (!answered && !diagnostics.requestFailed.hasSubscribers) return
    const { messageName: message, context } = call
    const duration = this.#clock.now() - call.started
    if (answered) this.trace?.addDuration(message, duration)
    diagnostics.requestFailed.publish({ target: this.#target, message, context, duration, error })
  }

  misnamed({ messageName: message, context }: ObservedCall, expected: string, received: string): void {
    this.metrics.misnamed++
    if (!diagnostics.replyMisnamed.hasSubscribers) return
    diagnostics.replyMisnamed.publish({ target: this.#target, message, context, expected, received })
  }

  settled(): void {}

  unmatched(message: string, context: number): void {
    this.metrics.unmatched++
    if (!diagnostics.messageUnmatched.hasSubscribers) return
    diagnostics.messageUnmatched.publish({ target: this.#target, message, context })
  }

  unknown(id: number): void {
    this.metrics.unknown++
    if (diagnostics.messageUnknown.hasSubscribers) {
      diagnostics.messageUnknown.publish({ target: this.#target, id })
    }
  }

  /** A reader was slow, and its buffer is full. */
  eventDropped(message: string): void {
    this.metrics.eventsDropped++
    this.#eventLost(message, 'overflow')
  }

  /** The event is not what its definition says. */
  eventUnreadable(message: string, error: unknown): void {
    this.metrics.countFailure(codeOf(error))
    this.#eventLost(message, error)
  }

  /** Calls or subscriptions wait, and the connection they wait for could not be made. */
  waiting(error: Error, calls: number, subscriptions: number): void {
    if (!diagnostics.connectionAwaited.hasSubscribers) return
    diagnostics.connectionAwaited.publish({ target: this.#target, error, calls, subscriptions })
  }

  state(state: unknown): void {
    if (diagnostics.connectionState.hasSubscribers) {
      diagnostics.connectionState.publish({ target: this.#target, state })
    }
  }

  #record(
    direction: TraceRecord['direction'],
    message: string,
    context: number,
    channel: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (this.trace === undefined || this.trace.capacity === 0) return
    const copy = Buffer.from(bytes.subarray(start, end))
    this.trace.add({ time: Date.now(), direction, message, context, channel, bytes: copy })
  }

  #eventLost(message: string, reason: unknown): void {
    if (!diagnostics.eventLost.hasSubscribers) return
    diagnostics.eventLost.publish({ target: this.#target, message, reason })
  }
}

function codeOf(error: unknown): string {
  if (error instanceof VppError) return error.code
  return error instanceof Error ? error.name : 'UNKNOWN'
}
