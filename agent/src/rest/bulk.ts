import { setImmediate as breathe } from 'node:timers/promises'
import { z } from 'zod'
import { InvalidItemError, parseItem, refOf, type Item, type ItemKind } from '../kinds/item.ts'
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
  readonly items: readonly (Item | undefined)[]
  /** By place. */
  readonly problems: ReadonlyMap<number, Problem>
}

/** Items looked at before others have their turn. */
const AT_A_TIME = 500

/**
 * Looks at many items.
 * @param kind of all of them, where the path names it; then they need not
 */
export async function parseItems(values: readonly unknown[], kind: ItemKind | undefined): Promise<Parsed> {
  const items: (Item | undefined)[] = []
  const problems = new Map<number, Problem>()
  const places = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    if (index % AT_A_TIME === AT_A_TIME - 1) await breathe()
    try {
      const where = `item ${index}`
      const item = kind === undefined ? parseItem(value, where) : parseItemOf(value, kind, where)
      const ref = refOf(item)
      const id = `${ref.kind} ${ref.key}`
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
 * Takes what came in a request whose path names the kind; the item need not.
 * @throws InvalidItemError
 */
export function parseItemOf(value: unknown, kind: ItemKind, where: string): Item {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value)
  const item = parseItem(plain && !('kind' in value) ? { kind, ...value } : value, where)
  if (item.kind === kind) return item
  const message = `expected ${kind}; received ${item.kind}`
  throw new InvalidItemError(where, [{ field: 'kind', message }])
}
