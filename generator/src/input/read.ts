import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { GeneratorError, reasonOf } from '../errors.ts'
import { readArchiveFile, readPacked } from './archive.ts'
import { findBundled, readBundled } from './bundled.ts'
import { readFolder } from './folder.ts'
import { API_JSON, API_SOURCE, type Input } from '../schema/input.ts'
import { LIVE_PREFIX, readLive } from './live.ts'
import type { LiveVpp } from './live-vpp.ts'
import { asksGit, isRemote, parsePlace } from './place.ts'
import { checkDigest, notAFile } from './regular-file.ts'
import { readSingleFiles } from './single-file.ts'

/** Where VPP's packages install the definitions. */
export const DEFAULT_INPUT = '/usr/share/vpp/api'

/** What to read. */
export interface InputOptions {
  /**
   * A folder, a `.api.json` file, an archive (tar, zip, `.deb`), a VPP source tree, a commit of a git repository
   * (`PATH#tag=v26.06`), a URL of an archive or repository, a release such as `26.06`, in an `api-json/` here or above or of
   * `@vpp-ts/api-json`, `vpp:` and the socket of a running VPP, or `-` for standard input. Left out: the bundled definitions of `release`,
   * the environment's `VPP_API_DIR`, or `/usr/share/vpp/api`.
   */
  readonly input?: string | undefined
  /** What asks a running VPP; left out: `@vpp-ts/runtime`, when it is installed. */
  readonly live?: LiveVpp | undefined
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
  const files = options.files ?? []
  const input =
    files.length > 0
      ? await readFiles(files, options)
      : options.input?.endsWith(API_SOURCE) === true
        ? await readFiles([options.input], { ...options, input: undefined })
        : await readDefinitions(options)
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
  const { readApiFiles } = await import('./api-file.ts')
  const { input } = options
  return readApiFiles(sources, {
    folders: input === undefined ? [] : [join(input, 'src'), input],
    definitions: () => readDefinitions(options),
    always: input !== undefined || options.release !== undefined,
  })
}

async function readDefinitions({ input, release, live }: InputOptions): Promise<Input> {
  if (input !== undefined) return readPlace(input, live)
  if (release !== undefined) return readBundled(release)
  return readPlace(process.env['VPP_API_DIR'] ?? DEFAULT_INPUT, live)
}

async function readPlace(named: string, live: LiveVpp | undefined): Promise<Input> {
  if (named === '-') return readPacked(process.stdin, 'standard input')
  if (named.startsWith(LIVE_PREFIX)) return readLive(named, live)
  const { path, options } = parsePlace(named)
  if (isRemote(path, options)) {
    const { readRemote } = await import('./remote.ts')
    return readRemote(path, options)
  }
  if (asksGit(options)) {
    const { readRepository } = await import('./git.ts')
    return readRepository(path, options)
  }
  const bundled = await findBundled(path)
  if (bundled !== undefined) return bundled
  if (await isFolder(path)) return readFolder(join(path, options.subdir ?? '.'))
  if (path.endsWith(API_JSON)) return readSingleFiles([path])
  if (options.sha256 !== undefined) await checkDigest(path, options.sha256)
  return readArchiveFile(path, { within: options })
}

async function isFolder(place: string): Promise<boolean> {
  try {
    const found = await stat(place)
    if (found.isDirectory()) return true
    if (!found.isFile()) throw notAFile(place)
    return false
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const hint =
      place === DEFAULT_INPUT
        ? ' (the default; without a VPP on this machine name a release with --release, as in --release 26.06, or a place with --input)'
        : ''
    const reason = missing ? 'there is no such file or folder' : reasonOf(error)
    throw new GeneratorError('BINAPI_INPUT', `cannot read "${place}"${hint}: ${reason}`, { cause: error })
  }
}
