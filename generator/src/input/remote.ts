import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { GeneratorError, reasonOf } from '../errors.ts'
import { readArchiveFile } from './archive.ts'
import { readRepository } from './git.ts'
import type { Input } from '../schema/input.ts'
import { asksGit, type PlaceOptions } from './place.ts'
import { releaseOfTag } from './release.ts'
import { checkDigest, digestOf } from './regular-file.ts'

const run = promisify(execFile)

/** Bytes of a file that is fetched; VPP's source packs into some 20 MB. */
const MAX_FETCHED = 256 * 1024 * 1024
const TIMEOUT_MS = 120_000

/** What is known of a file in the cache. */
interface Cached {
  readonly url: string
  readonly etag?: string | undefined
  readonly sha256: string
}

/**
 * Reads an archive or a git repository behind a URL. What was fetched is kept in `$XDG_CACHE_HOME/vpp-ts` and asked for
 * again only if it has changed; with a checksum, not at all.
 *
 * @throws GeneratorError `BINAPI_INPUT` when it cannot be fetched or is not what was pinned
 */
export async function readRemote(url: string, options: PlaceOptions): Promise<Input> {
  if (asksGit(options) || /\.git\/?$|^(?:git|ssh):|^[^/]+@/.test(url)) return readRemoteGit(url, options)
  if (!/^https?:/.test(url)) throw cannot(url, 'only http and https are fetched; for a file give its path')
  const file = await fetchToCache(url, options.sha256)
  const input = await readArchiveFile(file, { within: options, label: url })
  return { ...input, sha256: await digestOf(file) }
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vpp-ts')
}

function cannot(url: string, reason: string, cause?: unknown): GeneratorError {
  return new GeneratorError('BINAPI_INPUT', `cannot fetch "${url}": ${reason}`, { cause })
}

async function fetchToCache(url: string, pinned: string | undefined): Promise<string> {
  const folder = cacheFolder()
  const file = join(folder, createHash('sha256').update(url).digest('hex').slice(0, 32))
  const known = await readNote(file)
  if (known !== undefined && pinned !== undefined && known.sha256 === pinned) {
    await checkDigest(file, pinned, url)
    return file
  }
  await mkdir(folder, { recursive: true })
  const etag = await download(url, file, known?.etag)
  if (etag === 'unchanged') return file
  const part = `${file}.${process.pid}.part`
  try {
    const sha256 = await digestOf(part)
    if (pinned !== undefined) await checkDigest(part, pinned, url)
    await rename(part, file)
    await writeFile(`${file}.json`, JSON.stringify({ url, etag, sha256 } satisfies Cached))
  } finally {
    await rm(part, { force: true })
  }
  return file
}

async function readNote(file: string): Promise<Cached | undefined> {
  try {
    return existsSync(file) ? (JSON.parse(await readFile(`${file}.json`, 'utf8')) as Cached) : undefined
  } catch {
    return undefined
  }
}

/** Fetches to `<file>.<pid>.part`; `unchanged` when the cached file is what the server has. */
async function download(
  url: string,
  file: string,
  etag: string | undefined,
): Promise<string | undefined | 'unchanged'> {
  const part = `${file}.${process.pid}.part`
  try {
    const response = await fetch(url, {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status === 304) return 'unchanged'
    if (!response.ok || response.body === null)
      throw cannot(url, `the server answered ${response.status} ${response.statusText}`.trim())
    await pipeline(limited(response.body, url), createWriteStream(part))
    return response.headers.get('etag') ?? undefined
  } catch (error) {
    await rm(part, { force: true })
    if (error instanceof GeneratorError) throw error
    throw cannot(url, reasonOf((error as Error).cause ?? error), error)
  }
}

async function* limited(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<Uint8Array, void> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MAX_FETCHED) throw cannot(url, `it is larger than ${MAX_FETCHED / 1024 / 1024} MB`)
    yield chunk
  }
}

/** A remote repository as a bare one in the cache, with one commit of each ref that was asked for. */
async function readRemoteGit(url: string, options: PlaceOptions): Promise<Input> {
  const folder = join(cacheFolder(), `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.git`)
  const name = options.tag ?? options.branch ?? options.ref ?? 'HEAD'
  const depth = ['--depth', String(options.depth ?? 1)]
  const source = options.tag === undefined ? name : `refs/tags/${name}`
  const target = `refs/binapi-gen/${createHash('sha256').update(source).digest('hex').slice(0, 16)}`
  try {
    if (!existsSync(folder)) await run('git', ['init', '--quiet', '--bare', folder])
    const fetch = ['-C', folder, 'fetch', '--quiet', '--no-tags', ...depth, '--', url, `+${source}:${target}`]
    await run('git', fetch, { timeout: TIMEOUT_MS, env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } })
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown }
    throw cannot(url, code === 'ENOENT' ? 'git is not installed' : (stderr?.trim() ?? reasonOf(error)), error)
  }
  const { subdir } = options
  const input = await readRepository(
    folder,
    { ref: target, ...(subdir === undefined ? {} : { subdir }) },
    `${url}#${name}`,
  )
  return { ...input, release: input.release ?? releaseOfTag(name) }
}
