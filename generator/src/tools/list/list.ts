import { statusOf } from '../../model/status.ts'
import type { SchemaOptions } from '../../schema/module.ts'
import { fieldsOf, type Catalog, type OwnedType } from '../catalog/catalog.ts'
import { matcher } from '../../schema/glob.ts'

/** What can be listed. */
export const LISTED = ['modules', 'messages', 'types', 'services'] as const
/** What can be listed. */
export type Listed = (typeof LISTED)[number]

/** State of a message. */
export const STATES = ['stable', 'in-progress', 'deprecated'] as const
/** State of a message. */
export type State = (typeof STATES)[number]

/** Which of them; what is left out does not limit. */
export interface ListFilter {
  /** Names, with `*` and `?`. */
  readonly names?: readonly string[]
  /** Names of modules, with `*` and `?`. */
  readonly modules?: readonly string[]
  readonly state?: State | undefined
  /** Name of a type that must be part of it, however deep. */
  readonly uses?: string | undefined
}

/** One line of a list: the same keys in all lines of one list. */
export type Item = Readonly<Record<string, string | number | readonly string[] | null>> & {
  readonly name: string
  readonly module: string
}

/** Lists definitions by module and name. */
export function listDefinitions(catalog: Catalog, what: Listed, filter: ListFilter = {}): Item[] {
  const name = matcher(filter.names ?? [])
  const module = matcher(filter.modules ?? [])
  return collect(catalog, what, filter)
    .filter((item) => name(item.name) && module(item.module))
    .toSorted((a, b) => compare(`${a.module} ${a.name}`, `${b.module} ${b.name}`))
}

function collect(catalog: Catalog, what: Listed, { state, uses }: ListFilter): Item[] {
  switch (what) {
    case 'modules':
      return [...catalog.schema.modules.values()].map((module) => ({
        name: module.name,
        module: module.name,
        version: versionOf(module.options),
        crc: module.crc,
        messages: module.messages.length,
        types: catalog.types.filter((owned) => owned.module === module).length,
        services: module.services.length,
        source: module.source,
      }))
    case 'messages':
      return [...catalog.messages.values()]
        .filter((owned) => uses === undefined || contains(catalog.reach(owned), uses))
        .map(({ module, message }) => ({
          name: message.name,
          module: module.name,
          role: catalog.roleOf(message.name),
          state: stateOf(message.options),
          crc: message.crc,
          fields: message.fields.length,
        }))
        .filter((item) => state === undefined || item.state === state)
    case 'types':
      return catalog.types
        .filter((owned) => uses === undefined || contains(catalog.reach(owned), uses))
        .map(({ module, type }) => ({
          name: type.name,
          module: module.name,
          kind: type.kind === 'enum' && type.flags ? 'enumflag' : type.kind,
          parts: type.kind === 'enum' ? type.members.length : fieldsOf(type).length,
          of: type.kind === 'enum' ? type.base : type.kind === 'alias' ? type.type : null,
        }))
    case 'services':
      return [...catalog.services.values()].map(({ module, service }) => ({
        name: service.request,
        module: module.name,
        reply: service.stream && service.streamMessage === undefined ? null : (service.reply ?? null),
        details: service.streamMessage ?? (service.stream ? (service.reply ?? null) : null),
        events: service.events,
      }))
  }
}

/** State of a message by its options; what is both is on its way out. */
export function stateOf(options: SchemaOptions): State {
  const { deprecated, inProgress } = statusOf(options)
  if (deprecated) return 'deprecated'
  return inProgress ? 'in-progress' : 'stable'
}

function versionOf({ version }: SchemaOptions): string | null {
  return typeof version === 'string' ? version : null
}

function contains(types: ReadonlySet<OwnedType>, name: string): boolean {
  return [...types].some(({ type }) => type.name === name)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
