/** Seconds that some work took, and the number of operations it was. */
export async function timed(operations, work) {
  const start = process.hrtime.bigint()
  await work()
  return { operations, seconds: Number(process.hrtime.bigint() - start) / 1e9 }
}
