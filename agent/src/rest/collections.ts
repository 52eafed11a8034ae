import { BUILT_IN, KINDS } from '../kinds/built-in.ts'
import type { ItemKind, ItemRef } from '../kinds/item.ts'
import { RequestError } from '../web/request-error.ts'

/** A kind of item as a path calls it. */
export interface Collection {
  readonly path: string
  readonly kind: ItemKind
  /** What the key in a path is, for the documentation. */
  readonly key: string
}

/** All kinds by their paths. */
export const COLLECTIONS: readonly Collection[] = BUILT_IN.map(({ kind, collection: { path, key } }) => ({
  path,
  kind,
  key,
}))

/**
 * The item that a path names.
 * @param text the last part of the path, decoded
 * @param table of a route
 * @throws RequestError `AGENT_REQUEST` when it can be no key of this kind
 */
export function refOfPath(kind: string, text: string, table: number): ItemRef {
  const { keyOfPath, expected = 'a key' } = KINDS.item(kind).collection
  const key = keyOfPath(text, table)
  if (key !== undefined) return { kind, key }
  const message = `path: expected ${expected}; received ${JSON.stringify(text)}`
  throw new RequestError('AGENT_REQUEST', message)
}

/** Fields of an item that its key says, so that a request need not say them twice. */
export function fieldsOfKey({ kind, key }: ItemRef): Readonly<Record<string, unknown>> {
  return KINDS.item(kind).collection.fieldsOf(key)
}
