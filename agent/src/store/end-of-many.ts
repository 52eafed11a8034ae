import { setMaxListeners } from 'node:events'

/** Ends what many wait on: Node takes more than ten listeners of a signal for a leak unless told otherwise. */
export function endOfMany(): AbortController {
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  return end
}
