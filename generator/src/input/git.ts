import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { GeneratorError, reasonOf } from '../errors.ts'
import { API_TOOL } from '../idl/old-tool.ts'
import { isSourceTree } from '../idl/source-layout.ts'
import { inputOf } from './archive.ts'
import { API_JSON, API_SOURCE, type Input } from '../schema/input.ts'
import type { PlaceOptions } from './place.ts'
import { releaseOfVersion } from './release.ts'
import { ARCHIVE_LIMITS } from './unpack/budget.ts'
import type { Members } from './unpack/members.ts'
import { unpack } from './unpack/unpack.ts'

const run = promisify(execFile)
const MAX_OUTPUT = 128 * 1024 * 1024

/**
 * Reads definitions of a commit, with git's own command and without a checkout; the repository may be bare.
 *
 * @param label what to call the place; left out: its path and commit
 * @throws GeneratorError `BINAPI_INPUT` when there is no such commit, or it has no definitions
 */
export async function readRepository(path: string, options: PlaceOptions, label?: string): Promise<Input> {
  const name = nameOf(options)
  const commit = (await git(path, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], name))
    .toString()
    .trim()
  const date = (await git(path, ['show', '--no-patch', '--format=%cI', commit], name)).toString().trim()
  const place = label ?? `${path}#${name}`
  const release = await releaseAt(path, commit)
  const input = await inputOf(await filesAt(path, commit, options.subdir, place), place, release)
  return { ...input, revision: { commit, date } }
}

/** The commit as git is to look it up. */
function nameOf({ branch, tag, ref }: PlaceOptions): string {
  if (tag !== undefined) return `refs/tags/${tag}`
  return branch ?? ref ?? 'HEAD'
}

/** Release by the nearest tag: `26.06` at the tag itself, `26.10-rc0~12-gabcdef` behind it, as VPP writes versions. */
async function releaseAt(path: string, commit: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', path, 'describe', '--tags', '--match', 'v*', commit])
    return releaseOfVersion(stdout.trim().replace(/-(\d+)-(g[0-9a-f]+)$/, '~$1-$2'))
  } catch {
    return undefined
  }
}

async function filesAt(
  path: string,
  commit: string,
  subdir: string | undefined,
  label: string,
): Promise<Members> {
  const root = subdir === undefined ? '' : `${subdir}/`
  const listed = await git(path, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit], commit)
  const all = listed
    .toString()
    .split('\0')
    .filter((name) => name.startsWith(root))
  const json = all.filter((name) => name.endsWith(API_JSON))
  const sources = all.filter((name) => name.endsWith(API_SOURCE) || name.endsWith(API_TOOL))
  const wanted = json.length > 0 && !isSourceTree(sources) ? json : sources
  if (wanted.length === 0) return new Map()
  const archive = await git(
    path,
    ['archive', '--format=tar', commit, '--', ...wanted.map((name) => `:(top,literal)${name}`)],
    commit,
  )
  const keep = (name: string) => (name.startsWith(root) ? name.slice(root.length) : undefined)
  const unpacked = await unpack(chunksOf(archive), { label, keep, limits: ARCHIVE_LIMITS })
  return unpacked.kind === 'files' ? unpacked.files : new Map()
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes
}

async function git(path: string, args: readonly string[], name: string): Promise<Buffer> {
  try {
    const { stdout } = await run('git', ['-C', path, ...args], { encoding: 'buffer', maxBuffer: MAX_OUTPUT })
    return stdout
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: Buffer; readonly code?: unknown }
    const said = stderr?.toString().trim().split('\n')[0]
    const reason = code === 'ENOENT' ? 'git is not installed' : said || `there is no commit "${name}"`
    throw new GeneratorError('BINAPI_INPUT', `cannot read the git repository "${path}": ${reason}`, {
      cause: new Error(reasonOf(error)),
    })
  }
}
