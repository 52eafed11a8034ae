import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { exactDefaults } from '../rules/defaults.ts'
import type { ApiJson, ImportedModule } from '../idl/index.ts'
import { FileReport } from '../idl/diagnostics.ts'
import { importFiles } from '../idl/import-text.ts'
import { normalizeNewlines } from '../idl/lexer.ts'
import { parseFile } from '../idl/parser.ts'
import { Definitions } from './definitions.ts'
import { API_JSON, bySource, moduleOfFile, type Input, type InputFile } from '../schema/input.ts'
import { readRegular } from './regular-file.ts'
import { textOf } from '../schema/text.ts'

/** Where `.api` files find what they import. */
export interface ImportPlaces {
  /** Folders in which import paths are looked up, behind those around the files themselves. */
  readonly folders: readonly string[]
  /** Reads the definitions for imports that are no file. */
  readonly definitions: () => Promise<Input>
  /** Read the definitions even if nothing is imported from them: modules of theirs are wanted. */
  readonly always: boolean
}

/** `.api` files by the path that imports call them. */
interface Sources {
  readonly files: ReadonlyMap<string, Source>
  /** Import paths that lead to no file. */
  readonly missing: ReadonlySet<string>
}

interface Source {
  readonly place: string
  readonly bytes: Uint8Array
}

/** Import paths that lead into VPP itself, whose definitions are not among those of plugins. */
const CORE = /^(?:vnet|vlib|vlibmemory|vpp)\//

/**
 * Reads `.api` files of someone's own, and what they import: from files around them, as in a checkout of VPP, else from
 * definitions.
 *
 * @throws GeneratorError `BINAPI_INVALID` with the errors of all files; `BINAPI_INPUT` when one cannot be read
 */
export async function readApiFiles(paths: readonly string[], places: ImportPlaces): Promise<Input> {
  const { files, missing } = await readSources(paths, places.folders)
  const definitions =
    missing.size > 0 || places.always ? await Definitions.of(await places.definitions()) : undefined
  const modules = importSources(files, definitions?.print(missing) ?? new Map())
  const own = modules.map((module) => inputFile(module, files, missing.size > 0))
  const taken = new Set(own.map(({ source }) => moduleOfFile(source)))
  const others = definitions?.input.files.filter(({ source }) => !taken.has(moduleOfFile(source))) ?? []
  return {
    files: [...own, ...others].toSorted(bySource),
    named: paths.map(moduleOfFile),
    release: definitions?.input.release,
    label: paths.join(', '),
  }
}

async function readSources(paths: readonly string[], folders: readonly string[]): Promise<Sources> {
  const files = new Map<string, Source>()
  const missing = new Set<string>()
  const add = async (key: string, place: string): Promise<void> => {
    const bytes = await readRegular(place)
    files.set(key, { place, bytes })
    for (const path of importsOf(key, textOf(bytes))) {
      if (files.has(path) || missing.has(path)) continue
      const found = await findSource(path, [...foldersAround(place), ...folders])
      const named = [...files].find(([, file]) => file.place === found)
      // A file that is named by the user is called what others call it.
      if (named !== undefined) files.delete(named[0])
      if (found === undefined) missing.add(path)
      else await add(path, found)
    }
  }
  for (const path of paths) {
    const place = resolve(path)
    if (![...files.values()].some((file) => file.place === place)) await add(basename(path), place)
  }
  return { files, missing }
}

/** Import paths of a file; what is wrong with it is said when it is imported. */
function importsOf(key: string, text: string): string[] {
  const normalized = normalizeNewlines(text)
  const { statements } = parseFile(normalized, new FileReport(key, normalized))
  return statements.flatMap((statement) => (statement.kind === 'import' ? [statement.path] : []))
}

/** The folder of a file and all that it lies in: one of them is the root of its import paths. */
function foldersAround(place: string): string[] {
  const folders: string[] = []
  for (let folder = dirname(place); ; folder = dirname(folder)) {
    folders.push(folder)
    if (folder === dirname(folder)) return folders
  }
}

async function findSource(path: string, folders: readonly string[]): Promise<string | undefined> {
  if (path.startsWith('/') || path.split('/').includes('..')) return undefined
  for (const folder of folders) {
    const place = resolve(join(folder, path))
    try {
      if ((await stat(place)).isFile()) return place
    } catch {
      continue
    }
  }
  return undefined
}

function importSources(
  files: ReadonlyMap<string, Source>,
  definitions: ReadonlyMap<string, string>,
): ImportedModule[] {
  const own = [...files].map(([path, { bytes }]): [string, Uint8Array] => [path, bytes])
  const { modules } = importFiles(new Map<string, string | Uint8Array>([...definitions, ...own]))
  return modules.filter(({ path }) => files.has(path))
}

/**
 * A file as VPP's tool would write it. The order of the statements of imported definitions is not known,
 * and with it `vl_api_version`: in its place comes the CRC of the file alone, which is what VPP writes to C headers.
 */
function inputFile(
  module: ImportedModule,
  files: ReadonlyMap<string, Source>,
  hasDefinitions: boolean,
): InputFile {
  const { path, cModeCrc } = module
  const document = JSON.parse(exactDefaults(module.documented)) as ApiJson
  const version = hasDefinitions ? { vl_api_version: `0x${cModeCrc}` } : {}
  const source = `${CORE.test(path) ? 'core' : 'plugins'}/${module.module}${API_JSON}`
  return {
    source,
    file: files.get(path)?.place ?? path,
    bytes: Buffer.from(JSON.stringify({ ...document, ...version })),
  }
}
