import { onAbort } from '../async/abort.ts'
import { RETVAL_EAGAIN, VppApiError, retvalOf } from '../errors/api-error.ts'
import { atAwait, isOfOneCall } from '../errors/caller-stack.ts'
import { VppCursorError } from '../errors/connection-errors.ts'
import { Deferred } from '../async/deferred.ts'
import { VppError } from '../errors/vpp-error.ts'
import { Queue } from '../async/queue.ts'
import type { DumpSink } from '../session/dump-call.ts'
import type { DumpWithReply } from '../api/method.ts'

/** How a dump reaches VPP. */
export interface DumpSource<D, R> {
  /** Wire name of the request. */
  readonly messageName: string
  /** Where the first page begins, when the request has a cursor, so that VPP may answer in pages. */
  readonly firstCursor: number | undefined
  /** Sends the request, from a cursor if it is paged; gives back how to drop the call, or to fail it. */
  open(sink: DumpSink<D, R>, cursor: number | undefined): (error?: unknown) => void
  /** The dump failed while no call was under way. */
  failed(error: unknown): void
}

interface Waiter<D> {
  resolve(result: IteratorResult<D, undefined> | Promise<never>): void
  reject(error: unknown): void
}

/**
 * The details of a dump for one reader. The request goes out when reading begins; the next page is asked for when
 * the reader has come to the end of the last.
 */
export class DumpStream<D, R> implements DumpWithReply<D, R> {
  readonly #source: DumpSource<D, R>
  readonly #signal: AbortSignal | undefined
  readonly #details = new Queue<D>()
  readonly #reply = new Deferred<R>()
  readonly #waiters: Waiter<D>[] = []
  /** Cursors of the pages so far. */
  readonly #cursors = new Set<number>()
  #drop: ((error?: unknown) => void) | undefined
  #state: 'idle' | 'reading' | 'page-due' | 'done' | 'failed' = 'idle'
  #cursor: number
  #error: unknown
  #hasReader = false
  #replyWanted = false

  constructor(source: DumpSource<D, R>, signal: AbortSignal | undefined) {
    this.#source = source
    this.#cursor = source.firstCursor ?? 0
    this.#signal = signal
    // Who reads only the details hears of an error there.
    this.#reply.promise.catch(() => {})
  }

  get reply(): Promise<R> {
    this.#replyWanted = true
    this.begin()
    if (this.#state === 'page-due') this.#openPage()
    return this.#reply.promise
  }

  async toArray(): Promise<D[]> {
    this.#claim()
    const all: D[] = []
    this.begin()
    for (;;) {
      for (let it = this.#details.shift(); it !== undefined; it = this.#details.shift()) all.push(it)
      const { done, value } = await this.next()
      if (done === true) return all
      all.push(value)
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<D, undefined> {
    this.#claim()
    const iterator: AsyncIterableIterator<D, undefined> = {
      next: () => this.next(),
      return: () => this.return(),
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  next(): Promise<IteratorResult<D, undefined>> {
    this.begin()
    const details = this.#details.shift()
    if (details !== undefined) return Promise.resolve({ done: false, value: details })
    if (this.#state === 'page-due') this.#openPage()
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#serve()
    })
  }

  /** The reader has left: the call's slot is free again, what VPP still sends is dropped. */
  return(): Promise<IteratorResult<D, undefined>> {
    this.#details.takeAll()
    if (this.#state !== 'done' && this.#state !== 'failed') {
      this.#drop?.()
      this.#finish('done')
      this.#reply.reject(new VppError('VPP_CLOSED', `${this.#source.messageName}: the dump was left early`))
      this.#serve()
    }
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Sends the request, if that has not happened yet. */
  begin(): void {
    if (this.#state !== 'idle') return
    if (this.#signal?.aborted === true) {
      this.#aborted()
      return
    }
    if (this.#signal !== undefined) onAbort(this.#signal, this.#aborted)
    this.#openPage()
  }

  get #paged(): boolean {
    return this.#source.firstCursor !== undefined
  }

  #openPage(): void {
    this.#state = 'reading'
    const sink: DumpSink<D, R> = {
      details: (details) => {
        this.#details.push(details)
        this.#serve()
      },
      end: (reply) => {
        this.#endPage(reply)
      },
      fail: (error) => {
        this.#fail(error)
      },
    }
    this.#cursors.add(this.#cursor)
    this.#drop = this.#source.open(sink, this.#paged ? this.#cursor : undefined)
  }

  #endPage(reply: R | undefined): void {
    this.#drop = undefined
    const retval = retvalOf(reply ?? {})
    if (retval === RETVAL_EAGAIN && this.#paged) {
      this.#continue((reply as { cursor?: unknown }).cursor)
      return
    }
    if (retval < 0) {
      this.#fail(new VppApiError(retval, this.#source.messageName, 0, reply))
      return
    }
    this.#finish('done')
    this.#reply.resolve(reply as R)
    this.#serve()
  }

  #continue(cursor: unknown): void {
    if (typeof cursor !== 'number' || this.#cursors.has(cursor)) {
      this.#fail(new VppCursorError(this.#source.messageName, Number(cursor)))
      return
    }
    this.#cursor = cursor
    this.#state = 'page-due'
    if (this.#replyWanted || this.#waiters.length > 0) this.#openPage()
  }

  /** Two readers would each get a part of the details. */
  #claim(): void {
    if (this.#hasReader) {
      throw new VppError(
        'VPP_INVALID_ARGUMENT',
        `${this.#source.messageName}: this dump has been read before; call the method again for another one`,
      )
    }
    this.#hasReader = true
  }

  #fail(error: unknown): void {
    if (this.#state === 'done' || this.#state === 'failed') return
    this.#finish('failed')
    this.#error = error
    this.#reply.reject(error)
    this.#serve()
  }

  #finish(state: 'done' | 'failed'): void {
    this.#state = state
    this.#drop = undefined
    this.#signal?.removeEventListener('abort', this.#aborted)
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const ended = this.#state === 'done' || this.#state === 'failed'
      const details = this.#details.shift()
      if (details === undefined && !ended) return
      const waiter = this.#waiters.shift()
      if (details !== undefined) waiter?.resolve({ done: false, value: details })
      else if (this.#state === 'failed') this.#reject(waiter)
      else waiter?.resolve({ done: true, value: undefined })
    }
  }

  #reject(waiter: Waiter<D> | undefined): void {
    const error = this.#error
    if (isOfOneCall(error)) waiter?.resolve(atAwait(error))
    else waiter?.reject(error)
  }

  readonly #aborted = (): void => {
    const error: unknown = this.#signal?.reason
    // Failing the call ends the stream as well.
    if (this.#drop !== undefined) this.#drop(error)
    else this.#source.failed(error)
    this.#fail(error)
  }
}
