import { ScalarStat } from '../entries.ts'
import type { PreparedStats } from '../prepared.ts'

/** The entry that holds the number of workers. */
export const WORKERS = '/sys/num_worker_threads'
/** More threads than VPP can have: beyond that the gauge is nonsense. */
const LIMIT = 1024n

/** Threads of VPP, main thread included; undefined when it does not say. */
export function threadCount(set: PreparedStats): number | undefined {
  const workers = set.get(WORKERS)
  if (!(workers instanceof ScalarStat) || workers.value > LIMIT) return undefined
  return Number(workers.value) + 1
}
