import { z } from 'zod'
import { Turns } from '../model/turns.ts'
import { declarationOf, type Declaration } from '../desired/declaration.ts'
import { InvalidItemError } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { problemOf, problemSchema, type Problem } from '../web/problem.ts'
import { statusSchema, type StatusView } from './views.ts'

/** Answer to one item of many, as JSON. */
const bulkItemSchema = z.object({
  index: z.int().describe('Place in the request, from 0.'),
  accepted: z.boolean(),
  status: statusSchema.optional().describe('Of an accepted item.'),
  problem: problemSchema.optional().describe('What is wrong with one that was not accepted.'),
})

/** Answer to many items, as JSON. */
export const bulkSchema = z.object({
  accepted: z.int(),
  refused: z.int(),
  revision: z.int().describe('Of all items; see /revisions.'),
  items: z.array(bulkItemSchema).describe('In the order of the request.'),
})

/** Answer to one item of many. */
export interface BulkItem {
  readonly index: number
  readonly accepted: boolean
  readonly status?: StatusView
  readonly problem?: Problem
}

/** Items of a request: what they are, or what is wrong with them. */
export interface Parsed {
  /** By place; undefined for one that is wrong. */
  readonly items: readonly (Declaration | undefined)[]
  /** By place. */
  readonly problems: ReadonlyMap<number, Problem>
}

/**
 * Reads many items; others have their turn meanwhile.
 * @param kind of all of them, where the path names it; then they need not
 */
export async function parseItems(
  kinds: Kinds,
  values: readonly unknown[],
  kind: string | undefined,
): Promise<Parsed> {
  const items: (Declaration | undefined)[] = []
  const problems = new Map<number, Problem>()
  const places = new Map<string, number>()
  const turns = new Turns()
  for (const [index, value] of values.entries()) {
    if (turns.over) await turns.next()
    try {
      const where = `item ${index}`
      const item =
        kind === undefined ? declarationOf(value, where, kinds) : declarationOfKind(kinds, value, kind, where)
      const id = `${item.ref.kind} ${item.ref.key}`
      const other = places.get(id)
      if (other !== undefined) {
        throw new InvalidItemError(where, [{ field: '', message: `is the same as item ${other}: ${id}` }])
      }
      places.set(id, index)
      items.push(item)
    } catch (error) {
      items.push(undefined)
      problems.set(index, problemOf(error))
    }
  }
  return { items, problems }
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
