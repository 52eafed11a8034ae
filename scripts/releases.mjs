/** Which releases of VPP the repository has definitions of. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'

/** Folder of the definitions. */
export const API_JSON = join(root, 'api-json')

/** Releases, oldest first: by year and month, candidates before what they become. */
export function releases() {
  return readdirSync(API_JSON)
    .filter((name) => existsSync(join(API_JSON, name, 'SOURCE.json')))
    .toSorted(compareReleases)
}

/** The release that packages/ is generated from. */
export function newestRelease() {
  return releases().at(-1)
}

/** Orders names such as 25.10, 26.06-rc1 and 26.06. */
export function compareReleases(a, b) {
  const [left, right] = [a, b].map(parts)
  const differing = left.findIndex((part, index) => part !== right[index])
  return differing === -1 ? a.localeCompare(b) : left[differing] - right[differing]
}

function parts(name) {
  const [, year = 0, month = 0, point = 0, candidate] =
    /^(\d+)\.(\d+)(?:\.(\d+))?(?:-rc(\d+))?/.exec(name) ?? []
  return [year, month, point, candidate ?? Infinity].map(Number)
}
