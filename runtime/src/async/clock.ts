/** Where time comes from. Milliseconds that never run backwards; the zero is arbitrary. */
export interface Clock {
  now(): number
}

/** The process's monotonic clock. */
export const monotonicClock: Clock = { now: () => performance.now() }

/** Milliseconds that a timer of Node takes at most (24 days); longer ones fire at once. */
export const LONGEST_TIMER = 0x7fff_ffff
