import type { z } from 'zod'
import type { Collection } from '../kinds/descriptor.ts'
import type { ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { RequestError } from '../web/request-error.ts'

/** A kind of item as paths call it, and its schema. */
export interface KindCollection extends Pick<Collection, 'path' | 'key' | 'hasTable'> {
  readonly kind: string
  readonly schema: z.ZodType
}

/** All kinds by their paths. */
export function collectionsOf(kinds: Kinds): readonly KindCollection[] {
  return Array.from(kinds.items.values(), ({ kind, schema, collection: { path, key, hasTable } }) => ({
    kind,
    schema,
    path,
    key,
    ...(hasTable === undefined ? {} : { hasTable }),
  }))
}

/**
 * The item that a path names.
 * @param text the last part of the path, decoded
 * @param table of a route
 * @throws RequestError `AGENT_REQUEST` when it can be no key of this kind
 */
export function refOfPath(kinds: Kinds, kind: string, text: string, table: number): ItemRef {
  if (!kinds.items.has(kind))
    throw new RequestError('AGENT_NOT_FOUND', `the instance has no items of kind ${kind}`)
  const { keyOfPath, expected = 'a key' } = kinds.item(kind).collection
  const key = keyOfPath(text, table)
  if (key !== undefined) return { kind, key }
  const message = `path: expected ${expected}; received ${JSON.stringify(text)}`
  throw new RequestError('AGENT_REQUEST', message)
}

/** Parts of the path of an item. */
export interface ItemPath {
  /** First part, as `routes`. */
  readonly collection: string
  /** Last part, decoded. */
  readonly name: string
  /** Parameter `table`; null for kinds without tables. */
  readonly table: number | null
}

/** Where an item is. */
export function pathOf(kinds: Kinds, { kind, key }: ItemRef): ItemPath {
  const { path: collection, hasTable } = kinds.item(kind).collection
  if (hasTable !== true) return { collection, name: key, table: null }
  const at = key.indexOf('/')
  return { collection, name: key.slice(at + 1), table: Number(key.slice(0, at)) }
}

/** Fields of an item that its key determines, so that a request need not repeat them. */
export function fieldsOfKey(kinds: Kinds, { kind, key }: ItemRef): Readonly<Record<string, unknown>> {
  return kinds.item(kind).collection.fieldsOf(key)
}
