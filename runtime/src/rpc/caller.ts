import { onAbort } from '../async/abort.ts'
import type { Clock } from '../async/clock.ts'
import { VppError } from '../errors/vpp-error.ts'
import { atCaller } from '../errors/caller-stack.ts'
import { DumpCall, type DumpSink } from '../session/dump-call.ts'
import { FrozenRequest } from '../session/frozen-request.ts'
import type { Deadlines } from '../session/deadlines.ts'
import { LateCall, type AnswerTold } from '../session/late-call.ts'
import { OneWayCall } from '../session/one-way-call.ts'
import type { CallObserver, Pending } from '../session/pending.ts'
import { UnaryCall } from '../session/unary-call.ts'
import { DumpStream } from './dump-stream.ts'
import type {
  CallOptions,
  DumpMethod,
  MessageClass,
  OneWayMethod,
  StreamMethod,
  UnaryMethod,
} from '../api/method.ts'

/** Where calls go. */
export interface CallTarget {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly observer: CallObserver
  /** Milliseconds for calls that name none. */
  readonly timeout: number
  submit(pending: Pending): void
  /** The call has been settled from outside; what it holds is freed. */
  forget(pending: Pending): void
}

type Resolve<R> = (reply: R | Promise<never>) => void

/** Makes calls of methods: promises for requests, iterables for dumps. */
export class Caller {
  readonly #target: CallTarget

  constructor(target: CallTarget) {
    this.#target = target
  }

  call<Q, R>(method: UnaryMethod<Q, R>, request: object, options?: CallOptions): Promise<R> {
    return new Promise((resolve) => {
      const { clock, observer } = this.#target
      const timeout = this.#timeout(options)
      const signal = options?.signal
      if (signal === undefined) {
        this.#start(new UnaryCall(method, request, clock.now(), timeout, observer, resolve))
      } else {
        this.#startAborted(
          signal,
          resolve,
          (resolved) => new UnaryCall<R>(method, request, clock.now(), timeout, observer, resolved),
        )
      }
    })
  }

  /** Settles when the message has been written. */
  send<Q>(method: OneWayMethod<Q>, request: object, options?: CallOptions): Promise<void> {
    return new Promise((resolve) => {
      const { clock, observer } = this.#target
      const timeout = this.#timeout(options)
      const make = (resolved: Resolve<void>) =>
        new OneWayCall(method.request, request, clock.now(), timeout, observer, resolved)
      if (options?.signal === undefined) this.#start(make(resolve))
      else this.#startAborted(options.signal, resolve, make)
    })
  }

  /** A call without a signal whose answer is reported at once, and when it comes after its deadline. */
  callOrLate<Q, R>(method: UnaryMethod<Q, R>, request: object, told: AnswerTold): Promise<R> {
    return new Promise((resolve) => {
      const { clock, observer, timeout } = this.#target
      this.#start(new LateCall(told, method, request, clock.now(), timeout, observer, resolve))
    })
  }

  dump<Q, D>(method: DumpMethod<Q, D>, request: object, options?: CallOptions): DumpStream<D, undefined> {
    return this.#stream<D, undefined>(method.request, method.details, undefined, request, options)
  }

  stream<Q, R, D>(method: StreamMethod<Q, R, D>, request: object, options?: CallOptions): DumpStream<D, R> {
    return this.#stream(method.request, method.details, method.reply, request, options)
  }

  #stream<D, R>(
    request: MessageClass<unknown>,
    details: MessageClass<D>,
    reply: MessageClass<R> | undefined,
    value: object,
    options: CallOptions | undefined,
  ): DumpStream<D, R> {
    const { clock, observer } = this.#target
    const timeout = this.#timeout(options)
    const frozen = this.#freeze(request, value)
    const source = {
      messageName: request.descriptor.name,
      firstCursor: reply === undefined ? undefined : frozen.cursor,
      open: (sink: DumpSink<D, R>, cursor: number | undefined) => {
        const further = cursor !== undefined && cursor !== frozen.cursor
        const call = new DumpCall(
          frozen,
          details,
          reply,
          cursor,
          further,
          sink,
          clock.now(),
          timeout,
          observer,
        )
        this.#start(call)
        return (error?: unknown) => {
          if (error === undefined) call.settle()
          else call.fail(error)
          this.#target.forget(call)
        }
      },
      failed: (error: unknown) => {
        this.#refused(request, error)
      },
    }
    return new DumpStream(source, options?.signal)
  }

  #freeze(type: MessageClass<unknown>, value: object): FrozenRequest {
    try {
      return new FrozenRequest(type, value)
    } catch (error) {
      this.#refused(type, error)
      throw atCaller(error)
    }
  }

  /** A call failed before there was anything to send. */
  #refused({ descriptor }: MessageClass<unknown>, error: unknown): void {
    const { clock, observer } = this.#target
    observer.failed({ messageName: descriptor.name, context: 0, started: clock.now(), channel: 0 }, error)
  }

  /** A call that a signal may end; its listener goes when the call is over. */
  #startAborted<R>(signal: AbortSignal, resolve: Resolve<R>, make: (resolve: Resolve<R>) => Pending): void {
    const call = make((reply) => {
      signal.removeEventListener('abort', aborted)
      resolve(reply)
    })
    const aborted = () => {
      call.fail(signal.reason)
      this.#target.forget(call)
    }
    if (signal.aborted) {
      call.fail(signal.reason)
      return
    }
    onAbort(signal, aborted)
    this.#start(call)
  }

  #start(pending: Pending): void {
    this.#target.deadlines.add(pending)
    this.#target.submit(pending)
  }

  #timeout(options: CallOptions | undefined): number {
    const timeout = options?.timeout ?? this.#target.timeout
    if (timeout > 0) return timeout
    throw new VppError(
      'VPP_INVALID_ARGUMENT',
      `timeout: expected milliseconds above 0 or Infinity, received ${timeout}`,
    )
  }
}
