import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compareReleases, readRelease, releases } from '@vpp-ts/api-json'
import { GeneratorError } from '../errors.ts'
import { API_JSON, bySource, type Input, type InputFile } from '../schema/input.ts'
import { readFolder } from './folder.ts'

const FOLDER = 'api-json'
/** Names of releases: as VPP's, and of one's own. Never a path. */
const RELEASE = /^[0-9][\w.~-]*$/

/**
 * Definitions of a release: a folder `api-json/RELEASE` here or above, else those of `@vpp-ts/api-json`.
 * @throws GeneratorError `BINAPI_INPUT` when nothing is known of the release
 */
export async function readBundled(release: string): Promise<Input> {
  const found = await findBundled(release)
  if (found !== undefined) return found
  throw new GeneratorError(
    'BINAPI_INPUT',
    `no definitions of release "${release}": ${FOLDER}/ of "${process.cwd()}" and of all folders above it does not have ` +
      `it, and @vpp-ts/api-json has ${releases().join(', ')}; name a folder with --input`,
  )
}

/** Definitions of the release that a place names; undefined when it names a file or folder, or no release that is known. */
export async function findBundled(place: string): Promise<Input | undefined> {
  if (!RELEASE.test(place) || existsSync(place)) return undefined
  const folder = folders().find((parent) => existsSync(join(parent, place)))
  if (folder !== undefined) return readFolder(join(folder, place))
  const packed = readRelease(place)
  if (packed === undefined) return undefined
  const label = `${place} of @vpp-ts/api-json`
  const files = [...packed.files].flatMap(([source, document]): InputFile[] =>
    source.endsWith(API_JSON)
      ? [{ source, file: `${source} (${label})`, bytes: Buffer.from(JSON.stringify(document)) }]
      : [],
  )
  return { files: files.toSorted(bySource), release: place, label }
}

/** Names of the bundled releases between two, in their order; none when either is not known. */
export function releasesBetween(from: string | undefined, to: string | undefined): string[] {
  if (from === undefined || to === undefined || !RELEASE.test(from) || !RELEASE.test(to)) return []
  return bundledReleases().filter((name) => compareReleases(from, name) < 0 && compareReleases(name, to) < 0)
}

/** Names of all releases of the nearest `api-json/`, else of `@vpp-ts/api-json`, in their order. */
export function bundledReleases(): string[] {
  const folder = folders().find((place) => existsSync(place))
  if (folder === undefined) return releases()
  return readdirSync(folder)
    .filter((name) => RELEASE.test(name))
    .toSorted(compareReleases)
}

/** Where folders of releases are looked for, the nearest first: the working directory and all above it. */
function folders(): string[] {
  const places: string[] = []
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    places.push(join(folder, FOLDER))
    if (folder === dirname(folder)) return places
  }
}
