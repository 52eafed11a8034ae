import { callTracing, type TracedCall } from '../observe/diagnostics.ts'
import { Deferred } from '../async/deferred.ts'
import type { AnyDump, Interceptor, Invocation } from '../api/interceptor.ts'
import type { DumpWithReply } from '../api/method.ts'

/** The innermost layer: publishes start, end and error of calls, dumps and subscriptions while there are subscribers. */
export const tracing: Interceptor = {
  call: (invocation, next) => traced(invocation, next),
  dump: (invocation, next) => {
    const dump = next()
    return callTracing.hasSubscribers ? new TracedDump(invocation, dump) : dump
  },
  events: (invocation, next) => {
    const events = next()
    // The subscription has its own reader for failures.
    if (callTracing.hasSubscribers) traced(invocation, () => events.ready).catch(() => {})
    return events
  },
}

/** Async context of whoever listens to `start` holds for what the call brings about, queued or not. */
function traced<R>(invocation: Invocation, run: () => Promise<R>): Promise<R> {
  return callTracing.hasSubscribers ? callTracing.tracePromise(run, contextOf(invocation)) : run()
}

function contextOf({ kind, target, message, channel, request }: Invocation): TracedCall {
  return { kind, target, message, channel, request }
}

/** A dump that is under way from its first read until it has ended or was left. */
class TracedDump implements DumpWithReply<unknown, unknown> {
  readonly #invocation: Invocation
  readonly #dump: AnyDump
  #end: Deferred<void> | undefined

  constructor(invocation: Invocation, dump: AnyDump) {
    this.#invocation = invocation
    this.#dump = dump
  }

  get reply(): Promise<unknown> {
    return this.#begin(() => (this.#dump as DumpWithReply<unknown, unknown>).reply, true)
  }

  toArray(): Promise<unknown[]> {
    return this.#begin(() => this.#dump.toArray(), true)
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<unknown, undefined> {
    const inner = this.#dump[Symbol.asyncIterator]()
    const iterator: AsyncIterableIterator<unknown, undefined> = {
      next: async () => {
        const result = await this.#begin(() => inner.next(), false)
        if (result.done === true) this.#end?.resolve()
        return result.done === true ? { done: true, value: undefined } : result
      },
      return: async () => {
        await inner.return?.()
        this.#end?.resolve()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  /** The first read runs within the trace; its outcome is that of the dump only where it reads all of it. */
  async #begin<T>(read: () => Promise<T>, whole: boolean): Promise<T> {
    let reading: Promise<T> | undefined
    if (this.#end === undefined) {
      const end = (this.#end = new Deferred<void>())
      traced(this.#invocation, () => {
        reading = read()
        return end.promise
      }).catch(() => {})
    }
    try {
      const result = await (reading ?? read())
      if (whole) this.#end.resolve()
      return result
    } catch (error) {
      this.#end.reject(error)
      throw error
    }
  }
}
