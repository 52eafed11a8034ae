import { GeneratorError } from '../errors.ts'
import type { ImportResult } from '../idl/index.ts'
import { API_JSON, bySource, type Input } from '../schema/input.ts'
import { releaseOfFolder } from './release.ts'

/**
 * Reads the `.api` files of a VPP source tree; undefined when the folder has none.
 * @throws GeneratorError `BINAPI_INVALID` with the errors of all files
 */
export async function readSourceTree(folder: string): Promise<Input | undefined> {
  const { importTree } = await import('../idl/index.ts')
  try {
    const imported = await importTree(folder)
    return { ...inputOfModules(imported), release: await releaseOfFolder(folder), label: folder }
  } catch (error) {
    if (error instanceof GeneratorError && error.code === 'BINAPI_INPUT') return undefined
    throw error
  }
}

/** Modules that were imported from VPP's source, as the files that VPP's build would have made. */
export function inputOfModules(
  imported: ImportResult,
  placeOf: (path: string) => string = (path) => path,
): Pick<Input, 'files' | 'imported'> {
  const files = imported.modules.map((module) => ({
    source: `${module.origin}/${module.module}${API_JSON}`,
    file: placeOf(module.path),
    bytes: Buffer.from(module.documented),
  }))
  return { files: files.toSorted(bySource), imported }
}
