/** Requests that are under way at once: enough to keep VPP busy, little enough to stop soon. */
const LANES = 512

/** Does `work` for every one of `list`, many at once, begun in order. Begins no more after the first that throws. */
export async function pooled<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const iterator = list.values()
  let failed = false
  const lane = async (): Promise<void> => {
    for (const one of iterator) {
      if (failed) return
      try {
        await work(one)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(LANES, list.length) }, lane))
}
