import { onAbort } from '../async/abort.ts'
import { VppClosedError } from '../errors/connection-errors.ts'
import { Deferred } from '../async/deferred.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { Observer } from '../observe/observer.ts'
import type { EventOptions, EventStream } from '../api/method.ts'
import { EventQueue, type Overflow } from './event-queue.ts'

/** Events that one reader may be behind, unless it says otherwise. */
export const DEFAULT_EVENT_BUFFER = 1000

const OVERFLOWS: readonly Overflow[] = ['drop-oldest', 'drop-newest', 'error']

/** One reader of events, whatever they are. */
export abstract class Subscription<E> implements EventStream<E> {
  /** Wire name of the event, for errors and counters; `*` for all of them. */
  readonly name: string
  protected readonly observer: Observer
  readonly #queue: EventQueue<E>
  readonly #ready = new Deferred<void>()
  readonly #signal: AbortSignal | undefined
  readonly #leave: () => Promise<void>
  #closing: Promise<void> | undefined

  /** @param leave takes back what `begin` brings about */
  constructor(name: string, options: EventOptions, observer: Observer, leave: () => Promise<void>) {
    this.name = name
    this.observer = observer
    this.#leave = leave
    this.#queue = new EventQueue(name, bufferSizeOf(options), overflowOf(options))
    this.#signal = options.signal
    // Whoever reads the events hears of a failure there.
    this.#ready.promise.catch(() => {})
  }

  /** @param joined settles when VPP has confirmed the subscription */
  begin(joined: Promise<void>): this {
    joined.then(this.#ready.resolve, (error: unknown) => {
      this.#ready.reject(error)
      this.end(error)
    })
    if (this.#signal?.aborted === true) this.#aborted()
    else if (this.#signal !== undefined) onAbort(this.#signal, this.#aborted)
    return this
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }

  get dropped(): number {
    return this.#queue.dropped
  }

  protected take(event: E): void {
    this.observer.metrics.events++
    if (!this.#queue.push(event)) this.observer.eventDropped(this.name)
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
      this.#ready.reject(new VppClosedError(`the subscription to ${this.name}`))
      this.#signal?.removeEventListener('abort', this.#aborted)
      this.#closing = this.#leave()
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
