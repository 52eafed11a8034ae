import { GeneratorError } from '../errors.ts'
import type { ApiDocument } from '../schema/document.ts'
import { moduleOfFile } from '../schema/input.ts'
import { readInput, type InputOptions } from './read.ts'

/** A module in the form of its `.api.json` file. */
export interface Definition {
  readonly name: string
  readonly document: ApiDocument
}

/**
 * Reads the definition of one module, as VPP's own tool would write it: from an `.api` file, whose imports are found as for
 * bindings, or from a `.api.json` file.
 *
 * @param file the `.api` or `.api.json` file
 * @param options where an `.api` file finds what it imports
 * @throws GeneratorError `BINAPI_INPUT` when a file cannot be read, `BINAPI_INVALID` when it has errors
 */
export async function readDefinition(
  file: string,
  options: Pick<InputOptions, 'input' | 'release'> = {},
): Promise<Definition> {
  const name = moduleOfFile(file)
  const { files } = await readInput({ ...options, files: [file] })
  const found = files.find(({ source }) => moduleOfFile(source) === name)
  try {
    const text = Buffer.from(found?.bytes ?? []).toString('utf8')
    return { name, document: JSON.parse(text) as ApiDocument }
  } catch (error) {
    throw new GeneratorError('BINAPI_INPUT', `"${file}" is not JSON; fetch it again`, { cause: error })
  }
}
