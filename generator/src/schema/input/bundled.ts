import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GeneratorError } from '../../errors.ts'

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
  return [...places, fileURLToPath(new URL(`../../../../${FOLDER}`, import.meta.url))]
}
