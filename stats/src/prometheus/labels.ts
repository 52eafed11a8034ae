import { StatsError } from '../errors.ts'
import type { SeriesLabels } from './definitions.ts'

/** @throws StatsError `STATS_ARGUMENT` when Prometheus takes no label of that name */
export function checkLabel(label: string): void {
  if (/^[a-zA-Z_]\w*$/.test(label)) return
  throw new StatsError('STATS_ARGUMENT', `'${label}' cannot be a label: letters, digits and '_' only`)
}

/**
 * Further labels of interfaces; none while their source fails.
 *
 * @throws StatsError `STATS_ARGUMENT` for a name that cannot be a label
 */
export async function readLabels(source: SeriesLabels): Promise<Awaited<ReturnType<SeriesLabels>>> {
  const labels = await source().catch(() => new Map<number, Readonly<Record<string, string>>>())
  for (const name of new Set(Array.from(labels.values(), (it) => Object.keys(it)).flat())) checkLabel(name)
  return labels
}
