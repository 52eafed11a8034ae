import type { GeneratedFile } from '../emit/files.ts'
import type { Problem } from '../problem.ts'
import { recover, swapIn } from './journal.ts'
import { manifestFile, type FetchedInput } from './manifest.ts'
import { planWrite } from './plan.ts'

/** What a run has changed; numbers of files. */
export interface WriteResult {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
  /** Files that are no longer made and that someone else has changed: they were left alone. */
  readonly kept: readonly string[]
}

/**
 * Brings the output folder to this content: writes what is new or differs, removes own files that are no longer made.
 * @throws GeneratorError `BINAPI_OUTPUT`; the folder's files are then as they were
 */
export function writeOutput(
  folder: string,
  files: readonly GeneratedFile[],
  input?: FetchedInput,
): WriteResult {
  recover(folder)
  // The manifest comes last: until it is in place, the files of the earlier run count as own.
  const { write, unchanged, stale, kept } = planWrite(folder, [...files, manifestFile(files, input)])
  if (write.length > 0 || stale.length > 0) swapIn(folder, write, stale)
  return { written: write.length, unchanged, removed: stale.length, kept }
}

/** Every difference between the output folder and this content; changes nothing. */
export function compareOutput(
  folder: string,
  files: readonly GeneratedFile[],
  input?: FetchedInput,
): Problem[] {
  const { write, missing, stale } = planWrite(folder, [...files, manifestFile(files, input)])
  return [
    ...write.map(({ path }) =>
      missing.has(path)
        ? problem('missing', path, 'is missing')
        : problem('different', path, 'differs from what would be generated'),
    ),
    ...stale.map((path) => problem('stale', path, 'is no longer generated')),
  ]
}

function problem(code: Problem['code'], file: string, message: string): Problem {
  return { code, file, path: '', message, remedy: '' }
}
