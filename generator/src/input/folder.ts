import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { GeneratorError, reasonOf } from '../errors.ts'
import { releaseOfFolder } from './release.ts'
import { API_JSON, bySource, type Input, type InputFile } from '../schema/input.ts'
import { readRegular } from './regular-file.ts'
import { readSourceTree } from './source-tree.ts'

/** Where a checkout of VPP keeps the files that its own build has made. */
const BUILT_API = 'build-root/install-vpp-native/vpp/share/vpp/api'

/**
 * Reads a folder: its `.api.json` files and those of the folders in it (`core/`, `plugins/`); where there are none, the
 * `.api` files of a VPP source tree.
 */
export async function readFolder(folder: string): Promise<Input> {
  const paths = await listApiJson(folder)
  if (paths.length === 0) return readTreeOrFail(folder)
  const files = await Promise.all(paths.map((source) => readInputFile(folder, source)))
  return { files: files.toSorted(bySource), release: await releaseOfFolder(folder), label: folder }
}

/** Reads one file below a folder. */
export async function readInputFile(folder: string, source: string): Promise<InputFile> {
  const file = join(folder, source)
  return { source, file, bytes: await readRegular(file) }
}

/** Paths of the `.api.json` files of a folder, and of the folders in it. */
export async function listApiJson(folder: string): Promise<string[]> {
  try {
    const found: string[] = []
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) found.push(...definitionsAmong([entry]))
      else {
        const inner = await readdir(join(folder, entry.name), { withFileTypes: true })
        found.push(...definitionsAmong(inner).map((name) => `${entry.name}/${name}`))
      }
    }
    return found
  } catch (error) {
    throw new GeneratorError('BINAPI_INPUT', `cannot list "${folder}": ${reasonOf(error)}`, { cause: error })
  }
}

/** Names of the files that hold definitions; a folder may be called like one. */
function definitionsAmong(entries: readonly Dirent[]): string[] {
  return entries
    .filter((entry) => entry.name.endsWith(API_JSON) && !entry.isDirectory())
    .map(({ name }) => name)
}

async function readTreeOrFail(folder: string): Promise<Input> {
  const tree = await readSourceTree(folder)
  if (tree !== undefined) return tree
  throw new GeneratorError(
    'BINAPI_INPUT',
    `no ${API_JSON} file in "${folder}" or one level below it, and no .api file either: ` +
      `name VPP's API folder (/usr/share/vpp/api, or ${BUILT_API} of a build) or a checkout of VPP`,
  )
}
