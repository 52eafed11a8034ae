import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { GeneratorError } from '../errors.ts'
import { CACHE_FOLDER, isSafePath } from './paths.ts'

/**
 * A change of the output folder that is either made whole or not at all. New files are first written into a folder of
 * their own; then a journal says that all are there; only then are they moved into place. Whoever finds a journal
 * without its process finishes the move; whoever finds staged files without a journal throws them away.
 */
interface Journal {
  /** Paths of new files, in the order of the numbers they are staged under. */
  readonly files: readonly string[]
  /** Paths of files to remove. */
  readonly remove: readonly string[]
}

const STAGING = /^binapi-gen-(\d+)$/
const JOURNAL = 'journal.json'
/** Says when the process was started that stages files: another may have its number by now. */
const OWNER = 'owner'

/** A file to put in place. */
export interface StagedFile {
  readonly path: string
  readonly text: string
}

/**
 * Writes new files beside the output folder's content, then moves them into place and removes others.
 * @throws GeneratorError `BINAPI_OUTPUT`; the content is then as it was
 */
export function swapIn(folder: string, files: readonly StagedFile[], remove: readonly string[]): void {
  const staging = join(folder, CACHE_FOLDER, `binapi-gen-${process.pid}`)
  const made: string[] = []
  try {
    prepareCache(folder)
    mkdirSync(staging)
    writeFileSync(join(staging, OWNER), startOf(process.pid) ?? '')
    for (const [index, { text }] of files.entries()) writeFileSync(join(staging, String(index)), text)
    // What could keep a file from its place must show before the journal is there.
    for (const { path } of files) makeRoom(folder, path, made)
    const journal: Journal = { files: files.map(({ path }) => path), remove }
    writeFileSync(join(staging, `${JOURNAL}.new`), JSON.stringify(journal))
    renameSync(join(staging, `${JOURNAL}.new`), join(staging, JOURNAL))
  } catch (error) {
    if (existsSync(staging)) rmSync(staging, { recursive: true })
    for (const path of made) rmSync(path, { recursive: true })
    throw cannotWrite(folder, error)
  }
  finish(folder, staging)
}

/** Makes the folders that a file needs; notes the topmost of those that were not there. */
function makeRoom(folder: string, path: string, made: string[]): void {
  const topmost = mkdirSync(dirname(join(folder, path)), { recursive: true })
  if (topmost !== undefined) made.push(topmost)
}

/**
 * Finishes or throws away what a killed run has left.
 * @throws GeneratorError `BINAPI_OUTPUT` when another run is at work in the folder
 */
export function recover(folder: string): void {
  const cache = join(folder, CACHE_FOLDER)
  if (!existsSync(cache)) return
  for (const name of readdirSync(cache)) {
    const pid = Number(STAGING.exec(name)?.[1] ?? NaN)
    if (Number.isNaN(pid)) continue
    if (pid !== process.pid && isAlive(pid) && isOwner(pid, join(cache, name))) {
      const message = `process ${pid} is generating into "${folder}": wait for it, or remove "${join(cache, name)}"`
      throw new GeneratorError('BINAPI_OUTPUT', message)
    }
    const staging = join(cache, name)
    if (existsSync(join(staging, JOURNAL))) finish(folder, staging)
    else rmSync(staging, { recursive: true, force: true })
  }
}

/** Makes the cache folder, which keeps itself out of version control. */
export function prepareCache(folder: string): void {
  const cache = join(folder, CACHE_FOLDER)
  mkdirSync(cache, { recursive: true })
  const ignore = join(cache, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
}

function finish(folder: string, staging: string): void {
  try {
    const { files, remove } = readJournal(staging)
    for (const path of files) makeRoom(folder, path, [])
    for (const [index, path] of files.entries()) moveIn(join(staging, String(index)), join(folder, path))
    for (const path of remove) removeFile(folder, path)
    rmSync(staging, { recursive: true, force: true })
  } catch (error) {
    throw cannotWrite(folder, error, `; run again to finish, or remove "${staging}"`)
  }
}

function readJournal(staging: string): Journal {
  const { files, remove } = JSON.parse(readFileSync(join(staging, JOURNAL), 'utf8')) as Journal
  const unsafe = [...files, ...remove].find((path) => !isSafePath(path))
  if (unsafe !== undefined)
    throw new Error(`the journal in "${staging}" names the path "${unsafe}"; remove that folder`)
  return { files, remove }
}

/** A staged file that is gone was moved before the run was killed. */
function moveIn(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(to)) throw error
  }
}

/** Removes a file, and the folders above it that this leaves empty. */
function removeFile(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true })
  for (let up = dirname(path); up !== '.'; up = dirname(up)) {
    try {
      rmdirSync(join(folder, up))
    } catch {
      return
    }
  }
}

/** False when the process of that number is a later one than that which staged the files. */
function isOwner(pid: number, staging: string): boolean {
  const noted = readIfPresent(join(staging, OWNER))
  const now = startOf(pid)
  return noted === undefined || noted === '' || now === undefined || noted === now
}

/** When a process was started, in ticks since the machine was; undefined where `/proc` does not tell. */
function startOf(pid: number): string | undefined {
  // The name of the program, in parentheses, may itself have spaces and parentheses.
  return readIfPresent(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')[19]
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function cannotWrite(folder: string, error: unknown, remedy = ''): GeneratorError {
  const reason = error instanceof Error ? error.message : String(error)
  return new GeneratorError('BINAPI_OUTPUT', `cannot write into "${folder}": ${reason}${remedy}`, {
    cause: error,
  })
}
