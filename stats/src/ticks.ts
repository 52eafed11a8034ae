import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Yields at once and then at each multiple of `interval` milliseconds, until `signal` is aborted. A consumer that
 * is slower than the interval misses ticks; they are not made up for.
 */
export async function* ticks(interval: number, signal?: AbortSignal): AsyncGenerator<void, void, void> {
  const stop = signal === undefined ? {} : { signal }
  const began = performance.now()
  while (!isAborted(signal)) {
    yield
    const elapsed = performance.now() - began
    await sleep(interval - (elapsed % interval), undefined, stop).catch(() => {})
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
