import { VppError, socketPathOf } from '@vpp-ts/runtime'
import { z } from 'zod'
import { parseDuration } from './duration.ts'

const DURATION_HINT = 'expected a duration such as 500ms or 1.5s, or a number of nanoseconds'

/** Longest time of a timer, in milliseconds: 24.8 days. */
export const LONGEST_TIMER = 2 ** 31 - 1
/** Most bytes of the path of a Unix socket (`sun_path`, without the 0 at its end). */
const LONGEST_PATH = 107

/** Durations within limits, in milliseconds. */
function duration(shortest: number, longest: number, zero: 'off' | 'refused') {
  const limits = `${shortest} ms to ${longest} ms${zero === 'off' ? ', or 0 for no limit' : ''}`
  return z.union([z.string(), z.number()], DURATION_HINT).transform((value, context) => {
    const milliseconds = parseDuration(value)
    const received = `received ${JSON.stringify(value)}`
    const fits =
      milliseconds !== undefined &&
      ((milliseconds === 0 && zero === 'off') || (milliseconds >= shortest && milliseconds <= longest))
    if (fits) return milliseconds
    const message = milliseconds === undefined ? DURATION_HINT : `expected ${limits}`
    context.addIssue({ code: 'custom', message: `${message}; ${received}` })
    return z.NEVER
  })
}

function count(most: number) {
  const hint = `expected a whole number from 0 to ${most}`
  return z.number(hint).int(hint).min(0, hint).max(most, hint)
}

const MOST_COUNT = 1_000_000
const flag = z.boolean('expected true or false')
const socketPath = z
  .string('expected a path')
  .refine((path) => !path.includes('\0') && Buffer.byteLength(path) <= LONGEST_PATH, {
    error: `expected a path of at most ${LONGEST_PATH} bytes, as Unix sockets have`,
  })

const prefix = z.string('expected text').transform((value, context) => {
  try {
    if (value !== '') socketPathOf(value)
    return value
  } catch (error) {
    if (!(error instanceof VppError)) throw error
    context.addIssue({ code: 'custom', message: error.message.replace(/^prefix: /, '') })
    return z.NEVER
  }
})

/** Every key of `govpp.conf`, with the file's own names. Durations come out in ms. */
export const fileSchema = z.strictObject({
  'binapi-socket-path': socketPath.optional(),
  'stats-socket-path': socketPath.optional(),
  'connect-via-shm': flag.optional(),
  'shm-prefix': prefix.optional(),
  'resync-after-reconnect': flag.optional(),
  'reply-timeout': duration(1, LONGEST_TIMER, 'off').optional(),
  'retry-request-count': count(MOST_COUNT).optional(),
  'retry-request-timeout': duration(0, LONGEST_TIMER, 'off').optional(),
  'retry-connect-count': count(MOST_COUNT).optional(),
  'retry-connect-timeout': duration(1, LONGEST_TIMER, 'refused').optional(),
  'proxy-enabled': flag.optional(),
  'health-check-probe-interval': duration(1, LONGEST_TIMER, 'off').optional(),
  'health-check-reply-timeout': duration(1, LONGEST_TIMER, 'refused').optional(),
  'health-check-threshold': count(MOST_COUNT).optional(),
  'trace-enabled': flag.optional(),
})

/** What a file says, by its own keys. */
export type GovppFile = z.infer<typeof fileSchema>

/** Spellings of older files and of the Go fields, and what they are today. */
export const OLD_SPELLINGS: ReadonlyMap<string, keyof GovppFile> = new Map([
  ['reconnect-resync', 'resync-after-reconnect'],
  ['ReconnectResync', 'resync-after-reconnect'],
  ['binapi-socket', 'binapi-socket-path'],
  ['stats-socket', 'stats-socket-path'],
  ['health-check-timeout', 'health-check-reply-timeout'],
])

/** Keys that mean nothing any more and are passed over. */
export const OBSOLETE_KEYS: ReadonlySet<string> = new Set(['delay', 'stopwatch'])
