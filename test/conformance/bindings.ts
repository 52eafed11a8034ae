import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { generate } from '@vpp-ts/binapi-generator'
import type { JsonValue, MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { Schema } from '@vpp-ts/runtime/dynamic'

/** Release that the vectors were recorded with and vpp_papi reads. */
export const RELEASE = '26.06'

/** Folder of the release's `.api.json` files. */
export const API_FOLDER = folderOf(RELEASE)

/** Release that `packages/` is generated from; a candidate comes before what it becomes. */
export const NEWEST = readdirSync(folderOf(''))
  .filter((name) => /^\d+\.\d+/.test(name))
  .map((name) => (name.includes('-rc') ? name : `${name}~`))
  .toSorted()
  .at(-1)
  ?.replace('~', '') as string

function folderOf(release: string): string {
  return fileURLToPath(new URL(`../../api-json/${release}`, import.meta.url))
}

/** What a message class offers, whichever way it came about. */
export interface AnyMessageClass {
  new (init?: never): object
  readonly descriptor: MessageDescriptor
  fromJSON(json: JsonValue): object
}

/** Finds the class of a message. */
export type Bindings = (module: string, message: string) => AnyMessageClass

/** Parsed `.api.json` files of a release, sorted by module. */
export function apiDocuments(release = RELEASE): { module: string; document: ApiDocument }[] {
  const folder = folderOf(release)
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.api.json'))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
  return paths.map((path) => ({
    module: basename(path, '.api.json'),
    document: JSON.parse(readFileSync(`${folder}/${path}`, 'utf8')) as ApiDocument,
  }))
}

/** What the suites read of a document themselves. */
export interface ApiDocument {
  readonly messages: readonly (readonly [name: string, ...unknown[]])[]
  readonly unions: readonly (readonly [name: string, ...unknown[]])[]
}

/** Classes from the generated packages; for another release than theirs, from the same made in a folder. */
export async function generatedBindings(release = RELEASE): Promise<Bindings> {
  const classes = new Map<string, AnyMessageClass>()
  const folder = release === NEWEST ? undefined : await generateRelease(release)
  for (const { module, document } of apiDocuments(release)) {
    if (document.messages.length === 0) continue
    const name =
      folder === undefined
        ? `@vpp-ts/binapi-${module.replaceAll('_', '-')}`
        : pathToFileURL(`${folder}/${module}/messages.ts`).href
    const { messages } = (await import(/* @vite-ignore */ name)) as { messages: readonly AnyMessageClass[] }
    for (const type of messages) classes.set(type.descriptor.name, type)
  }
  return (module, message) => {
    const found = classes.get(message)
    if (found === undefined) throw new Error(`the package of ${module} has no class for ${message}`)
    return found
  }
}

/** Bindings of a release in a folder of the checkout, where the runtime is found; removed when the process ends. */
async function generateRelease(release: string): Promise<string> {
  const folder = mkdtempSync(fileURLToPath(new URL('bindings-', import.meta.url)))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await generate({ input: folderOf(release), outputDir: folder, importExtension: '.ts' })
  return folder
}

/** Classes made at run time from the same definitions. */
export function dynamicBindings(): Bindings {
  const schema = Schema.fromApiJson(apiDocuments().map(({ document }) => document))
  return (_, message) => schema.message(message) as unknown as AnyMessageClass
}

/** Every way to come by message classes; both must behave alike. */
export const SOURCES: readonly (readonly [name: string, load: () => Bindings | Promise<Bindings>])[] = [
  ['generated packages', () => generatedBindings()],
  ['schemas loaded at run time', dynamicBindings],
]
