import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GeneratorError } from '../errors.ts'
import type { GeneratedFile } from '../emit/files.ts'
import { digest, readManifest } from './manifest.ts'

/** What a run would change in the output folder. */
export interface WritePlan {
  /** Files that are new, or differ. */
  readonly write: readonly GeneratedFile[]
  /** Paths of those that are missing in the folder; the others in `write` differ. */
  readonly missing: ReadonlySet<string>
  readonly unchanged: number
  /** Own files of an earlier run that are no longer made. */
  readonly stale: readonly string[]
  /** As `stale`, but changed since by someone else: they stay. */
  readonly kept: readonly string[]
}

/** By this a file is known as one of the generator's, when the manifest does not say. */
const MARK = 'binapi-gen'

/**
 * Compares files with what is in the output folder.
 * @throws GeneratorError `BINAPI_OUTPUT` when a file that someone else wrote is in the way
 */
export function planWrite(folder: string, files: readonly GeneratedFile[]): WritePlan {
  const manifest = readManifest(folder)
  const write: GeneratedFile[] = []
  const missing = new Set<string>()
  const foreign: string[] = []
  for (const file of files) {
    const old = readIfPresent(join(folder, file.path))
    if (old === file.text) continue
    write.push(file)
    if (old === undefined) missing.add(file.path)
    else if (!manifest.has(file.path) && !old.includes(MARK)) foreign.push(file.path)
  }
  if (foreign.length > 0) throw inTheWay(folder, foreign)
  const made = new Set(files.map(({ path }) => path))
  const gone = [...manifest].filter(([path]) => !made.has(path))
  const present = gone.flatMap(([path, was]) => {
    const old = readIfPresent(join(folder, path))
    return old === undefined ? [] : [{ path, own: digest(old) === was }]
  })
  return {
    write,
    missing,
    unchanged: files.length - write.length,
    stale: present.filter(({ own }) => own).map(({ path }) => path),
    kept: present.filter(({ own }) => !own).map(({ path }) => path),
  }
}

function inTheWay(folder: string, paths: readonly string[]): GeneratorError {
  const which = paths.length === 1 ? 'a file' : `${paths.length} files`
  return new GeneratorError(
    'BINAPI_OUTPUT',
    `${which} in "${folder}" that the generator did not write would be overwritten: ${paths.join(', ')}; ` +
      'move them away, or choose another --output-dir',
  )
}

/** Text of a file; undefined when there is none. */
function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new GeneratorError('BINAPI_OUTPUT', `cannot read "${path}": ${(error as Error).message}`, {
      cause: error,
    })
  }
}
