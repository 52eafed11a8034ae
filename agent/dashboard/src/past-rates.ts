import { ApiError, type Api } from './api.ts'
import { instancePath } from './paths.ts'

/** Rates of the past, in bytes per second. */
export interface PastRates {
  /** Seconds since 1970 of every value. */
  readonly times: readonly number[]
  readonly rx: readonly (number | null)[]
  readonly tx: readonly (number | null)[]
}

/** What the agent keeps of the past. */
interface HistoryAnswer {
  readonly from: string
  readonly step: number
  readonly series: Readonly<Record<'rxBytes' | 'txBytes', { readonly mean: readonly (number | null)[] }>>
}

/**
 * Rates that the agent has kept.
 * @param name of an interface; undefined: all of VPP
 * @param last how far back, as `24h`
 * @returns undefined when the agent keeps none
 * @throws ApiError
 */
export async function pastRates(
  api: Api,
  instance: string,
  name: string | undefined,
  last: string,
): Promise<PastRates | undefined> {
  const of = name === undefined ? ['total'] : ['interfaces', name]
  try {
    const { from, step, series } = await api.get<HistoryAnswer>(instancePath(instance, 'history', ...of), {
      last,
    })
    const begin = Date.parse(from) / 1000
    const rx = series.rxBytes.mean
    return { times: rx.map((_, index) => begin + index * step), rx, tx: series.txBytes.mean }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}
