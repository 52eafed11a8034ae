import { setMaxListeners } from 'node:events'

/** Ends what many wait on: Node warns about a leak at more than ten listeners of a signal. */
export function endOfMany(): AbortController {
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  return end
}
