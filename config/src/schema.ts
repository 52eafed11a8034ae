import { z } from 'zod'
import { parseDuration } from './duration.ts'

const DURATION_HINT = 'expected a duration such as 500ms or 1.5s, or a number of nanoseconds'

const duration = z.union([z.string(), z.number()], DURATION_HINT).transform((value, context) => {
  const milliseconds = parseDuration(value)
  if (milliseconds !== undefined) return milliseconds
  context.addIssue({ code: 'custom', message: `${DURATION_HINT}; received ${JSON.stringify(value)}` })
  return z.NEVER
})

const count = z.number('expected a whole number').int('expected a whole number').min(0, 'expected 0 or more')
const flag = z.boolean('expected true or false')
const text = z.string('expected text')

/** Every key of `govpp.conf`, with the file's own names. Durations come out in ms. */
export const fileSchema = z.strictObject({
  'binapi-socket-path': text.optional(),
  'stats-socket-path': text.optional(),
  'connect-via-shm': flag.optional(),
  'shm-prefix': text.optional(),
  'resync-after-reconnect': flag.optional(),
  'reply-timeout': duration.optional(),
  'retry-request-count': count.optional(),
  'retry-request-timeout': duration.optional(),
  'retry-connect-count': count.optional(),
  'retry-connect-timeout': duration.optional(),
  'proxy-enabled': flag.optional(),
  'health-check-probe-interval': duration.optional(),
  'health-check-reply-timeout': duration.optional(),
  'health-check-threshold': count.optional(),
  'trace-enabled': flag.optional(),
})

/** What a file says, by its own keys. */
export type GovppFile = z.infer<typeof fileSchema>

/** Spellings of older files and of the Go fields, and what they are today. */
export const OLD_SPELLINGS: Readonly<Record<string, keyof GovppFile>> = {
  'reconnect-resync': 'resync-after-reconnect',
  ReconnectResync: 'resync-after-reconnect',
  'binapi-socket': 'binapi-socket-path',
  'stats-socket': 'stats-socket-path',
  'health-check-timeout': 'health-check-reply-timeout',
}

/** Keys that mean nothing any more and are passed over. */
export const OBSOLETE_KEYS: ReadonlySet<string> = new Set(['delay', 'stopwatch'])
