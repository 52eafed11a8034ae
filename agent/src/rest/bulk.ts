import { z } from 'zod'
import type { Many } from '../model/json-list.ts'
import type { Packing } from '../model/packed-map.ts'
import { RefMap } from '../model/ref-map.ts'
import { Turns } from '../model/turns.ts'
import { declarationList, declarationOf, type Declaration } from '../desired/declaration.ts'
import type { DeclaredItems } from '../desired/declared-items.ts'
import { InvalidItemError } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { withSecrets } from './secrets.ts'
import { problemOf, problemSchema, type Problem } from '../web/problem.ts'
import { statusSchema, type StatusView } from './views.ts'

/** Answer to one item of many, as JSON. */
const bulkItemSchema = z.object({
  index: z.int().describe('Index in the request, from 0.'),
  accepted: z.boolean(),
  status: statusSchema.optional().describe('Of an accepted item.'),
  problem: problemSchema.optional().describe('Why an item was not accepted.'),
})

/** Answer to many items, as JSON. */
export const bulkSchema = z.object({
  accepted: z.int(),
  refused: z.int(),
  revision: z.int().describe('Of all items; see /revisions.'),
  items: z.array(bulkItemSchema).describe('In the order of the request.'),
})

/** Answer to many items. */
export type BulkAnswer = z.infer<typeof bulkSchema>

/** Answer to one item of many. */
export interface BulkItem {
  readonly index: number
  readonly accepted: boolean
  readonly status?: StatusView
  readonly problem?: Problem
}

/** Items of a request: what they are, or what is wrong with them. */
export interface Parsed {
  /** Of the request, with those that are wrong. */
  readonly count: number
  /** Those that nothing is wrong with, in order. */
  readonly put: Many<Declaration>
  /** By place in the request. */
  readonly problems: ReadonlyMap<number, Problem>
}

/**
 * Reads many items, restoring hidden secrets; yields to the event loop meanwhile.
 * @param kind of all of them, where the path names it; then they need not
 * @throws InvalidItemError for a hidden secret where there is none
 */
export async function parseItems(
  declared: Pick<DeclaredItems, 'kinds' | 'given'>,
  values: Many<unknown>,
  kind: string | undefined,
): Promise<Parsed> {
  const { kinds } = declared
  const put = declarationList(kinds)
  const problems = new Map<number, Problem>()
  const places = new RefMap<string, number>(() => PLACES)
  const turns = new Turns()
  let index = -1
  for (const value of values) {
    index++
    if (turns.over) await turns.next()
    let declaration: Declaration
    try {
      const where = `item ${index}`
      declaration =
        kind === undefined ? declarationOf(value, where, kinds) : declarationOfKind(kinds, value, kind, where)
      const { ref } = declaration
      const other = places.get(ref.kind, ref.key)
      if (other !== undefined) {
        const message = `is the same as item ${other}: ${ref.kind} ${ref.key}`
        throw new InvalidItemError(where, [{ field: '', message }])
      }
      places.set(ref.kind, ref.key, index)
    } catch (error) {
      problems.set(index, problemOf(error))
      continue
    }
    put.push(await withSecrets(declared, declaration))
  }
  return { count: values.length, put, problems }
}

const PLACES: Packing<number> = {
  write(place, to) {
    to.putWhole(place)
    return true
  },
  read: (_key, from) => from.whole(),
}

/**
 * Reads what came in a request whose path names the kind; the item need not.
 * @param named fields that the path names too
 * @throws InvalidItemError
 */
export function declarationOfKind(
  kinds: Kinds,
  value: unknown,
  kind: string,
  where: string,
  named: object = {},
): Declaration {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
  const declaration = declarationOf(plain ? { kind, ...named, ...value } : value, where, kinds)
  if (declaration.ref.kind === kind) return declaration
  const message = `expected ${kind}; received ${declaration.ref.kind}`
  throw new InvalidItemError(where, [{ field: 'kind', message }])
}
