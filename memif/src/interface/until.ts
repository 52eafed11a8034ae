import type { EventEmitter } from 'node:events'

export interface UntilOptions {
  readonly signal?: AbortSignal | undefined
  /** Wait for an event or a poll first, instead of looking at once. */
  readonly later?: boolean
  /** Look again without an event: after so many milliseconds, 0 for the next turn of the loop, undefined for not. */
  readonly pollMs?: (looks: number) => number | undefined
}

/**
 * Waits until `holds` is true, looking now, after each of the events, and as `pollMs` says. Rejects with the reason of
 * `signal`. Leaves no listener and no timer behind.
 */
export function until(
  emitter: Pick<EventEmitter, 'on' | 'off'>,
  events: readonly string[],
  holds: () => boolean,
  { signal, later = false, pollMs }: UntilOptions = {},
): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
  if (!later && holds()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    let looks = 0
    let cancel = doNothing
    const look = () => {
      cancel()
      if (!holds()) {
        cancel = planLook(look, pollMs?.(looks++))
        return
      }
      finish()
      resolve()
    }
    const abort = () => {
      finish()
      reject(signal?.reason as Error)
    }
    const finish = () => {
      cancel()
      for (const event of events) emitter.off(event, look)
      signal?.removeEventListener('abort', abort)
    }
    for (const event of events) emitter.on(event, look)
    signal?.addEventListener('abort', abort)
    cancel = planLook(look, pollMs?.(looks++))
  })
}

function doNothing(): void {}

function planLook(look: () => void, afterMs: number | undefined): () => void {
  if (afterMs === undefined) return doNothing
  if (afterMs === 0) {
    const immediate = setImmediate(look)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(look, afterMs)
  return () => clearTimeout(timer)
}
