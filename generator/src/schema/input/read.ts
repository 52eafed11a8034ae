import { readFile, stat } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GeneratorError, reasonOf } from '../../errors.ts'
import { readApiFiles } from './api-file.ts'
import { isArchive, readArchive } from './archive.ts'
import { readFolder } from './folder.ts'
import { API_JSON, API_SOURCE, type Input } from './input.ts'
import { readSingleFiles } from './single-file.ts'
import { readDocuments, readStream } from './stream.ts'

/** Where VPP's packages install the definitions. */
export const DEFAULT_INPUT = '/usr/share/vpp/api'

/** What to read. */
export interface InputOptions {
  /**
   * A folder, a `.api.json` file, a tar archive, a VPP source tree, or `-` for standard input. Left out: the bundled
   * definitions of `release`, the environment's `VPP_API_DIR`, or `/usr/share/vpp/api`.
   */
  readonly input?: string | undefined
  /** `.api.json` files to read instead of `input`; or `.api` files, which find what they import in `input`. */
  readonly files?: readonly string[] | undefined
  /** With `input`: the release it is said to be of. Without: which bundled release to read. */
  readonly release?: string | undefined
}

/**
 * Reads the input without looking into it.
 * @throws GeneratorError `BINAPI_INPUT` when it cannot be read or holds no definition
 */
export async function readInput(options: InputOptions): Promise<Input> {
  const input = options.files?.length
    ? await readFiles(options.files, options)
    : await readPlace(chooseInput(options))
  return { ...input, release: options.release ?? input.release }
}

async function readFiles(files: readonly string[], options: InputOptions): Promise<Input> {
  const sources = files.filter((file) => file.endsWith(API_SOURCE))
  if (sources.length === 0) return readSingleFiles(files)
  if (sources.length < files.length) {
    throw new GeneratorError(
      'BINAPI_USAGE',
      `"${files.join('", "')}": give ${API_SOURCE} files or ${API_JSON} files, not both`,
    )
  }
  const { input } = options
  return readApiFiles(sources, {
    folders: input === undefined ? [] : [join(input, 'src'), input],
    definitions: () => readPlace(chooseInput(options)),
    always: input !== undefined || options.release !== undefined,
  })
}

function chooseInput({ input, release }: InputOptions): string {
  if (input !== undefined) return input
  if (release !== undefined) return bundledRelease(release)
  return process.env['VPP_API_DIR'] ?? DEFAULT_INPUT
}

/** Folder of the definitions that come with the project. */
function bundledRelease(release: string): string {
  const places = [
    fileURLToPath(new URL('../../../../api-json', import.meta.url)),
    join(process.cwd(), 'api-json'),
  ]
  for (const place of places) {
    if (/^[\w.~-]+$/.test(release) && existsSync(join(place, release))) return join(place, release)
  }
  throw new GeneratorError(
    'BINAPI_INPUT',
    `no bundled definitions of release "${release}": looked in ${places.join(' and ')}; name a folder with --input`,
  )
}

async function readPlace(place: string): Promise<Input> {
  if (place === '-') return readStream(process.stdin)
  if (await isFolder(place)) return readFolder(place)
  if (place.endsWith(API_JSON)) return readSingleFiles([place])
  const bytes = await readFile(place)
  return isArchive(bytes) ? readArchive(bytes, place) : readDocuments(bytes, place)
}

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory()
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const hint = place === DEFAULT_INPUT ? ' (the default, because no --input was given)' : ''
    const reason = missing ? 'there is no such file or folder' : reasonOf(error)
    throw new GeneratorError('BINAPI_INPUT', `cannot read "${place}"${hint}: ${reason}`, { cause: error })
  }
}
