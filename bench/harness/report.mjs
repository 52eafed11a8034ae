const UNITS = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
]

/** Seconds in the unit that fits. */
function formatTime(seconds) {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? UNITS.at(-1)
  return `${digits(seconds / size)} ${unit}`
}

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function formatRate(seconds) {
  const rate = 1 / seconds
  return `${rate >= 1e6 ? `${digits(rate / 1e6)} M` : rate >= 1e3 ? `${digits(rate / 1e3)} k` : digits(rate)}/s`
}

const FORMATS = {
  time: formatTime,
  duration: formatTime,
  rate: formatRate,
  memory: formatBytes,
  count: (value) => String(value),
}

function formatBytes(bytes) {
  return bytes >= 1e6 ? `${digits(bytes / 1e6)} MB` : `${digits(bytes)} B`
}

/** A figure in the unit of its case. */
export function formatFigure(shows, value) {
  return FORMATS[shows](value)
}

/** One line a subject: median, extremes, and how many times its time is that of the first. */
export function printCase({ name, shows, figures, targets }) {
  const format = FORMATS[shows]
  console.log(`\n${name}`)
  const first = figures[0].median
  for (const { name: subject, median, least, most } of figures) {
    const spread = `${format(least)} … ${format(most)}`
    console.log(
      `  ${subject.padEnd(34)} ${format(median).padStart(12)}  ${spread.padEnd(26)} × ${digits(median / first)}`,
    )
  }
  for (const { name: subject, percentiles, histogram } of figures)
    if (histogram !== undefined) printDistribution(subject, percentiles, histogram)
  for (const target of targets) console.log(`  ${targetText(target, shows)}`)
}

function printDistribution(subject, percentiles, histogram) {
  const shown = percentiles.map(({ percent, seconds }) => `${percent} % ${formatTime(seconds)}`)
  console.log(`  ${subject}: ${shown.join(', ')}`)
  const total = histogram.reduce((sum, { count }) => sum + count, 0)
  for (const { under, count } of histogram) {
    const share = count / total
    const bar = '█'.repeat(Math.ceil(share * 40))
    console.log(`    ≤ ${formatTime(under).padStart(8)}  ${(share * 100).toFixed(2).padStart(6)} %  ${bar}`)
  }
}

function targetText({ subject, against, ratio, reached, worst, best, most, met }, shows) {
  if (most !== undefined) return `${subject}: ${met ? '' : 'not '}within ${formatFigure(shows, most)}`
  const spread = `${digits(worst)} to ${digits(best)} in the middle half of the rounds`
  const text = `${subject}: ${digits(reached)} times as fast as ${against} (${spread})`
  return met ? text : `${text}; the target is ${ratio}`
}

/** All targets that were missed, once more at the end. */
export function printMissed(results) {
  const targets = results.flatMap(({ name, shows, targets }) =>
    targets.map((target) => ({ name, shows, target })),
  )
  const missed = targets.filter(({ target }) => !target.met)
  console.log(`\n${targets.length - missed.length} of ${targets.length} targets met`)
  for (const { name, shows, target } of missed) console.log(`  ${name}: ${targetText(target, shows)}`)
}
