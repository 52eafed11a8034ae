import { VppSchemaError, kindOf } from './errors.ts'

/** A list of the document as it came: `[name, …]`, and where it stands. */
export interface Entry {
  readonly name: string
  readonly items: readonly unknown[]
  readonly path: string
}

/** What kind of type an entry defines. */
export type TypeKind = 'struct' | 'union' | 'enum' | 'enumflag' | 'alias'

/** The definition of a type, not yet looked into. */
export interface TypeEntry extends Entry {
  readonly kind: TypeKind
}

/** One `.api.json` document: its lists by name. Entries are looked into when they are needed. */
export interface ApiDocument {
  /** Name of the module; before VPP 26.06 documents do not say it. */
  readonly module: string
  /** CRC of the module, `0x…`; empty when the document has none. */
  readonly crc: string
  readonly types: ReadonlyMap<string, TypeEntry>
  readonly messages: ReadonlyMap<string, Entry>
  /** Requests with what answers them. */
  readonly services: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

/**
 * Indexes a parsed document.
 * @param fallbackName what to call the module when the document does not say
 * @throws VppSchemaError when a list is none, or an entry has no name
 */
export function readDocument(json: unknown, fallbackName: string): ApiDocument {
  if (!isObject(json)) {
    throw new VppSchemaError({ module: fallbackName, path: '' }, `expected an object, found ${kindOf(json)}`)
  }
  const module = typeof json['module'] === 'string' ? json['module'] : fallbackName
  const types = new Map<string, TypeEntry>()
  const addTypes = (key: string, kind: TypeKind): void => {
    for (const entry of entriesOf(module, json, key)) {
      // An import reached over two paths repeats its types; the first one stands.
      if (!types.has(entry.name)) types.set(entry.name, { ...entry, kind })
    }
  }
  addTypes('types', 'struct')
  addTypes('unions', 'union')
  addTypes('enums', 'enum')
  addTypes('enumflags', 'enumflag')
  for (const [name, alias] of membersOf(module, json, 'aliases')) {
    if (!types.has(name))
      types.set(name, { name, items: [name, alias], path: `aliases.${name}`, kind: 'alias' })
  }
  const messages = new Map<string, Entry>()
  for (const entry of entriesOf(module, json, 'messages')) messages.set(entry.name, entry)
  return {
    module,
    crc: typeof json['vl_api_version'] === 'string' ? json['vl_api_version'] : '',
    types,
    messages,
    services: new Map(membersOf(module, json, 'services')),
  }
}

function* entriesOf(module: string, json: Readonly<Record<string, unknown>>, key: string): Iterable<Entry> {
  const list = json[key] ?? []
  if (!Array.isArray(list))
    throw new VppSchemaError({ module, path: key }, `expected an array, found ${kindOf(list)}`)
  for (let index = 0; index < list.length; index++) {
    const items: unknown = list[index]
    const path = `${key}[${index}]`
    if (!Array.isArray(items))
      throw new VppSchemaError({ module, path }, `expected an array, found ${kindOf(items)}`)
    const name: unknown = items[0]
    if (typeof name !== 'string' || name === '') {
      throw new VppSchemaError({ module, path: `${path}[0]` }, `expected a name, found ${kindOf(name)}`)
    }
    yield { name, items, path }
  }
}

function* membersOf(
  module: string,
  json: Readonly<Record<string, unknown>>,
  key: string,
): Iterable<[string, Readonly<Record<string, unknown>>]> {
  const members = json[key] ?? {}
  if (!isObject(members))
    throw new VppSchemaError({ module, path: key }, `expected an object, found ${kindOf(members)}`)
  for (const [name, value] of Object.entries(members)) {
    if (!isObject(value)) {
      throw new VppSchemaError(
        { module, path: `${key}.${name}` },
        `expected an object, found ${kindOf(value)}`,
      )
    }
    yield [name, value]
  }
}

/** True for an object that is not an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
