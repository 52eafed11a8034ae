/** Statistics of many durations, in microseconds. */
export interface Summary {
  readonly count: number
  readonly min_us: number
  readonly mean_us: number
  readonly p50_us: number
  readonly p90_us: number
  readonly p99_us: number
  readonly max_us: number
}

/** Bars are this wide at most. */
const WIDEST_BAR = 50

/** Summary of durations in microseconds; zeros when there are none. */
export function summarize(durations: readonly number[]): Summary {
  const sorted = durations.toSorted((a, b) => a - b)
  const count = sorted.length
  const at = (quantile: number): number =>
    rounded(sorted[Math.min(count - 1, Math.floor(quantile * count))] ?? 0)
  const sum = sorted.reduce((total, it) => total + it, 0)
  return {
    count,
    min_us: at(0),
    mean_us: count === 0 ? 0 : rounded(sum / count),
    p50_us: at(0.5),
    p90_us: at(0.9),
    p99_us: at(0.99),
    max_us: at(1),
  }
}

/** Lines with a bar for each range of microseconds; each range is twice as wide as the one before. */
export function drawHistogram(durations: readonly number[]): string {
  const counts = new Map<number, number>()
  for (const duration of durations) {
    const bucket = Math.max(0, Math.floor(Math.log2(Math.max(1, duration))))
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  const buckets = [...counts.keys()]
  const most = Math.max(0, ...counts.values())
  const lines: string[] = []
  for (let bucket = Math.min(...buckets); bucket <= Math.max(...buckets); bucket++) {
    const count = counts.get(bucket) ?? 0
    const bar = '#'.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * WIDEST_BAR)))
    const share = ((count / durations.length) * 100).toFixed(1)
    const range = `${rangeText(2 ** bucket)} - ${rangeText(2 ** (bucket + 1))}`
    lines.push(`${range.padStart(19)}  ${String(count).padStart(8)} ${share.padStart(5)}%  ${bar}`.trimEnd())
  }
  return lines.join('\n')
}

function rangeText(microseconds: number): string {
  return microseconds < 10_000 ? `${microseconds} us` : `${Math.round(microseconds / 1000)} ms`
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
