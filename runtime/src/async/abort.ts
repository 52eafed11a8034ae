import { setMaxListeners } from 'node:events'

/** Listens on a signal that many calls may share: Node takes more than ten listeners for a leak by default. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
}
