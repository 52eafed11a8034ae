import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GeneratorError } from '../errors.ts'

const FOLDER = 'api-json'
/** Names of releases: as VPP's, and of one's own. Never a path. */
const RELEASE = /^[0-9][\w.~-]*$/

/**
 * Folder of the definitions of a release.
 * @throws GeneratorError `BINAPI_INPUT` when nothing is known of the release
 */
export function bundledRelease(release: string): string {
  const found = inBundle(release)
  if (found !== undefined) return found
  throw new GeneratorError(
    'BINAPI_INPUT',
    `no bundled definitions of release "${release}": looked in ${FOLDER}/ of the repository, of "${process.cwd()}" and ` +
      `of all folders above it; name a folder with --input`,
  )
}

/** Folder of the release that a place names; undefined when it names a file or folder, or no release that is known. */
export function findRelease(place: string): string | undefined {
  return existsSync(place) ? undefined : inBundle(place)
}

/** Names of the bundled releases between two, in their order; none when either is not known. */
export function releasesBetween(from: string | undefined, to: string | undefined): string[] {
  if (from === undefined || to === undefined || !RELEASE.test(from) || !RELEASE.test(to)) return []
  return bundledReleases().filter((name) => isBefore(from, name) && isBefore(name, to))
}

/** Names of all bundled releases of the nearest `api-json/`, in their order. */
export function bundledReleases(): string[] {
  const folder = bundles().find((place) => existsSync(place))
  if (folder === undefined) return []
  return readdirSync(folder)
    .filter((name) => RELEASE.test(name))
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
}

/** `25.10` is before `26.02`, and `26.10-rc1` before `26.10`. */
function isBefore(a: string, b: string): boolean {
  const [x, y] = [a, b].map((name) => name.split(/[.~-]/).map((part) => Number.parseInt(part, 10) || 0))
  for (let at = 0; at < 2; at++) {
    const [left, right] = [x?.[at] ?? 0, y?.[at] ?? 0]
    if (left !== right) return left < right
  }
  return a.includes('-rc') && !b.includes('-rc')
}

function inBundle(release: string): string | undefined {
  if (!RELEASE.test(release)) return undefined
  return bundles()
    .map((folder) => join(folder, release))
    .find((folder) => existsSync(folder))
}

/** Where releases are looked for, the nearest first: the working directory, all above it, this program's checkout. */
function bundles(): string[] {
  const places: string[] = []
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    places.push(join(folder, FOLDER))
    if (folder === dirname(folder)) break
  }
  return [...places, fileURLToPath(new URL(`../../../${FOLDER}`, import.meta.url))]
}
