/** How long to wait between attempts to connect. */
export interface BackoffOptions {
  /** Milliseconds before the second attempt. */
  readonly initialDelay: number
  /** Milliseconds at most. */
  readonly maximumDelay: number
  /** Part of the delay, 0 to 1, that is left to chance, so that many clients do not come back at once. */
  readonly jitter: number
}

/**
 * Milliseconds to wait after the attempt of that number (from 1): doubling, capped, partly random.
 * @param random a number from 0 up to 1
 */
export function backoffDelay(attempt: number, options: BackoffOptions, random: number): number {
  const doubled = options.initialDelay * 2 ** Math.min(attempt - 1, 30)
  const capped = Math.min(options.maximumDelay, doubled)
  return capped * (1 - options.jitter + options.jitter * random)
}
