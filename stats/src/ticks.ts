import { setTimeout as sleep } from 'node:timers/promises'
import { StatsError } from './errors.ts'

/** Longest time in milliseconds that one of Node's timers takes, 24.8 days; beyond it they fire at once. */
export const TIMER_LIMIT = 2 ** 31 - 1

/** Throws `STATS_ARGUMENT` unless `value` is greater than 0 and at most `largest`. */
export function checkRange(what: string, value: number, largest: number): void {
  if (value > 0 && value <= largest) return
  const limit = largest === Infinity ? '' : ` and at most ${largest}`
  throw new StatsError('STATS_ARGUMENT', `${what} must be greater than 0${limit}, not ${value}`)
}

/**
 * Yields at once and then at each multiple of `interval` milliseconds, until `signal` is aborted. A consumer that
 * is slower than the interval misses ticks; they are not made up for. `STATS_ARGUMENT` for an interval that no timer has.
 */
export function ticks(interval: number, signal?: AbortSignal): AsyncGenerator<void, void, void> {
  checkRange('the interval', interval, TIMER_LIMIT)
  return run(interval, signal)
}

async function* run(interval: number, signal: AbortSignal | undefined): AsyncGenerator<void, void, void> {
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
