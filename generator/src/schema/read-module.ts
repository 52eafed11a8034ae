import type { ApiDocument } from './document.ts'
import {
  type SchemaCounterSet,
  type SchemaEnum,
  type SchemaModule,
  type SchemaPath,
  type SchemaService,
} from './module.ts'
import { readBlock, readMessage } from './read-block.ts'
import { bareName } from '../rules/names.ts'
import { isEnumBase, type EnumBaseName } from '../rules/scalars.ts'
import type { FileReport } from './report.ts'
import { TypeTable } from './type-table.ts'

/** Where a file came from. */
export interface ModuleOrigin {
  /** Module name by the file's name. */
  readonly name: string
  readonly file: string
  readonly source: string
}

/**
 * Turns a file of the right shape into a module; notes in the report what contradicts itself.
 *
 * @param skipped places of messages that have not the right shape
 */
export function readModule(
  json: ApiDocument,
  origin: ModuleOrigin,
  report: FileReport,
  skipped: ReadonlySet<number> = new Set(),
): SchemaModule {
  if (json.module !== undefined && json.module !== origin.name) {
    report.add(
      'shape',
      '/module',
      `module is called "${json.module}", the file says "${origin.name}"`,
      `rename the file to ${json.module}.api.json`,
    )
  }
  const skippedNames = new Set<unknown>([...skipped].map((index) => json.messages[index]?.[0]))
  return {
    ...origin,
    crc: json.vl_api_version,
    imports: [...new Set(json.imports ?? [])],
    options: json.options ?? {},
    types: readTypes(json, report),
    messages: json.messages
      .flatMap((message, index) =>
        skipped.has(index) ? [] : [readMessage(message, `/messages/${index}`, report)],
      )
      .map((message) => (isOwnComment(json, message.comment) ? message : { ...message, comment: undefined })),
    services: Object.entries(json.services ?? {})
      .map(([name, service]) => readService(name, service))
      .filter((service) => !messagesOf(service).some((name) => skippedNames.has(name))),
    counters: mergedCounters(json.counters ?? []),
    paths: (json.paths ?? []).flat() as SchemaPath[],
  }
}

function readTypes(json: ApiDocument, report: FileReport): SchemaModule['types'] {
  const table = new TypeTable(report)
  json.enums?.forEach((item, index) => table.add(readEnum(item, `/enums/${index}`, false)))
  json.enumflags?.forEach((item, index) => table.add(readEnum(item, `/enumflags/${index}`, true)))
  for (const [name, { type, length }] of Object.entries(json.aliases ?? {})) {
    table.add({ kind: 'alias', name, type: bareName(type), length, path: `/aliases/${name}` })
  }
  json.unions?.forEach((item, index) => table.add(readBlock('union', item, `/unions/${index}`, report)))
  json.types.forEach((item, index) => table.add(readBlock('struct', item, `/types/${index}`, report)))
  return table.types
}

/**
 * Whether a comment is about what it stands at. VPP's tool before 26.06, whose JSON does not name the module, gives a message
 * the last comment before it, however far above; of those only documentation is believed, such as `/** \brief …`.
 */
function isOwnComment(json: ApiDocument, comment: string | undefined): boolean {
  return json.module !== undefined || comment === undefined || /^\s*\/\*[*!]/.test(comment)
}

type JsonEnum = NonNullable<ApiDocument['enums']>[number]

function readEnum([name, ...rest]: JsonEnum, path: string, flags: boolean): SchemaEnum {
  const members: [string, number][] = []
  let base: EnumBaseName = 'u32'
  for (const item of rest) {
    if (!('enumtype' in item)) members.push([item[0], item[1]])
    else if (isEnumBase(item.enumtype)) base = item.enumtype
  }
  return { kind: 'enum', name, flags, base, members, path }
}

type JsonService = NonNullable<ApiDocument['services']>[string]

function readService(request: string, service: JsonService): SchemaService {
  return {
    request,
    reply: service.reply === 'null' ? undefined : service.reply,
    stream: service.stream ?? false,
    streamMessage: service.stream_msg,
    events: service.events ?? [],
    path: `/services/${request}`,
  }
}

/** Names of all messages that a service needs. */
export function messagesOf({ request, reply, streamMessage, events }: SchemaService): string[] {
  return [request, reply, streamMessage, ...events].filter((name) => name !== undefined)
}

/** Each set and each counter once: a plugin that declares one twice means the same, and an object has no key twice. */
function mergedCounters(sets: readonly SchemaCounterSet[]): SchemaCounterSet[] {
  const merged = new Map<string, Map<string, SchemaCounterSet['elements'][number]>>()
  for (const { name, elements } of sets) {
    const known = merged.get(name) ?? new Map<string, SchemaCounterSet['elements'][number]>()
    merged.set(name, known)
    for (const element of elements) if (!known.has(element.name)) known.set(element.name, element)
  }
  return [...merged].map(([name, elements]) => ({ name, elements: [...elements.values()] }))
}
