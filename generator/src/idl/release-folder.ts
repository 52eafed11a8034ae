import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GeneratorError, reasonOf } from '../errors.ts'
import type { ReleaseFile } from './release.ts'

/** What writing a release changed; numbers of files. */
export interface WriteSummary {
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/** Paths that the importer writes; anything else in the folder belongs to someone else. */
const OWN_PATH = /^(?:core|plugins)\/[A-Za-z0-9_.-]+\.api\.json$/

/**
 * Writes a release into a folder. All files are first written beside it and then moved into place, `SOURCE.json`
 * last, so that an error leaves the folder as it was. Files of an earlier import that are no longer needed go;
 * which ones are the importer's own is read from the `SOURCE.json` it left.
 *
 * @throws GeneratorError `BINAPI_OUTPUT` when the folder cannot be written
 */
export async function writeRelease(folder: string, files: readonly ReleaseFile[]): Promise<WriteSummary> {
  let staging: string | undefined
  try {
    const stale = await staleFiles(folder, files)
    const changed = await changedFiles(folder, files)
    await mkdir(dirname(folder), { recursive: true })
    staging = await mkdtemp(`${folder}.new-`)
    for (const file of changed) await writeInto(staging, file)
    for (const file of changed) await moveInto(folder, staging, file)
    for (const path of stale) await rm(join(folder, path), { force: true })
    return { written: changed.length, unchanged: files.length - changed.length, removed: stale.length }
  } catch (error) {
    throw new GeneratorError('BINAPI_OUTPUT', `cannot write "${folder}": ${reasonOf(error)}`, {
      cause: error,
    })
  } finally {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true })
  }
}

async function writeInto(staging: string, { path, text }: ReleaseFile): Promise<void> {
  const target = join(staging, path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, text)
}

async function moveInto(folder: string, staging: string, { path }: ReleaseFile): Promise<void> {
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true })
  await rename(join(staging, path), target)
}

async function changedFiles(folder: string, files: readonly ReleaseFile[]): Promise<ReleaseFile[]> {
  const old = await Promise.all(files.map(({ path }) => readIfPresent(join(folder, path))))
  return files.filter(({ text }, index) => old[index] !== text)
}

async function staleFiles(folder: string, files: readonly ReleaseFile[]): Promise<string[]> {
  const source = await readIfPresent(join(folder, 'SOURCE.json'))
  const current = new Set(files.map(({ path }) => path))
  return source === undefined ? [] : ownPaths(source).filter((path) => !current.has(path))
}

/** Paths that an earlier `SOURCE.json` claims; nothing that could lead out of the folder. */
function ownPaths(source: string): string[] {
  const { modules } = asRecord(parseJson(source))
  if (!Array.isArray(modules)) return []
  return modules
    .map((entry) => asRecord(entry))
    .map(({ origin, module }) => `${String(origin)}/${String(module)}.api.json`)
    .filter((path) => OWN_PATH.test(path))
}

/** The value of a text; undefined when it is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Readonly<Partial<Record<'modules' | 'origin' | 'module', unknown>>> {
  return typeof value === 'object' && value !== null ? value : {}
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
