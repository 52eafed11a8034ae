import { onAbort } from './abort.ts'

/** What the promise gives, or the signal's reason when that comes first. Nothing stays on the signal afterwards. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const aborted = () => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) aborted()
    else onAbort(signal, aborted)
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', aborted)
    })
  })
}
