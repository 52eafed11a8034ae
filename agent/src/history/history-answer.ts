import type { HistoryRing, Series } from './history-ring.ts'
import { kindOf, LEVELS, ROW_FIELDS, spanOf, type Level } from './levels.ts'

/** Steps that are chosen when none is asked for, in seconds. */
const STEPS = [1, 10, 60, 300, 600, 1800, 3600, 7200]
/** Values that are chosen at most when no step is asked for. */
const POINTS = 1000
/** Values of an answer. */
export const MOST_POINTS = 50_000

/** What of a row is asked for. Times in seconds since 1970. */
export interface HistoryRequest {
  readonly from: number
  readonly to: number
  /** Seconds; left out: the finest that reaches back to `from` with few enough values. */
  readonly step?: number | undefined
}

/** Values of a row. */
export interface HistoryAnswer {
  /** Beginning of the first value, in seconds since 1970. Others follow at every step. */
  readonly from: number
  /** Seconds per value. */
  readonly step: number
  readonly count: number
  /** By field, null where nothing is known. */
  readonly series: Readonly<
    Record<string, { readonly mean: readonly (number | null)[]; readonly max: readonly (number | null)[] }>
  >
}

/** Seconds that are kept of a level. */
export function keptOf(level: Level): number {
  return spanOf(level) * (level.chunks - 1)
}

/** Values that an answer would have. */
export function countOf({ from, to }: HistoryRequest, step: number): number {
  return Math.max(1, Math.ceil(to / step) - Math.floor(from / step))
}

/** The step of an answer. @param now seconds since 1970 */
export function stepOf(request: HistoryRequest, now: number): number {
  if (request.step !== undefined) return request.step
  const age = now - request.from
  const reaches = (step: number): boolean => {
    const level = LEVELS.find((it) => it.step === step)
    return level === undefined || age <= keptOf(level)
  }
  return STEPS.find((step) => reaches(step) && countOf(request, step) <= POINTS) ?? 7200
}

/** The level that has the values of a step: the coarsest that divides it. */
function levelOf(step: number): Level | undefined {
  return LEVELS.findLast((level) => step % level.step === 0)
}

/** Reads a row. @param now seconds since 1970 */
export async function readHistory(
  ring: HistoryRing,
  key: string,
  request: HistoryRequest,
  now: number,
): Promise<HistoryAnswer> {
  const step = stepOf(request, now)
  const level = levelOf(step) ?? LEVELS[0]
  if (level === undefined) throw new RangeError('there is no level')
  const count = countOf(request, step)
  const from = Math.floor(request.from / step) * step
  const ratio = step / level.step
  const series = await ring.read(key, { level, first: from / level.step, count: count * ratio })
  const fields = ROW_FIELDS[kindOf(key)]
  return {
    from,
    step,
    count,
    series: Object.fromEntries(fields.map((name, at) => [name, folded(series[at], ratio, count)])),
  }
}

function folded(series: Series | undefined, ratio: number, count: number) {
  const mean: (number | null)[] = []
  const max: (number | null)[] = []
  for (let at = 0; at < count; at++) {
    let sum = 0
    let known = 0
    let greatest = 0
    for (let slot = at * ratio; slot < (at + 1) * ratio; slot++) {
      const value = series?.mean[slot] ?? Number.NaN
      if (Number.isNaN(value)) continue
      sum += value
      known++
      greatest = Math.max(greatest, series?.maximum[slot] ?? 0)
    }
    mean.push(known === 0 ? null : rounded(sum / known))
    max.push(known === 0 ? null : rounded(greatest))
  }
  return { mean, max }
}

/** Values are within 0.05 %: more digits say nothing. */
function rounded(value: number): number {
  return Number(value.toPrecision(5))
}
