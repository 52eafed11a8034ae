import { KINDS } from '../kinds/built-in.ts'
import { InvalidItemError, parseItem, type Item, type ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { PackedList, type ListPacking } from '../model/packed-list.ts'
import { PackedValues } from '../model/packed-values.ts'

/**
 * Version of the schemas by which items are read. An item that was declared under a later one is frozen, since a
 * default may have changed its meaning. Count it up when a field changes its meaning or its default.
 */
export const SCHEMA_VERSION = 2

/** An item as it was given. */
export interface Declaration {
  readonly ref: ItemRef
  /** As its schema reads it, with all defaults. */
  readonly item: Item
  /** As it was given, as JSON. */
  readonly given: string
}

/**
 * Takes what came from outside as a declaration. What is changed in `value` afterwards changes nothing.
 * @param where what to call it in errors
 * @param kinds default: those that come with the agent
 * @throws InvalidItemError
 */
export function declarationOf(value: unknown, where = 'item', kinds: Kinds = KINDS): Declaration {
  const item = parseItem(value, where, kinds)
  return { ref: kinds.refOf(item), item, given: JSON.stringify(value) }
}

/** A list for many declarations. */
export function declarationList(kinds: Kinds): PackedList<Declaration> {
  return new PackedList(declarationPacking(kinds))
}

/** How declarations are written in lists of many. */
export function declarationPacking(kinds: Kinds): ListPacking<Declaration> {
  const items = new PackedValues()
  return {
    write({ item, given }, to) {
      to.putText(given)
      return items.write(item, to)
    },
    read(from) {
      const given = from.text()
      const item = items.read(from) as Item
      return { ref: kinds.refOf(item), item, given }
    },
  }
}

/** A declaration of a key that another one keeps. */
export interface OtherDeclaration {
  readonly origin: string
  readonly item: Item
  /** As it was given, as JSON. */
  readonly given: string
}

/** All declarations of one key. */
export interface Declared {
  readonly origin: string
  readonly item: Item
  readonly others: readonly OtherDeclaration[]
}

/** The value of the store for declarations: the first is in force. */
export function storedText(
  first: { readonly origin: string; readonly given: string },
  others: readonly { readonly origin: string; readonly given: string }[],
): string {
  const head = `"item":${first.given},"origin":${JSON.stringify(first.origin)}`
  if (others.length === 0) return `{${head},"v":${SCHEMA_VERSION}}`
  const rest = others.map(({ origin, given }) => `{"item":${given},"origin":${JSON.stringify(origin)}}`)
  return `{${head},"others":[${rest.join(',')}],"v":${SCHEMA_VERSION}}`
}

interface StoredDeclaration {
  readonly item?: unknown
  readonly origin?: unknown
}

interface Stored extends StoredDeclaration {
  readonly others?: readonly StoredDeclaration[]
  /** Left out by the first format. */
  readonly v?: unknown
}

/** What origins of the first format began with, when every file was one. */
const FILE = 'file:'
/** Origin of the items of a watched folder. */
export const FOLDER_ORIGIN = 'folder'

/**
 * Reads a value of the store.
 * @param where its key
 * @throws InvalidItemError when this version cannot
 */
export function readStored(text: string, where: string, kinds: Kinds): Declared {
  const first = JSON.parse(text) as Stored
  const { v = 1, others = [] } = first
  if (typeof v !== 'number' || v > SCHEMA_VERSION) {
    const message = `was declared under version ${String(v)} of the schemas, this agent knows ${SCHEMA_VERSION}; use a newer agent`
    throw new InvalidItemError(where, [{ field: '', message }])
  }
  return {
    item: parseItem(first.item, where, kinds),
    origin: originOf(first) ?? 'unknown',
    others: others.map((it) => ({
      item: parseItem(it.item, where, kinds),
      origin: originOf(it) ?? 'unknown',
      given: JSON.stringify(it.item),
    })),
  }
}

/** Who declared a value that otherwise cannot be read; undefined when that cannot be read either. */
export function originOfStored(text: string): string | undefined {
  try {
    return originOf(JSON.parse(text) as StoredDeclaration)
  } catch {
    return undefined
  }
}

function originOf({ origin }: StoredDeclaration): string | undefined {
  if (typeof origin !== 'string') return undefined
  return origin.startsWith(FILE) ? FOLDER_ORIGIN : origin
}

/** The item in force of a value, as it was given. @throws SyntaxError when it is not JSON */
export function givenOfStored(text: string): Record<string, unknown> {
  const { item } = JSON.parse(text) as { item?: unknown }
  return typeof item === 'object' && item !== null ? { ...item } : {}
}
