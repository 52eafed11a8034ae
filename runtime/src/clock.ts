/** Where time comes from. Milliseconds that never run backwards; the zero is arbitrary. */
export interface Clock {
  now(): number
}

/** The process's monotonic clock. */
export const monotonicClock: Clock = { now: () => performance.now() }
