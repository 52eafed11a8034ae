import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Definitions of one release of VPP. */
export interface Release {
  /** As in `26.06`. */
  readonly release: string
  /**
   * Parsed files by their path below the release, in the order of the paths: `core/ip.api.json`, and `SOURCE.json` with
   * the commit, counts and what only VPP's source tells of each module.
   */
  readonly files: ReadonlyMap<string, unknown>
}

/** Folder of the package, or of the definitions in a checkout. */
const FOLDER = fileURLToPath(new URL('../', import.meta.url))
/** Where the published package has its releases. */
const PACKED = join(FOLDER, 'releases')
const SUFFIX = '.json.gz'
const SOURCE = 'SOURCE.json'

/** Names of the releases that `readRelease` finds, oldest first; candidates come before what they become. */
export function releases(): string[] {
  const folders = namesIn(FOLDER).filter(isFolderOfRelease)
  const packed = namesIn(PACKED)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
  return [...new Set([...folders, ...packed])].sort(compareReleases)
}

/**
 * The definitions of a release.
 * @returns undefined when there is no such release
 */
export function readRelease(release: string): Release | undefined {
  if (!/^\d[\w.~-]*$/.test(release)) return undefined
  if (isFolderOfRelease(release)) return { release, files: readFiles(join(FOLDER, release)) }
  const packed = join(PACKED, release + SUFFIX)
  if (!existsSync(packed)) return undefined
  const files = JSON.parse(gunzipSync(readFileSync(packed)).toString()) as Record<string, unknown>
  return { release, files: new Map(Object.entries(files)) }
}

/** Orders names of releases by year, month and point; `26.10-rc1` is before `26.10`. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  const differing = left.findIndex((part, index) => part !== right[index])
  return differing === -1 ? Number(a > b) - Number(a < b) : (left[differing] ?? 0) - (right[differing] ?? 0)
}

function partsOf(name: string): number[] {
  const [, year, month, point, candidate] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-~]rc(\d+))?/.exec(name) ?? []
  return [Number(year ?? 0), Number(month ?? 0), Number(point ?? 0), Number(candidate ?? Number.MAX_VALUE)]
}

function isFolderOfRelease(name: string): boolean {
  return existsSync(join(FOLDER, name, SOURCE))
}

function readFiles(folder: string): Map<string, unknown> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.json'),
  )
  return new Map(paths.sort().map((path) => [path, JSON.parse(readFileSync(join(folder, path), 'utf8'))]))
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
