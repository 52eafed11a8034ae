import { StatsError } from './errors.ts'
import { SEGMENT_LIMIT } from './segment/layout.ts'
import { checkRange, TIMER_LIMIT } from './ticks.ts'
import type { UnsealedPolicy } from './source.ts'

/** How a {@link StatsClient} behaves. All times in milliseconds. */
export interface StatsOptions {
  /** How long `connect` waits for VPP; `Infinity` waits for ever. Default 10 000. */
  readonly connectTimeout: number
  /** How long a call waits for VPP to come back after it has gone. Default 10 000. */
  readonly reconnectTimeout: number
  /** Shortest and longest pause between two tries to connect; it doubles after each failure. Default 50 and 1000. */
  readonly retryInterval: { readonly min: number; readonly max: number }
  /** How long a call waits for VPP to finish a change of the segment. Default 1000. */
  readonly snapshotTimeout: number
  /**
   * How often VPP is checked for life, and so how long what a VPP left behind can still be read as if it were new.
   * A check takes some microseconds. Default 200.
   */
  readonly livenessInterval: number
  readonly limits: {
    /**
     * Largest segment that is accepted, in bytes. Default 4 GiB, at most 16 GiB; beyond 4 GiB it takes Node.js 22 or
     * newer.
     */
    readonly segmentBytes: number
    /** Most that one snapshot may copy, in bytes. Default 256 MiB. */
    readonly snapshotBytes: number
  }
  /**
   * A segment that is not sealed against shrinking (VPP with huge pages) could end this process if its owner
   * shrank it. `copy` (the default) has the kernel read all of it for each snapshot, which takes longer, and in which a
   * counter that just moves may once in a very long while be part old and part new; `map` trusts the owner.
   */
  readonly unsealed: UnsealedPolicy
}

const DEFAULTS: StatsOptions = {
  connectTimeout: 10_000,
  reconnectTimeout: 10_000,
  retryInterval: { min: 50, max: 1000 },
  snapshotTimeout: 1000,
  livenessInterval: 200,
  limits: { segmentBytes: 2 ** 32, snapshotBytes: 2 ** 28 },
  unsealed: 'copy',
}

/** Fills in defaults and refuses what is out of range. */
export function resolveOptions(given: Partial<StatsOptions>): StatsOptions {
  for (const key of Object.keys(given)) {
    if (!(key in DEFAULTS)) throw new StatsError('STATS_ARGUMENT', `unknown option '${key}'`)
  }
  const options = {
    ...DEFAULTS,
    ...given,
    retryInterval: { ...DEFAULTS.retryInterval, ...given.retryInterval },
    limits: { ...DEFAULTS.limits, ...given.limits },
  }
  const numbers: readonly (readonly [name: string, value: number, largest: number])[] = [
    ['connectTimeout', options.connectTimeout, Infinity],
    ['reconnectTimeout', options.reconnectTimeout, Infinity],
    ['retryInterval.min', options.retryInterval.min, TIMER_LIMIT],
    ['retryInterval.max', options.retryInterval.max, TIMER_LIMIT],
    ['snapshotTimeout', options.snapshotTimeout, Infinity],
    ['livenessInterval', options.livenessInterval, TIMER_LIMIT],
    ['limits.segmentBytes', options.limits.segmentBytes, SEGMENT_LIMIT],
    ['limits.snapshotBytes', options.limits.snapshotBytes, 2 ** 32],
  ]
  for (const [name, value, largest] of numbers) checkRange(`option ${name}`, value, largest)
  return Object.freeze(options)
}
