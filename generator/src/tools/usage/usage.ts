import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { GeneratorError, reasonOf } from '../../errors.ts'
import { MARK } from '../../emit/header.ts'
import { packageFolder } from '../../emit/package-files.ts'
import type { Model, ModelMethod, ModelModule } from '../../model/model.ts'
import { parseSource, type ParsedSource } from './parse-source.ts'

/** What a program uses of an API: where, by wire name. */
export interface Usage {
  /** How many source files were read. */
  readonly files: number
  readonly messages: ReadonlyMap<string, readonly string[]>
  readonly types: ReadonlyMap<string, readonly string[]>
  readonly modules: ReadonlySet<string>
}

const SOURCE = /\.[cm]?[jt]sx?$/
const DECLARATION = /\.d\.[cm]?ts$/
/** How files of bindings begin: these use all there is, and the program does not. */
const GENERATED = `// ${MARK}`
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'coverage'])

/**
 * Finds out which messages the TypeScript below a folder uses: classes that it imports from bindings, requests that it
 * sends through the methods of clients that it imports, and messages that it names in texts, for calls without bindings.
 *
 * @param models the definitions that the bindings may be of
 * @throws GeneratorError `BINAPI_INPUT` for a folder that cannot be read, `BINAPI_INVALID` for source with errors
 */
export async function findUsage(folder: string, models: readonly Model[]): Promise<Usage> {
  const paths = await listSources(folder)
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })))
  const sources = texts
    .filter(({ text }) => !text.startsWith(GENERATED))
    .map(({ path, text }) => parseSource(relative('.', path) || path, text))
  const finder = new UsageFinder(models, sources)
  for (const source of sources) finder.add(source)
  return { files: sources.length, ...finder.found }
}

async function listSources(folder: string): Promise<string[]> {
  try {
    const found: string[] = []
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...(await listSources(path)))
      else if (entry.isFile() && SOURCE.test(entry.name) && !DECLARATION.test(entry.name)) found.push(path)
    }
    return found.toSorted()
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    throw new GeneratorError('BINAPI_INPUT', `cannot list the program in "${folder}": ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

/** Collects what sources use. */
class UsageFinder {
  readonly found = {
    messages: new Map<string, string[]>(),
    types: new Map<string, string[]>(),
    modules: new Set<string>(),
  }
  readonly #modules = new Map<string, ModelModule[]>()
  /** Wire names of all messages: calls without bindings name them. */
  readonly #names: ReadonlySet<string>
  /** Names behind a dot anywhere in the program: a client may be imported in one file and called in another. */
  readonly #members: ReadonlyMap<string, readonly string[]>

  constructor(models: readonly Model[], sources: readonly ParsedSource[]) {
    for (const module of models.flatMap(({ modules }) => modules)) {
      const folder = packageFolder(module.name)
      this.#modules.set(folder, [...(this.#modules.get(folder) ?? []), module])
    }
    const messages = models.flatMap(({ modules }) => modules.flatMap((module) => module.messages))
    this.#names = new Set(messages.map(({ wireName }) => wireName))
    const members = new Map<string, string[]>()
    for (const { file, members: own } of sources)
      for (const [name, line] of own) note(members, name, `${file}:${line}`)
    this.#members = members
  }

  add({ file, imports, members, wireNames }: ParsedSource): void {
    for (const [name, line] of wireNames)
      if (this.#names.has(name)) note(this.found.messages, name, `${file}:${line}`)
    for (const { specifier, names, line } of imports) {
      const place = `${file}:${line}`
      for (const module of this.#modulesAt(specifier)) {
        // All of a module: what of it is used stands behind a dot.
        const used = names ?? [...members.keys()]
        for (const name of used) this.#addName(module, name, place)
      }
    }
  }

  /** Modules that a specifier leads to: `@vpp-ts/binapi-ip-types`, `./binapi/ip_types/index.js`. */
  #modulesAt(specifier: string): readonly ModelModule[] {
    const path = specifier.replace(/\/(?:index|messages|client)(?:\.[cm]?[jt]s)?$/, '')
    const last = packageFolder(path.slice(path.lastIndexOf('/') + 1))
    return this.#modules.get(last) ?? this.#modules.get(last.replace(/^.*?binapi-/, '')) ?? []
  }

  #addName(module: ModelModule, name: string, place: string): void {
    const message = module.messages.find((item) => item.name === name)
    const type = module.types.find((item) => item.name === name)
    if (message !== undefined) note(this.found.messages, message.wireName, place)
    if (type !== undefined) note(this.found.types, type.wireName, place)
    if (name === module.clientName) this.#addCalls(module)
    if (message !== undefined || type !== undefined || name === module.clientName)
      this.found.modules.add(module.name)
  }

  #addCalls({ methods }: ModelModule): void {
    for (const method of methods) {
      for (const place of this.#members.get(method.name) ?? [])
        for (const message of messagesOf(method)) note(this.found.messages, message, place)
    }
  }
}

function messagesOf(method: ModelMethod): string[] {
  switch (method.kind) {
    case 'unary':
      return [method.request.wireName, method.reply.wireName]
    case 'one-way':
      return [method.request.wireName]
    case 'dump':
      return [method.request.wireName, method.details.wireName]
    case 'stream':
      return [method.request.wireName, method.details.wireName, method.reply.wireName]
    case 'event': {
      const { event, want } = method
      return [event.wireName, ...(want === undefined ? [] : [want.request.wireName, want.reply.wireName])]
    }
  }
}

function note(found: Map<string, string[]>, name: string, place: string): void {
  const places = found.get(name)
  if (places === undefined) found.set(name, [place])
  else if (!places.includes(place)) places.push(place)
}
