import { readFileSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonValue, MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { Schema } from '@vpp-ts/runtime/dynamic'

/** Release that `packages/` is generated from and vpp_papi reads. */
export const RELEASE = '26.06'

/** Folder of the release's `.api.json` files. */
export const API_FOLDER = fileURLToPath(new URL(`../../api-json/${RELEASE}`, import.meta.url))

/** What a message class offers, whichever way it came about. */
export interface AnyMessageClass {
  new (init?: never): object
  readonly descriptor: MessageDescriptor
  fromJSON(json: JsonValue): object
}

/** Finds the class of a message. */
export type Bindings = (module: string, message: string) => AnyMessageClass

/** Parsed `.api.json` files of the release, sorted by module. */
export function apiDocuments(): { module: string; document: ApiDocument }[] {
  const paths = readdirSync(API_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.api.json'))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
  return paths.map((path) => ({
    module: basename(path, '.api.json'),
    document: JSON.parse(readFileSync(`${API_FOLDER}/${path}`, 'utf8')) as ApiDocument,
  }))
}

/** What the suites read of a document themselves. */
export interface ApiDocument {
  readonly messages: readonly (readonly [name: string, ...unknown[]])[]
  readonly unions: readonly (readonly [name: string, ...unknown[]])[]
}

/** Classes from the generated packages. */
export async function generatedBindings(): Promise<Bindings> {
  const classes = new Map<string, AnyMessageClass>()
  for (const { module, document } of apiDocuments()) {
    if (document.messages.length === 0) continue
    const name = `@vpp-ts/binapi-${module.replaceAll('_', '-')}`
    const { messages } = (await import(name)) as { messages: readonly AnyMessageClass[] }
    for (const type of messages) classes.set(type.descriptor.name, type)
  }
  return (module, message) => {
    const found = classes.get(message)
    if (found === undefined) throw new Error(`the package of ${module} has no class for ${message}`)
    return found
  }
}

/** Classes made at run time from the same definitions. */
export function dynamicBindings(): Bindings {
  const schema = Schema.fromApiJson(apiDocuments().map(({ document }) => document))
  return (_, message) => schema.message(message) as unknown as AnyMessageClass
}

/** Every way to come by message classes; both must behave alike. */
export const SOURCES: readonly (readonly [name: string, load: () => Bindings | Promise<Bindings>])[] = [
  ['generated packages', generatedBindings],
  ['schemas loaded at run time', dynamicBindings],
]
