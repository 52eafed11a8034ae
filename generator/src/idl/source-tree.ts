import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { GeneratorError, reasonOf } from '../errors.ts'
import { importFiles, type ImportResult } from './import-text.ts'
import { API_TOOL, refuseOldTool } from './old-tool.ts'
import { isApiFile } from './source-layout.ts'

/**
 * Imports every `.api` file of a VPP source tree: those below `<tree>/src` when that folder exists, else those
 * below the folder itself. Nothing is written.
 *
 * @throws GeneratorError `BINAPI_INPUT` when the folder cannot be read or holds no `.api` file
 * @throws IdlError with the errors of all files, when there is any
 */
export async function importTree(tree: string): Promise<ImportResult> {
  const root = await findSourceRoot(tree)
  refuseOldTool(await readIfPresent(join(root, API_TOOL)), tree)
  return importFiles(await readApiFiles(root))
}

/** The folder that import paths of a tree are relative to. */
export async function findSourceRoot(tree: string): Promise<string> {
  const source = join(tree, 'src')
  if (await isFolder(source)) return source
  if (await isFolder(tree)) return tree
  throw new GeneratorError(
    'BINAPI_INPUT',
    `"${tree}" is not a folder: name a checkout of VPP, or a folder that contains its src/`,
  )
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

async function readApiFiles(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = (await listApiFiles(root)).toSorted()
  if (paths.length === 0) {
    throw new GeneratorError(
      'BINAPI_INPUT',
      `no .api file below "${root}": name a checkout of VPP, or a folder that contains its src/`,
    )
  }
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readBytes(join(root, path))] as const)),
  )
}

/** Paths with forward slashes, as import statements spell them. Links are not followed. */
async function listApiFiles(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && isApiFile(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
  } catch (error) {
    throw new GeneratorError('BINAPI_INPUT', `cannot list the files below "${root}": ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new GeneratorError('BINAPI_INPUT', `cannot read "${path}": ${reasonOf(error)}`, { cause: error })
  }
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
