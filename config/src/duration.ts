/** Milliseconds of each unit. A micro is written with either of Unicode's two signs (U+00B5, U+03BC). */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['\u00B5s', 1e-3],
  ['\u03BCs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** A number and its unit: `1.5s`, `.5s` and `1.s` alike. */
const PART = String.raw`(\d+\.?\d*|\.\d+)(ns|us|\u00B5s|\u03BCs|ms|s|m|h)`
const WHOLE = new RegExp(`^[+-]?(?:${PART})+$`)
const EACH = new RegExp(PART, 'g')

/** Largest duration that Go holds: 2^63 - 1 nanoseconds, some 292 years. */
const LONGEST = Number(2n ** 63n - 1n) / 1e6

/**
 * A duration as milliseconds: text as Go's `time.ParseDuration` takes it, such as `500ms`, `1.5s`, `.5s`, `+1m30s`, or
 * a number of nanoseconds, as the file's Go readers take it.
 * @returns undefined when it is neither, is negative, or is longer than Go holds
 */
export function parseDuration(value: string | number): number | undefined {
  const milliseconds = typeof value === 'number' ? value / 1e6 : millisecondsOf(value.trim())
  if (milliseconds === undefined || !(milliseconds >= 0 && milliseconds <= LONGEST)) return undefined
  // No negative zero.
  return milliseconds + 0
}

function millisecondsOf(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0
  if (!WHOLE.test(text)) return undefined
  let sum = 0
  for (const [, number, unit] of text.matchAll(EACH)) sum += Number(number) * (UNITS.get(unit ?? '') ?? 0)
  return text.startsWith('-') ? -sum : sum
}
