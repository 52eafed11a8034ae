/**
 * A case: subjects that do the same, of which the first is ours and the measure of the others.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {(milliseconds: number) => Promise<Sample> | Sample} measure
 *
 * @typedef {object} Sample
 * @property {number} operations
 * @property {number} seconds
 * @property {number} [processor] seconds that this process has used
 * @property {number} [bytes] where the case is about memory
 * @property {number[]} [roundTrips] where they are measured one by one: seconds of each
 *
 * @typedef {object} Target
 * @property {string} subject name of one of ours
 * @property {string} [against] name of a peer
 * @property {number} [ratio] how many times as fast as the peer it must be
 * @property {number} [most] instead of a peer: what it may take
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {'time' | 'rate' | 'duration' | 'memory' | 'count'} shows time of one operation, operations a second,
 *   seconds of all, bytes, or a number
 * @property {Subject[]} subjects
 * @property {Target[]} [targets]
 * @property {number} [most] what the first subject may take
 * @property {number} [rounds] where fewer do
 * @property {() => unknown} [setup] before the first measurement
 * @property {() => unknown} [close] after the last case of its group
 */

/** Time that a subject gets to warm up. */
const WARM_UP = 300

/** Measures all subjects in turn, several times, so that what else the machine does hits all alike. */
export async function measureCase({ name, shows, subjects, targets = [], most, setup, ...own }, options) {
  const { rounds, milliseconds, processor } = { ...options, ...own }
  const samples = new Map(subjects.map((subject) => [subject.name, []]))
  const roundTrips = new Map(subjects.map((subject) => [subject.name, []]))
  await setup?.()
  if (shows === 'time' || shows === 'rate') for (const subject of subjects) await subject.measure(WARM_UP)
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < subjects.length; i++) {
      const subject = subjects[(i + round) % subjects.length]
      const sample = await subject.measure(milliseconds)
      samples.get(subject.name).push(value(shows, processor ? inProcessorTime(sample) : sample))
      for (const seconds of sample.roundTrips ?? []) roundTrips.get(subject.name).push(seconds)
    }
  }
  const figures = subjects.map(({ name: subject }) => ({
    ...figure(subject, samples.get(subject)),
    ...distribution(roundTrips.get(subject)),
  }))
  const limit = most === undefined ? [] : [{ subject: figures[0].name, most }]
  return { name, shows, figures, targets: [...targets, ...limit].flatMap((target) => judge(target, figures)) }
}

function inProcessorTime({ processor, ...sample }) {
  if (processor === undefined) throw new Error('a subject does not tell its processor time')
  return { ...sample, seconds: processor }
}

function value(shows, { operations, seconds, bytes }) {
  switch (shows) {
    case 'memory':
    case 'count':
      return bytes / operations
    case 'duration':
      return seconds
    default:
      return seconds / operations
  }
}

function figure(name, values) {
  const sorted = values.toSorted((a, b) => a - b)
  return { name, median: median(sorted), least: sorted[0], most: sorted.at(-1), samples: values }
}

/** Percentiles, and how many values lie under each power of two microseconds, down to the first that has any. */
function distribution(values) {
  if (values.length === 0) return {}
  const sorted = values.toSorted((a, b) => a - b)
  const percentiles = [50, 90, 99, 99.9, 100].map((percent) => ({
    percent,
    seconds: sorted[Math.ceil((sorted.length * percent) / 100) - 1],
  }))
  const histogram = new Map()
  for (const seconds of sorted) {
    const under = 2 ** Math.ceil(Math.log2(seconds * 1e6)) / 1e6
    histogram.set(under, (histogram.get(under) ?? 0) + 1)
  }
  return { percentiles, histogram: [...histogram].map(([under, count]) => ({ under, count })) }
}

export function median(sorted) {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** A target applies when both subjects took part. */
function judge({ subject, against, ratio, most }, figures) {
  const ours = figures.find(({ name }) => name === subject)
  if (ours !== undefined && most !== undefined) return [{ subject, most, met: ours.median <= most }]
  const theirs = figures.find(({ name }) => name === against)
  if (ours === undefined || theirs === undefined) return []
  const { reached, least: worst, most: best } = pairwise(ours.samples, theirs.samples)
  return [{ subject, against, ratio, reached, worst, best, met: reached >= ratio }]
}

/**
 * How many times as fast the first is, from what both did in the same round: whatever else the machine did then has hit
 * both. The median of the rounds, and the quarters of them that lie below and above.
 */
export function pairwise(ours, theirs) {
  const ratios = ours.map((value, round) => theirs[round] / value).toSorted((a, b) => a - b)
  const quarter = ratios.length >> 2
  return { reached: median(ratios), least: ratios[quarter], most: ratios[ratios.length - 1 - quarter] }
}

/** Runs an operation in growing batches until the time is over. */
export function repeat(milliseconds, operation) {
  let done = 0
  const elapsed = stopwatch()
  for (let batch = 1; ; batch = Math.min(2 * batch, 4096)) {
    for (let i = 0; i < batch; i++) operation()
    done += batch
    const times = elapsed()
    if (times.seconds * 1000 >= milliseconds) return { operations: done, ...times }
  }
}

/** Starts to measure: gives a function that tells the seconds since, by the clock and of the processor. */
export function stopwatch() {
  const used = process.cpuUsage()
  const start = process.hrtime.bigint()
  return () => {
    const { user, system } = process.cpuUsage(used)
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, processor: (user + system) / 1e6 }
  }
}
