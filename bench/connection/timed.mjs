import { stopwatch } from '../harness/measure.mjs'

/** Seconds that some work took, and the number of operations it was. */
export async function timed(operations, work) {
  const elapsed = stopwatch()
  await work()
  return { operations, ...elapsed() }
}
