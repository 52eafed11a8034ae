import { onAbort } from '../async/abort.ts'
import type { Clock } from '../async/clock.ts'
import { VppError } from '../errors/vpp-error.ts'
import { DumpCall } from '../session/dump-call.ts'
import type { Deadlines } from '../session/deadlines.ts'
import { LateCall } from '../session/late-call.ts'
import type { Pending } from '../session/pending.ts'
import { UnaryCall } from '../session/unary-call.ts'
import { DumpStream } from './dump-stream.ts'
import type { CallOptions, DumpMethod, MessageClass, StreamMethod, UnaryMethod } from '../api/method.ts'

/** Where calls go. */
export interface CallTarget {
  readonly clock: Clock
  readonly deadlines: Deadlines
  /** Milliseconds for calls that name none. */
  readonly replyTimeout: number
  submit(pending: Pending): void
  /** The call has been settled from outside; what it holds is freed. */
  forget(pending: Pending): void
}

/** Makes calls of methods: promises for requests, iterables for dumps. */
export class Caller {
  readonly #target: CallTarget

  constructor(target: CallTarget) {
    this.#target = target
  }

  call<Q, R>(method: UnaryMethod<Q, R>, request: object, options?: CallOptions): Promise<R> {
    return new Promise((resolve, reject) => {
      const { clock } = this.#target
      const timeout = this.#timeout(options)
      const signal = options?.signal
      if (signal === undefined) {
        this.#start(
          new UnaryCall(method.request, method.reply, request, clock.now(), timeout, resolve, reject),
        )
        return
      }
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const off = () => {
        signal.removeEventListener('abort', aborted)
      }
      const call = new UnaryCall(
        method.request,
        method.reply,
        request,
        clock.now(),
        timeout,
        (reply: R) => {
          off()
          resolve(reply)
        },
        (error) => {
          off()
          reject(error)
        },
      )
      const aborted = () => {
        call.fail(signal.reason)
        this.#target.forget(call)
      }
      onAbort(signal, aborted)
      this.#start(call)
    })
  }

  /** A call without a signal that is told when its answer comes after its deadline. */
  callOrLate<Q, R>(method: UnaryMethod<Q, R>, request: object, late: () => void): Promise<R> {
    return new Promise((resolve, reject) => {
      const { clock, replyTimeout } = this.#target
      const { request: asked, reply } = method
      this.#start(new LateCall(late, asked, reply, request, clock.now(), replyTimeout, resolve, reject))
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
    const { descriptor } = request
    const cursor = descriptor.fields.find(([wireName]) => wireName === 'cursor')?.[1]
    const timeout = this.#timeout(options)
    const source = {
      messageName: descriptor.name,
      firstCursor: cursor === undefined || reply === undefined ? undefined : cursorIn(value, cursor),
      open: (sink: ConstructorParameters<typeof DumpCall<D, R>>[4], at: number | undefined) => {
        const body = cursor === undefined || at === undefined ? value : { ...value, [cursor]: at }
        const now = this.#target.clock.now()
        const further = at !== undefined && at !== source.firstCursor
        const call = new DumpCall(request, details, reply, body, sink, now, timeout, further)
        this.#start(call)
        return () => {
          call.settle()
          this.#target.forget(call)
        }
      },
    }
    return new DumpStream(source, options?.signal)
  }

  #start(pending: Pending): void {
    this.#target.deadlines.add(pending, pending.started)
    this.#target.submit(pending)
  }

  #timeout(options: CallOptions | undefined): number {
    const timeout = options?.timeout ?? this.#target.replyTimeout
    if (timeout > 0) return timeout
    throw new VppError(
      'VPP_INVALID_ARGUMENT',
      `timeout: expected milliseconds above 0 or Infinity, received ${timeout}`,
    )
  }
}

/** The cursor that the caller begins at: 0 unless the request names one. What is no cursor is left to the encoder. */
function cursorIn(request: object, property: string): number | undefined {
  const given = (request as Record<string, unknown>)[property]
  if (given === undefined) return 0
  return typeof given === 'number' ? given : undefined
}
