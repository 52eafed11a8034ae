import { codecOf, type MessageCodec } from '../codec/codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import type { Observer } from '../observe/observer.ts'
import type { EventOptions, EventStream, MessageClass } from '../rpc/method.ts'
import type { EventSink } from '../session/registry.ts'
import { EventQueue } from './event-queue.ts'

/** Events that one reader may be behind, unless it says otherwise. */
export const DEFAULT_EVENT_BUFFER = 1000

/** One reader of one event. */
export class EventSubscription<E> implements EventStream<E>, EventSink {
  readonly descriptor: MessageDescriptor
  readonly ready: Promise<void>
  readonly #codec: MessageCodec<E>
  readonly #queue: EventQueue<E>
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
    const { bufferSize = DEFAULT_EVENT_BUFFER, overflow = 'drop-oldest' } = options
    this.#queue = new EventQueue(event.descriptor.name, bufferSize, overflow)
    this.#signal = options.signal
    this.ready = join(this)
    // Whoever reads the events hears of the failure there.
    this.ready.catch((error: unknown) => {
      this.end(error)
    })
    if (this.#signal?.aborted === true) this.#aborted()
    else this.#signal?.addEventListener('abort', this.#aborted, { once: true })
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
      this.#observer.eventLost(name, error)
      return
    }
    this.#observer.metrics.events++
    if (!this.#queue.push(event)) this.#observer.eventLost(name, 'overflow')
    if (this.#queue.ended) void this.close()
  }

  /** Ends the events; the reader gets what is left and then the error, if there is one. */
  end(error?: unknown): void {
    this.#queue.end(error)
    void this.close()
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#queue.end()
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
    void this.close()
  }
}
