import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bootstrap.mjs'

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
