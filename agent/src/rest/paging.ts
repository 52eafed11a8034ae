import { z } from 'zod'
import { wholeInQuery } from '../web/zod-provider.ts'

/** Most entries of an answer. */
const MOST = 100_000

/** Parameters of a query that pick some of many. */
export const paging = {
  search: z
    .string()
    .max(200)
    .optional()
    .describe('Only what has this text in it, in small letters or capitals.'),
  limit: wholeInQuery(1, MOST).default(1000).describe(`Most entries of the answer, ${MOST} at most.`),
  offset: wholeInQuery(0, Number.MAX_SAFE_INTEGER).default(0).describe('Entries left out in front.'),
}

/** What of many is asked for. */
export interface Page {
  readonly search?: string | undefined
  readonly limit: number
  readonly offset: number
}

/** The part of a list that a query asks for, and how many match. @param textOf what the search looks at */
export function pageOf<T>(list: readonly T[], page: Page, textOf: (one: T) => string) {
  const wanted = page.search?.toLowerCase()
  const found = wanted === undefined ? list : list.filter((one) => textOf(one).toLowerCase().includes(wanted))
  return { total: found.length, entries: found.slice(page.offset, page.offset + page.limit) }
}
