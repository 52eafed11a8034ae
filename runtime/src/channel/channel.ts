import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { CompatibilityReport } from '../rpc/compatibility.ts'
import { atCaller } from '../errors/caller-stack.ts'
import { VppClosedError } from '../errors/connection-errors.ts'
import { Drain } from '../async/drain.ts'
import { VppError } from '../errors/vpp-error.ts'
import { Caller, type CallTarget } from '../rpc/caller.ts'
import type { DumpStream } from '../rpc/dump-stream.ts'
import type { Invocation } from '../api/interceptor.ts'
import type {
  CallOptions,
  Dump,
  EventMethod,
  EventOptions,
  EventStream,
  MessageClass,
  WaitOptions,
} from '../api/method.ts'
import type { LayeredConnection } from '../rpc/layered.ts'
import { Freezer } from '../session/freezer.ts'
import type { CallObserver, Pending } from '../session/pending.ts'
import type { DescribedMessage } from '../session/registry.ts'
import { Waiting } from '../session/waiting.ts'
import { RawCall } from './raw-call.ts'

/** What a channel needs of its connection. */
export interface ChannelConnection {
  readonly target: string
  events<E>(method: EventMethod<object, object, E>, request: object, options?: EventOptions): EventStream<E>
  checkCompatibility(messages: Iterable<DescribedMessage>): CompatibilityReport
}

/** A request under way. */
export interface ApiRequest {
  /**
   * Waits for the reply and reads it as `R`. May be called again.
   * @throws VppApiError, VppReplyTimeoutError, VppUnexpectedReplyError, VppConnectionLostError
   */
  receiveReply<R>(reply: MessageClass<R>): Promise<R>
}

/** One step through the replies of a multi request. */
export type MultiReply<D> =
  | { readonly lastReplyReceived: false; readonly reply: D }
  | { readonly lastReplyReceived: true; readonly reply?: undefined }

/** A request with many replies, read one by one or with `for await`. */
export interface ApiMultiRequest<D> extends AsyncIterable<D> {
  /** The next reply, or `lastReplyReceived` when there is none. */
  receiveReply(): Promise<MultiReply<D>>
}

/**
 * One user of a connection, with its own request buffer, timeout and subscriptions. Channels do not wait for
 * each other: a slow reader here does not delay others.
 */
export class Channel implements AsyncDisposable {
  /** Number of the channel, in trace records. */
  readonly id: number

  readonly #connection: ChannelConnection
  readonly #layers: LayeredConnection
  readonly #target: CallTarget
  readonly #caller: Caller
  readonly #observer: CallObserver
  readonly #requestSize: number
  readonly #replySize: number
  readonly #waiting = new Waiting()
  readonly #freezer = new Freezer()
  readonly #active = new Set<Pending>()
  readonly #drain = new Drain(() => this.#waiting.size)
  readonly #close = new AbortController()
  #timeout: number
  #starting = false

  constructor(
    connection: ChannelConnection,
    layers: LayeredConnection,
    target: CallTarget,
    id: number,
    requestSize: number,
    replySize: number,
  ) {
    this.id = id
    this.#connection = connection
    this.#layers = layers
    this.#target = target
    this.#requestSize = positive('requestSize', requestSize)
    this.#replySize = positive('replySize', replySize)
    this.#timeout = target.timeout
    const { observer } = target
    this.#observer = {
      channel: id,
      failed: (call, error) => {
        observer.failed(call, error)
      },
      misnamed: (call, expected, received) => {
        observer.misnamed(call, expected, received)
      },
      settled: (call) => {
        this.#settled(call)
      },
    }
    this.#caller = new Caller({
      ...target,
      observer: this.#observer,
      submit: (pending) => {
        this.#submit(pending)
      },
      forget: (pending) => {
        target.forget(pending)
      },
    })
  }

  /** Requests of this channel that wait because its request buffer is full. */
  get queued(): number {
    return this.#waiting.size
  }

  /** Sends a message; its reply is read from what comes back. */
  sendRequest(message: object): ApiRequest {
    const request = classOf(message)
    if (this.#layers.transparent) {
      const call = this.#send(request, message, this.#timeout)
      return { receiveReply: (reply) => call.decoded(reply) }
    }
    const answered = this.#layers.request(this.#invocation('call', request, message), (it) => {
      const { timeout = this.#timeout } = it.options as CallOptions
      return this.#send(request, it.request, timeout).answered()
    }) as Promise<RawCall>
    // The error belongs to whoever reads the reply; it may not be read.
    answered.catch(() => {})
    return { receiveReply: async (reply) => (await answered).decoded(reply) }
  }

  /**
   * Sends a message with many replies.
   * @param details class of the replies
   * @param reply class of the reply that ends them, where the message has one; else a control_ping ends them
   */
  sendMultiRequest<D>(
    message: object,
    details: MessageClass<D>,
    reply?: MessageClass<unknown>,
  ): ApiMultiRequest<D> {
    const request = classOf(message)
    const kind = reply === undefined ? 'dump' : 'stream'
    const dump = this.#layers.details(this.#invocation(kind, request, message), (it) => {
      const stream: DumpStream<D, unknown> | DumpStream<D, undefined> =
        reply === undefined
          ? this.#caller.dump({ kind: 'dump', request, details }, it.request, it.options)
          : this.#caller.stream({ kind: 'stream', request, details, reply }, it.request, it.options)
      stream.begin()
      return stream
    }) as Dump<D>
    const iterator = dump[Symbol.asyncIterator]()
    return {
      receiveReply: async () => {
        const { done, value } = await iterator.next()
        return done === true ? { lastReplyReceived: true } : { lastReplyReceived: false, reply: value }
      },
      [Symbol.asyncIterator]: () => iterator,
    }
  }

  /** Events of one kind. Asking VPP for them (`want_…`) is the caller's matter here; RPC clients do it themselves. */
  subscribeNotification<E>(event: MessageClass<E>, options: EventOptions = {}): EventStream<E> {
    if (this.#closed) throw this.#closedError()
    const signal = options.signal ?? undefined
    return this.#connection.events(
      { kind: 'event', event },
      {},
      {
        bufferSize: this.#replySize,
        ...options,
        signal: signal === undefined ? this.#close.signal : AbortSignal.any([signal, this.#close.signal]),
      },
    )
  }

  /** Sets the timeout of the calls to come, ms; Infinity for none. */
  setReplyTimeout(timeout: number): void {
    if (!(timeout > 0)) {
      throw new VppError(
        'VPP_INVALID_ARGUMENT',
        `timeout: expected milliseconds above 0, received ${timeout}`,
      )
    }
    this.#timeout = timeout
  }

  /** Which of these messages the connected VPP has as the bindings know them. */
  checkCompatibility(messages: Iterable<DescribedMessage>): CompatibilityReport {
    return this.#connection.checkCompatibility(messages)
  }

  /** Settles when the request buffer has room; rejects with the reason of the signal. */
  drain({ signal }: WaitOptions = {}): Promise<void> {
    return this.#drain.wait(signal)
  }

  /** Ends the channel's subscriptions and fails its calls with `VPP_CLOSED`; the connection continues. */
  async close(): Promise<void> {
    if (this.#closed) return
    const error = this.#closedError()
    this.#close.abort(error)
    const waiting = this.#waiting.takeAll()
    for (const pending of [...this.#active, ...waiting]) {
      pending.fail(error)
      this.#target.forget(pending)
    }
    this.#drain.check()
    await Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #invocation(kind: Invocation['kind'], { descriptor }: MessageClass<unknown>, request: object): Invocation {
    const options = { timeout: this.#timeout }
    const { name: message } = descriptor
    return { kind, target: this.#connection.target, message, channel: this.id, request, options }
  }

  #send(request: MessageClass<unknown>, message: object, timeout: number): RawCall {
    const now = this.#target.clock.now()
    const call = new RawCall(request, message, now, timeout, this.#observer)
    this.#target.deadlines.add(call)
    this.#submit(call)
    return call
  }

  #submit(pending: Pending): void {
    if (this.#closed) {
      this.#target.deadlines.remove(pending)
      pending.fail(this.#closedError())
    } else if (this.#active.size < this.#requestSize) this.#start(pending)
    else this.#wait(pending)
  }

  #wait(pending: Pending): void {
    try {
      this.#freezer.freeze(pending)
    } catch (error) {
      this.#target.deadlines.remove(pending)
      pending.fail(atCaller(error))
      return
    }
    this.#waiting.push(pending)
  }

  #start(pending: Pending): void {
    this.#active.add(pending)
    this.#target.submit(pending)
  }

  /** One that is neither under way nor in the queue was refused, or was taken out when the channel was closed. */
  #settled(pending: Pending): void {
    if (this.#active.delete(pending)) this.#next()
    else if (pending.queued) {
      this.#waiting.settled(pending)
      this.#drain.check()
    }
  }

  /** A call that fails at once brings the next one about: one loop for all of them, however many. */
  #next(): void {
    if (this.#starting) return
    this.#starting = true
    while (this.#active.size < this.#requestSize) {
      const pending = this.#waiting.shift()
      if (pending === undefined) break
      this.#start(pending)
    }
    this.#starting = false
    this.#drain.check()
  }

  get #closed(): boolean {
    return this.#close.signal.aborted
  }

  #closedError(): VppClosedError {
    return new VppClosedError(`channel ${this.id}`)
  }
}

/** The class of a message instance. */
function classOf(message: object): MessageClass<unknown> {
  const type = message.constructor as unknown as MessageClass<unknown>
  const descriptor = (type as { descriptor?: MessageDescriptor }).descriptor
  if (descriptor?.kind === 'message') return type
  throw new VppError(
    'VPP_INVALID_ARGUMENT',
    'message: expected an instance of a message class, such as new ShowVersion()',
  )
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new VppError('VPP_INVALID_ARGUMENT', `${name}: expected a whole number above 0, received ${value}`)
}
