import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
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

/** Folder of the bundles in a published package. */
const BUNDLES = fileURLToPath(new URL('../../releases/', import.meta.url))
/** Folder of the releases in a checkout. */
const CHECKOUT = fileURLToPath(new URL('../../../api-json/', import.meta.url))

/** Newest release that the simulator carries definitions of. */
export const DEFAULT_RELEASE = knownReleases().at(-1) ?? 'none'

/**
 * Definitions of a release that came with the package, or of the checkout it runs from.
 * @throws SimulatorError `SIMULATOR_RELEASE` when there is no such release
 */
export function loadRelease(release: string): ReleaseSource {
  if (!/^[\w.-]+$/.test(release)) throw noRelease(release)
  const folder = join(CHECKOUT, release)
  if (existsSync(folder)) return readReleaseFolder(folder, release)
  const bundle = join(BUNDLES, `${release}.json.gz`)
  if (!existsSync(bundle)) throw noRelease(release)
  return JSON.parse(gunzipSync(readFileSync(bundle)).toString()) as ReleaseSource
}

/** Releases that `loadRelease` finds, oldest first; candidates come before what they become. */
export function knownReleases(): string[] {
  const bundles = filesIn(BUNDLES).map((file) => file.replace(/\.json\.gz$/, ''))
  const folders = filesIn(CHECKOUT).filter((name) => existsSync(join(CHECKOUT, name, 'SOURCE.json')))
  return [...new Set([...bundles, ...folders])].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

function orderOf(release: string): string {
  return release.includes('-rc') ? release : `${release}~`
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function noRelease(release: string): SimulatorError {
  const known = knownReleases().join(', ') || 'none'
  return new SimulatorError(
    'SIMULATOR_RELEASE',
    `no definitions of VPP ${release}; the package has ${known}; others come from a folder (apiDir)`,
  )
}

/**
 * Reads a folder of `.api.json` files: those of VPP's build (`/usr/share/vpp/api`), with its sub-folders.
 * @throws SimulatorError `SIMULATOR_RELEASE` when the folder cannot be read, has no definitions, or a file is no JSON
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
  const known = readFacts(join(folder, 'SOURCE.json'))
  const modules = files.sort().map((file): ModuleSource => {
    const name = file.slice(file.lastIndexOf('/') + 1, -SUFFIX.length)
    return {
      name,
      document: readJson(join(folder, file)),
      rangeCrc: known.get(name)?.rangeCrc,
      plugin: /(^|\/)plugins\//.test(file),
    }
  })
  return { release, modules: modules.filter(({ name }) => known.get(name)?.installed !== false) }
}

/**
 * Reads one `.api.json` file.
 * @throws SimulatorError `SIMULATOR_RELEASE` when it cannot be read or is no JSON
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

/** What a checkout's `SOURCE.json` says on its modules; nothing for other folders. */
function readFacts(path: string): ReadonlyMap<string, ModuleFacts> {
  if (!existsSync(path)) return new Map()
  const { modules } = readJson(path) as { modules: readonly ModuleFacts[] }
  return new Map(modules.map((facts) => [facts.module, facts]))
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'
    throw new SimulatorError('SIMULATOR_RELEASE', `${path} ${reason}`, { cause: error })
  }
}
