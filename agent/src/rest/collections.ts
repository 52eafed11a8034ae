import type { ItemKind, ItemRef } from '../kinds/item.ts'
import { canonicalAddress, canonicalPrefix } from '../model/ip.ts'
import { RequestError } from '../web/request-error.ts'

/** A kind of item as a path calls it. */
export interface Collection {
  readonly path: string
  readonly kind: ItemKind
  /** What the key in a path is, for the documentation. */
  readonly key: string
}

/** All kinds by their paths. */
export const COLLECTIONS: readonly Collection[] = [
  { path: 'memif-sockets', kind: 'memif-socket', key: 'id' },
  { path: 'interfaces', kind: 'interface', key: 'name' },
  { path: 'bridge-domains', kind: 'bridge-domain', key: 'id' },
  { path: 'acls', kind: 'acl', key: 'name' },
  { path: 'neighbours', kind: 'neighbour', key: 'interface/address' },
  { path: 'routes', kind: 'route', key: 'prefix; the table is a parameter' },
  { path: 'nat44-statics', kind: 'nat44-static', key: 'protocol/address/port/table of the outside' },
]

/**
 * The item that a path names.
 * @param text the last part of the path, decoded
 * @param table of a route
 * @throws RequestError `AGENT_REQUEST` when it can be no key of this kind
 */
export function refOfPath(kind: ItemKind, text: string, table: number): ItemRef {
  if (kind === 'route') {
    const prefix = canonicalPrefix(text)
    if (prefix !== undefined) return { kind, key: `${table}/${prefix}` }
    throw wrong(text, 'a prefix such as 192.0.2.0%2F24')
  }
  if (kind === 'neighbour') {
    const slash = text.lastIndexOf('/')
    const address = canonicalAddress(text.slice(slash + 1))
    if (slash > 0 && address !== undefined) return { kind, key: `${text.slice(0, slash)}/${address}` }
    throw wrong(text, 'interface%2Faddress')
  }
  return { kind, key: text }
}

function wrong(text: string, expected: string): RequestError {
  return new RequestError('AGENT_REQUEST', `path: expected ${expected}; received ${JSON.stringify(text)}`)
}

/** Fields of an item that its key says, so that a request need not say them twice. */
export function fieldsOfKey({ kind, key }: ItemRef): Readonly<Record<string, unknown>> {
  const [first = '', second = '', third = '', fourth = ''] = key.split('/')
  switch (kind) {
    case 'interface':
    case 'acl':
      return { name: key }
    case 'bridge-domain':
    case 'memif-socket':
      return { id: Number(key) }
    case 'route':
      return { table: Number(first), prefix: key.slice(first.length + 1) }
    case 'neighbour': {
      const slash = key.lastIndexOf('/')
      return { interface: key.slice(0, slash), address: key.slice(slash + 1) }
    }
    case 'nat44-static':
      return {
        protocol: first,
        externalAddress: second,
        externalPort: Number(third),
        table: Number(fourth),
      }
  }
}
