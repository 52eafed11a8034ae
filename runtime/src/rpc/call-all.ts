import { VppError } from '../errors/vpp-error.ts'

/** How many calls are made at a time, and whether a failure ends them. */
export interface CallAllOptions {
  /** Calls under way at most, 100 unless given. */
  readonly concurrency?: number | undefined
  /** After a failure no further request is sent; those under way are waited for. */
  readonly stopOnError?: boolean | undefined
}

/** What became of one request; `skipped` was not sent because another had failed. */
export type CallResult<R> =
  | { readonly status: 'fulfilled'; readonly value: R }
  | { readonly status: 'rejected'; readonly reason: unknown }
  | { readonly status: 'skipped' }

const CONCURRENCY = 100
/** No connection has more requests under way. */
const HIGHEST_CONCURRENCY = 65_536

/**
 * Makes a call for each request, a bounded number at a time. Requests are taken from the iterable as calls end, so that
 * a long list need not be in memory.
 * @returns a result for each request, in their order; after `stopOnError` stopped, an iterable is not read any further
 */
export async function callAll<Q, R>(
  requests: Iterable<Q> | AsyncIterable<Q>,
  call: (request: Q) => Promise<R>,
  { concurrency = CONCURRENCY, stopOnError = false }: CallAllOptions,
): Promise<CallResult<R>[]> {
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > HIGHEST_CONCURRENCY) {
    const problem = `concurrency: expected a whole number from 1 to ${HIGHEST_CONCURRENCY}, received ${concurrency}`
    throw new VppError('VPP_INVALID_ARGUMENT', problem)
  }
  const results: CallResult<R>[] = []
  const iterator = iteratorOf(requests)
  let stopped = false
  const work = async (): Promise<void> => {
    while (!stopped) {
      const { done, value } = await iterator.next()
      if (done === true) return
      const at = results.push({ status: 'skipped' }) - 1
      if (stopped) return
      try {
        results[at] = { status: 'fulfilled', value: await call(value) }
      } catch (reason) {
        results[at] = { status: 'rejected', reason }
        stopped ||= stopOnError
      }
    }
  }
  const workers = Array.isArray(requests) ? Math.min(concurrency, requests.length) : concurrency
  await Promise.all(Array.from({ length: workers }, work))
  if (stopped) await iterator.return?.()
  if (Array.isArray(requests)) while (results.length < requests.length) results.push({ status: 'skipped' })
  return results
}

function iteratorOf<Q>(requests: Iterable<Q> | AsyncIterable<Q>): Iterator<Q> | AsyncIterator<Q> {
  return Symbol.asyncIterator in requests ? requests[Symbol.asyncIterator]() : requests[Symbol.iterator]()
}
