import { z } from 'zod'
import { Turns } from '../model/turns.ts'
import { wholeInQuery } from '../web/zod-provider.ts'

/** Maximum entries of an answer. */
const MOST = 100_000

/** Parameters of a query that picks some of many. */
export const paging = {
  search: z.string().max(200).optional().describe('Only what contains this text; case-insensitive.'),
  limit: wholeInQuery(1, MOST).default(1000).describe(`Maximum entries in the response, up to ${MOST}.`),
  offset: wholeInQuery(0, Number.MAX_SAFE_INTEGER).default(0).describe('Entries to skip.'),
}

/** What of many is asked for. */
export interface Page {
  readonly search?: string | undefined
  readonly limit: number
  readonly offset: number
}

/**
 * The part of a list that a query asks for, and how many match. Others have their turn while many are looked at.
 * @param textOf what the search looks at
 * @param isWanted what else must be so
 */
export async function pageOf<T>(
  list: Iterable<T>,
  { search, limit, offset }: Page,
  textOf: (one: T) => string,
  isWanted: (one: T) => boolean = () => true,
): Promise<{ total: number; entries: T[] }> {
  const text = search?.toLowerCase()
  const turns = new Turns()
  const entries: T[] = []
  let total = 0
  for (const one of list) {
    if (turns.over) await turns.next()
    if (!isWanted(one) || (text !== undefined && !textOf(one).toLowerCase().includes(text))) continue
    if (total >= offset && entries.length < limit) entries.push(one)
    total++
  }
  return { total, entries }
}
