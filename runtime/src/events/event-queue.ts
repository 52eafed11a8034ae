import { VppEventsLostError } from '../errors/connection-errors.ts'
import { Queue } from '../async/queue.ts'

/** What becomes of an event that comes when the buffer is full. */
export type Overflow = 'drop-oldest' | 'drop-newest' | 'error'

interface Waiter<E> {
  resolve(result: IteratorResult<E, undefined>): void
  reject(error: unknown): void
}

/**
 * Events between the connection and one reader: bounded, with a chosen policy and a count of what was lost. Ends
 * once, in order or with an error; what was in the buffer is still read.
 */
export class EventQueue<E> implements AsyncIterator<E, undefined> {
  /** Events lost so far. */
  dropped = 0

  readonly #messageName: string
  readonly #capacity: number
  readonly #overflow: Overflow
  readonly #events = new Queue<E>()
  readonly #waiters: Waiter<E>[] = []
  #end: { error: unknown } | undefined

  constructor(messageName: string, capacity: number, overflow: Overflow) {
    this.#messageName = messageName
    this.#capacity = capacity
    this.#overflow = overflow
  }

  get ended(): boolean {
    return this.#end !== undefined
  }

  /** @returns false when an event was lost */
  push(event: E): boolean {
    if (this.#end !== undefined) return true
    const waiter = this.#waiters.shift()
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: event })
      return true
    }
    if (this.#events.size < this.#capacity) {
      this.#events.push(event)
      return true
    }
    this.dropped++
    if (this.#overflow === 'error') this.end(new VppEventsLostError(this.#messageName, this.#capacity))
    else if (this.#overflow === 'drop-oldest') {
      this.#events.shift()
      this.#events.push(event)
    }
    return false
  }

  /** Nothing comes any more; with an error the reader gets it behind the events that are left. */
  end(error?: unknown): void {
    if (this.#end !== undefined) return
    this.#end = { error }
    for (const waiter of this.#waiters.splice(0)) this.#settle(waiter)
  }

  next(): Promise<IteratorResult<E, undefined>> {
    const event = this.#events.shift()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      if (this.#end === undefined) this.#waiters.push(waiter)
      else this.#settle(waiter)
    })
  }

  #settle({ resolve, reject }: Waiter<E>): void {
    const error = this.#end?.error
    if (error === undefined) {
      resolve({ done: true, value: undefined })
      return
    }
    // The error is reported once; later reads report the end.
    this.#end = { error: undefined }
    reject(error)
  }
}
