import { z } from 'zod'
import { AgentError } from '../model/errors.ts'
import { aclSchema } from './acl/schema.ts'
import { bridgeDomainSchema } from './bridge-domain/schema.ts'
import { interfaceSchema } from './interface/schema.ts'
import { memifSocketSchema } from './memif-socket/schema.ts'
import { nat44StaticSchema } from './nat44-static/schema.ts'
import { neighbourSchema } from './neighbour/schema.ts'
import { routeSchema } from './route/schema.ts'

/** Schema of each kind of item. */
export const ITEM_SCHEMAS = {
  'memif-socket': memifSocketSchema,
  interface: interfaceSchema,
  'bridge-domain': bridgeDomainSchema,
  acl: aclSchema,
  neighbour: neighbourSchema,
  route: routeSchema,
  'nat44-static': nat44StaticSchema,
} as const

/** A kind of item. */
export type ItemKind = keyof typeof ITEM_SCHEMAS

/** All kinds, those first that others stand on. */
export const ITEM_KINDS = Object.keys(ITEM_SCHEMAS) as readonly ItemKind[]

/** Something that VPP is to have. */
export const itemSchema = z.union(Object.values(ITEM_SCHEMAS))

/** Something that VPP is to have, checked, with all defaults and in the one spelling that it is compared by. */
export type Item = z.infer<typeof itemSchema>
/** An item as callers write it. */
export type ItemInput = z.input<typeof itemSchema>
/** The item of a kind. */
export type ItemOf<K extends ItemKind> = Extract<Item, { readonly kind: K }>

/** What names an item: its kind and a key that is natural for the kind. */
export interface ItemRef {
  readonly kind: ItemKind
  readonly key: string
}

/**
 * Key of an item among those of its kind: the name of an interface or ACL, the id of a bridge domain or memif socket,
 * `table/prefix`, `interface/address`, `protocol/address/port/table` of the outside of a mapping.
 */
export function keyOf(item: Item): string {
  switch (item.kind) {
    case 'interface':
    case 'acl':
      return item.name
    case 'bridge-domain':
    case 'memif-socket':
      return String(item.id)
    case 'route':
      return `${item.table}/${item.prefix}`
    case 'neighbour':
      return `${item.interface}/${item.address}`
    case 'nat44-static':
      return `${item.protocol}/${item.externalAddress}/${item.externalPort}/${item.table}`
  }
}

/** Kind and key of an item. */
export function refOf(item: Item): ItemRef {
  return { kind: item.kind, key: keyOf(item) }
}

/** True for the name of a kind. */
export function isItemKind(text: unknown): text is ItemKind {
  return typeof text === 'string' && Object.hasOwn(ITEM_SCHEMAS, text)
}

/** What is wrong with one field of what should be an item. */
export interface ItemProblem {
  /** Path of the field, as in `paths.0.nextHop`; empty for the whole. */
  readonly field: string
  /** What is expected. */
  readonly message: string
}

/** What was given is no item; `problems` names every field that is wrong. */
export class InvalidItemError extends AgentError {
  readonly problems: readonly ItemProblem[]

  constructor(where: string, problems: readonly ItemProblem[]) {
    const lines = problems.map(({ field, message }) => `${field === '' ? '' : `${field}: `}${message}`)
    super('AGENT_INVALID_ITEM', `${where}: ${lines.join('; ')}`)
    this.problems = problems
  }
}

/**
 * Takes what came from outside as an item.
 * @param where what to call it in errors
 * @throws InvalidItemError
 */
export function parseItem(value: unknown, where = 'item'): Item {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  if (!isItemKind(kind)) {
    const message = `expected one of ${ITEM_KINDS.join(', ')}; received ${JSON.stringify(kind) ?? 'nothing'}`
    throw new InvalidItemError(where, [{ field: 'kind', message }])
  }
  const result = ITEM_SCHEMAS[kind].safeParse(value)
  if (result.success) return result.data
  throw new InvalidItemError(
    where,
    result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
  )
}
