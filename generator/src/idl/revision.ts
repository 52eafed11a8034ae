import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { GeneratorError } from '../errors.ts'

const run = promisify(execFile)

/** The commit that a source tree was taken from. */
export interface Revision {
  /** Full hash; ends with `-dirty` when `.api` files of the checkout differ from it. */
  readonly commit: string
  /** When it was committed, ISO 8601; null when not known. */
  readonly date: string | null
}

/**
 * The commit of a tree: what the caller states, else what git says about the checkout.
 *
 * @throws GeneratorError `BINAPI_INPUT` when neither knows it
 */
export async function revisionOf(tree: string, stated: Partial<Revision>): Promise<Revision> {
  if (stated.commit !== undefined) return { commit: stated.commit, date: stated.date ?? null }
  const found = await readCheckout(tree)
  if (found !== undefined) return { ...found, ...stated }
  throw new GeneratorError(
    'BINAPI_INPUT',
    `"${tree}" is not a git checkout: state its commit with --commit (and --date)`,
  )
}

async function readCheckout(tree: string): Promise<Revision | undefined> {
  try {
    const folder = await realpath(tree)
    const top = await git(folder, 'rev-parse', '--show-toplevel')
    // A folder somewhere inside of another project's checkout says nothing about VPP's commit.
    if (top !== folder && top !== dirname(folder)) return undefined
    const [commit = '', date = ''] = (
      await git(folder, 'show', '--no-patch', '--format=%H %cI', 'HEAD')
    ).split(' ')
    const changes = await git(folder, 'status', '--porcelain', '--untracked-files=all', '--', '*.api')
    return { commit: changes === '' ? commit : `${commit}-dirty`, date }
  } catch {
    return undefined
  }
}

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...args], { timeout: 30_000 })
  return stdout.trim()
}
