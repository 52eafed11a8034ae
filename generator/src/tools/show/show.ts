import { readComment } from '../../model/comments.ts'
import type { SchemaField, SchemaModule, SchemaService, SchemaType } from '../../schema/module.ts'
import { similarTo } from '../../schema/similar.ts'
import { fieldsOf, type Catalog, type OwnedMessage, type OwnedType } from '../catalog/catalog.ts'
import { arrayText, counted, fieldText, optionsText, optionText } from '../catalog/text.ts'

/** Definitions of one name. */
export type Found =
  | { readonly kind: 'message'; readonly found: OwnedMessage }
  | { readonly kind: 'type'; readonly found: OwnedType }
  | { readonly kind: 'module'; readonly found: SchemaModule }

/** Everything of a name, which may be that of a message, of types and of a module at once; `vl_api_x_t` is type `x`. */
export function findDefinitions(catalog: Catalog, name: string): Found[] {
  const bare = /^vl_api_(\w+)_t$/.exec(name)?.[1]
  const message = catalog.messages.get(name)
  const module = catalog.schema.modules.get(name)
  return [
    ...(module === undefined ? [] : [{ kind: 'module', found: module } as const]),
    ...(message === undefined ? [] : [{ kind: 'message', found: message } as const]),
    ...catalog.types
      .filter(({ type }) => type.name === (bare ?? name))
      .map((found) => ({ kind: 'type', found }) as const),
  ]
}

/** Names that are nearly the one asked for, for an error. */
export function similarNames(catalog: Catalog, name: string): string[] {
  return similarTo(name, [
    ...catalog.messages.keys(),
    ...catalog.types.map(({ type }) => type.name),
    ...catalog.schema.modules.keys(),
  ])
}

/** A definition as the API language writes it, with all types it is made of behind it. */
export function showText(catalog: Catalog, item: Found): string {
  if (item.kind === 'module') return moduleText(catalog, item.found)
  const types = [...catalog.reach(item.found)].map((owned) => `${typeText(owned)}\n`)
  const own =
    item.kind === 'message'
      ? messageText(catalog, item.found)
      : `${typeText(item.found)}\n${usersText(catalog, item.found)}`
  return [own, ...types].join('\n')
}

function moduleText(catalog: Catalog, module: SchemaModule): string {
  const types = catalog.types.filter((owned) => owned.module === module).map(({ type }) => type.name)
  const lines = [
    `module ${module.name}, ${module.source}, CRC ${module.crc}`,
    ...Object.entries(module.options).map(([name, value]) => `option ${optionText(name, value)}`),
    ...section('imports', module.imports),
    ...section('types', types),
    ...section(
      'messages',
      module.messages.map(({ name }) => name),
    ),
    ...section(
      'counters',
      module.counters.map(({ name, elements }) => `${name}: ${counted(elements.length, 'counter')}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function section(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${heading} (${items.length})`, ...items.map((item) => `  ${item}`)]
}

function messageText(catalog: Catalog, { module, message }: OwnedMessage): string {
  const { name, fields, crc, options, comment } = message
  const lines = [
    `// ${module.source}, CRC ${crc}`,
    ...readComment(comment).text.map((line) => `// ${line}`),
    `define ${name} {`,
    ...Object.entries(options).map(([option, value]) => `  option ${optionText(option, value)};`),
    ...fieldLines(fields),
    '};',
    ...[...catalog.services.values()].flatMap(({ service }) =>
      isPart(service, name) ? [serviceText(service)] : [],
    ),
  ]
  return `${lines.join('\n')}\n`
}

function isPart({ request, reply, streamMessage, events }: SchemaService, name: string): boolean {
  return [request, reply, streamMessage, ...events].includes(name)
}

function serviceText({ request, reply, stream, streamMessage, events }: SchemaService): string {
  const returned = stream && streamMessage === undefined ? `stream ${reply}` : (reply ?? 'null')
  const streamed = streamMessage === undefined ? '' : ` stream ${streamMessage}`
  return `rpc ${request} returns ${returned}${streamed}${events.length === 0 ? '' : ` events ${events.join(', ')}`};`
}

function typeText({ module, type }: OwnedType): string {
  const head = `// ${module.source}`
  switch (type.kind) {
    case 'alias':
      return `${head}\ntypedef ${type.type} ${type.name}${arrayText(aliasArray(type))};`
    case 'enum': {
      const members = type.members.map(([name, value]) => `  ${name} = ${value},`)
      return [
        head,
        `${type.flags ? 'enumflag' : 'enum'} ${type.name} : ${type.base} {`,
        ...members,
        '};',
      ].join('\n')
    }
    default:
      return [
        head,
        `${type.kind === 'struct' ? 'typedef' : 'union'} ${type.name} {`,
        ...fieldLines(fieldsOf(type)),
        '};',
      ].join('\n')
  }
}

function aliasArray({ length }: Extract<SchemaType, { kind: 'alias' }>): SchemaField['array'] {
  return length === undefined ? undefined : { kind: 'fixed', length }
}

function fieldLines(fields: readonly SchemaField[]): string[] {
  return fields.map((field) => `  ${fieldText(field)}${optionsText(field.options)};`)
}

/** Which messages a type is part of. */
function usersText(catalog: Catalog, owned: OwnedType): string {
  const users = [...catalog.messages.values()].filter((message) => catalog.reach(message).has(owned))
  if (users.length === 0) return '// used by no message\n'
  return `// used by ${counted(users.length, 'message')}: ${users.map(({ message }) => message.name).join(', ')}\n`
}

/** The same as data. */
export function showData(catalog: Catalog, item: Found): Readonly<Record<string, unknown>> {
  if (item.kind === 'module') {
    const { types, ...module } = item.found
    const own = catalog.types
      .filter((owned) => owned.module === item.found)
      .map(({ type }) => withoutPath(type))
    return {
      kind: 'module',
      ...(withoutPath(module) as object),
      types: own,
      imported: types.size - own.length,
    }
  }
  const definition = item.kind === 'message' ? item.found.message : item.found.type
  return {
    kind: item.kind,
    module: item.found.module.name,
    definition: withoutPath(definition),
    types: [...catalog.reach(item.found)].map(({ module, type }) => ({
      module: module.name,
      ...(withoutPath(type) as object),
    })),
  }
}

/** Without the places in the files, which are of no use outside of them. */
function withoutPath(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item: unknown) =>
      key === 'path' && String(item).startsWith('/') ? undefined : item,
    ),
  )
}
