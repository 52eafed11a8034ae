import { GeneratorError } from '../../errors.ts'
import { bySource, type Input } from './input.ts'
import { releaseOfFolder } from './release.ts'

/**
 * Reads the `.api` files of a VPP source tree; undefined when the folder has none.
 * @throws GeneratorError `BINAPI_INVALID` with the errors of all files
 */
export async function readSourceTree(folder: string): Promise<Input | undefined> {
  const { importTree } = await import('../../idl/index.ts')
  try {
    const { modules } = await importTree(folder)
    const files = modules.map(({ origin, module, path, text }) => ({
      source: `${origin}/${module}.api.json`,
      file: path,
      bytes: Buffer.from(text),
    }))
    return { files: files.toSorted(bySource), release: await releaseOfFolder(folder), label: folder }
  } catch (error) {
    if (error instanceof GeneratorError && error.code === 'BINAPI_INPUT') return undefined
    throw error
  }
}
