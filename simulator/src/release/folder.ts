import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readRelease, releases } from '@vpp-ts/api-json'
import { SimulatorError } from '../errors.ts'

/** Definitions of one VPP release, parsed but not looked into. */
export interface ReleaseSource {
  /** As in `26.06`; `custom` when nobody said. */
  readonly release: string
  readonly modules: readonly ModuleSource[]
}

/** One `.api.json` with what is known about it. */
export interface ModuleSource {
  readonly name: string
  readonly document: unknown
  /** CRC in the name of the module's range of message ids; undefined when unknown. */
  readonly rangeCrc?: string | undefined
  /** True for a module that VPP loads as a plugin. */
  readonly plugin?: boolean | undefined
}

const SUFFIX = '.api.json'
/** What is known of the modules of a release besides their definitions. */
const SOURCE = 'SOURCE.json'

/** Newest release that there are definitions of. */
export const DEFAULT_RELEASE = releases().at(-1) ?? 'none'

/**
 * Definitions of a release that came with `@vpp-ts/api-json`.
 * @throws SimulatorError `SIMULATOR_RELEASE` when there is no such release
 */
export function loadRelease(release: string): ReleaseSource {
  const found = readRelease(release)
  if (found === undefined) {
    throw new SimulatorError(
      'SIMULATOR_RELEASE',
      `no definitions of VPP ${release}; there are ${releases().join(', ') || 'none'}; others come from a folder (apiDir)`,
    )
  }
  return { release, modules: modulesOf(found.files) }
}

/**
 * Reads a folder of `.api.json` files: those of VPP's build (`/usr/share/vpp/api`), with its sub-folders.
 * @throws SimulatorError `SIMULATOR_RELEASE` when the folder cannot be read, has no definitions, or a file is not JSON
 */
export function readReleaseFolder(folder: string, release = 'custom'): ReleaseSource {
  let files: string[]
  try {
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(SUFFIX))
  } catch (error) {
    throw new SimulatorError('SIMULATOR_RELEASE', `cannot read API definitions from ${folder}`, {
      cause: error,
    })
  }
  if (files.length === 0) {
    throw new SimulatorError('SIMULATOR_RELEASE', `${folder} has no files that end in ${SUFFIX}`)
  }
  const source = join(folder, SOURCE)
  const paths = existsSync(source) ? [...files.sort(), SOURCE] : files.sort()
  return { release, modules: modulesOf(new Map(paths.map((path) => [path, readJson(join(folder, path))]))) }
}

/** The modules among the parsed files of a release, by their paths. */
function modulesOf(files: ReadonlyMap<string, unknown>): ModuleSource[] {
  const known = factsOf(files.get(SOURCE))
  return [...files.keys()]
    .filter((path) => path.endsWith(SUFFIX))
    .map((path): ModuleSource => {
      const name = basename(path, SUFFIX)
      const plugin = /(^|\/)plugins\//.test(path)
      return { name, document: files.get(path), rangeCrc: known.get(name)?.rangeCrc, plugin }
    })
    .filter(({ name }) => known.get(name)?.installed !== false)
}

/**
 * Reads one `.api.json` file.
 * @throws SimulatorError `SIMULATOR_RELEASE` when it cannot be read or is not JSON
 */
export function readModule(file: string): ModuleSource {
  return { name: basename(file, SUFFIX), document: readJson(file) }
}

interface ModuleFacts {
  readonly module: string
  readonly rangeCrc?: string
  /** False for modules that VPP builds only for its own tests. */
  readonly installed?: boolean
}

/** What `SOURCE.json` says on the modules; nothing where there is none. */
function factsOf(source: unknown): ReadonlyMap<string, ModuleFacts> {
  const { modules } = (source ?? { modules: [] }) as { modules: readonly ModuleFacts[] }
  return new Map(modules.map((facts) => [facts.module, facts]))
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new SimulatorError('SIMULATOR_RELEASE', `${path} ${reason}`, { cause: error })
  }
}
