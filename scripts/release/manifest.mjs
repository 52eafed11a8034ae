import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bootstrap.mjs'

/** File of the generator that has the versions of the runtime which bindings ask for. */
export const RANGE_FILE = 'generator/src/emit/runtime-range.ts'

/** The versions of the runtime that bindings ask for. */
export function runtimeRange() {
  const [, range] = /'([^']+)'/.exec(readFileSync(join(root, RANGE_FILE), 'utf8'))
  return range
}

/** Puts what every package carries into a folder that is about to be packed. */
export function addLicence(folder) {
  for (const name of ['LICENSE', 'NOTICE']) copyFileSync(join(root, name), join(folder, name))
}

/** `package.json` of a folder of this repository. */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

/** Fields of the packages of bindings that do not follow from the definitions. */
export function bindingsManifest(directory) {
  const { homepage, bugs, repository } = readManifest('.')
  return {
    homepage,
    bugs,
    repository: { ...repository, directory },
    files: ['NOTICE'],
    scripts: { prepack: 'node ../../scripts/prepack.mjs' },
  }
}
