import { onAbort } from '../async/abort.ts'
import { codecOf, type MessageCodec } from '../codec/codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { VppClosedError } from '../errors/connection-errors.ts'
import { Deferred } from '../async/deferred.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { EventOptions, EventStream, MessageClass } from '../api/method.ts'
import type { EventSink } from '../session/registry.ts'
import { EventQueue, type Overflow } from './event-queue.ts'

/** Events that one reader may be behind, unless it says otherwise. */
export const DEFAULT_EVENT_BUFFER = 1000

const OVERFLOWS: readonly Overflow[] = ['drop-oldest', 'drop-newest', 'error']

/** One reader of one event. */
export class EventSubscription<E> implements EventStream<E>, EventSink {
  readonly descriptor: MessageDescriptor
  readonly #codec: MessageCodec<E>
  readonly #queue: EventQueue<E>
  readonly #ready = new Deferred<void>()
  readonly #observer: Observer
  readonly #signal: AbortSignal | undefined
  readonly #leave: (subscription: EventSubscription<E>) => Promise<void>
  #closing: Promise<void> | undefined

  /**
   * @param join registers the subscription; settles when VPP has confirmed it
   * @param leave takes it back
   */
  constructor(
    event: MessageClass<E>,
    options: EventOptions,
    observer: Observer,
    join: (subscription: EventSubscription<E>) => Promise<void>,
    leave: (subscription: EventSubscription<E>) => Promise<void>,
  ) {
    this.descriptor = event.descriptor
    this.#codec = codecOf(event.descriptor)
    this.#observer = observer
    this.#leave = leave
    this.#queue = new EventQueue(event.descriptor.name, bufferSizeOf(options), overflowOf(options))
    this.#signal = options.signal
    // Whoever reads the events hears of a failure there.
    this.#ready.promise.catch(() => {})
    join(this).then(this.#ready.resolve, (error: unknown) => {
      this.#ready.reject(error)
      this.end(error)
    })
    if (this.#signal?.aborted === true) this.#aborted()
    else if (this.#signal !== undefined) onAbort(this.#signal, this.#aborted)
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  get dropped(): number {
    return this.#queue.dropped
  }

  deliver(bytes: Buffer, start: number, end: number): void {
    const { name } = this.descriptor
    let event: E
    try {
      event = this.#codec.decode(bytes, start, end)
    } catch (error) {
      this.#observer.eventUnreadable(name, error)
      return
    }
    this.#observer.metrics.events++
    if (!this.#queue.push(event)) this.#observer.eventDropped(name)
    if (this.#queue.ended) void this.close()
  }

  /** Ends the events; the reader gets what is left and then the error, if there is one. */
  end(error?: unknown): void {
    this.#queue.end(error)
    if (error !== undefined) this.#ready.reject(error)
    void this.close()
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#queue.end()
      this.#ready.reject(new VppClosedError(`the subscription to ${this.descriptor.name}`))
      this.#signal?.removeEventListener('abort', this.#aborted)
      this.#closing = this.#leave(this)
    }
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): AsyncIterator<E, undefined> {
    return {
      next: () => this.#queue.next(),
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  readonly #aborted = (): void => {
    this.#ready.reject(this.#signal?.reason)
    void this.close()
  }
}

function bufferSizeOf({ bufferSize = DEFAULT_EVENT_BUFFER }: EventOptions): number {
  if (Number.isInteger(bufferSize) && bufferSize > 0) return bufferSize
  throw new VppError(
    'VPP_INVALID_ARGUMENT',
    `bufferSize: expected a whole number above 0, received ${bufferSize}`,
  )
}

function overflowOf({ overflow = 'drop-oldest' }: EventOptions): Overflow {
  if (OVERFLOWS.includes(overflow)) return overflow
  throw new VppError(
    'VPP_INVALID_ARGUMENT',
    `overflow: expected ${OVERFLOWS.join(', ')}, received ${JSON.stringify(overflow)}`,
  )
}
