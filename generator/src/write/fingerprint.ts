import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Input } from '../schema/input.ts'
import { prepareCache } from './journal.ts'
import { digest, MANIFEST, readManifest } from './manifest.ts'
import { CACHE_FOLDER } from './paths.ts'

const FILE = 'binapi-gen.json'

/** What identifies a run: the input, the options, and the generator itself. */
export function fingerprint(input: Input, options: unknown): string {
  const hash = createHash('sha256').update(
    JSON.stringify([options, input.release, input.sha256, generatorDigest()]),
  )
  for (const { source, bytes } of input.files) hash.update(`\0${source}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

/** Digest of the generator's own files: another build may write other files under one version. */
function generatorDigest(): string {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const hash = createHash('sha256')
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (/(?<!\.test|\.d)\.[jt]s$/.test(name)) hash.update(name).update(readFileSync(join(root, name)))
  }
  return hash.digest('hex')
}

/** What the last run noted, if it was this one and its files are as it left them. */
export function recallRun<T>(folder: string, print: string): T | undefined {
  try {
    const noted = JSON.parse(readFileSync(join(folder, CACHE_FOLDER, FILE), 'utf8')) as {
      readonly fingerprint?: unknown
      readonly manifest?: unknown
      readonly result?: T
    }
    const manifest = readManifest(folder)
    if (noted.fingerprint !== print || manifest.size === 0) return undefined
    // Another checkout of the folder brings another manifest along, which its files fit as well.
    if (noted.manifest !== manifestDigest(folder)) return undefined
    for (const [path, was] of manifest) if (digest(readFileSync(join(folder, path))) !== was) return undefined
    return noted.result
  } catch {
    return undefined
  }
}

/** Notes a run, so that the next can see that there is nothing to do. */
export function noteRun(folder: string, print: string, result: unknown): void {
  prepareCache(folder)
  const note = { fingerprint: print, manifest: manifestDigest(folder), result }
  writeFileSync(join(folder, CACHE_FOLDER, FILE), JSON.stringify(note))
}

function manifestDigest(folder: string): string {
  return digest(readFileSync(join(folder, MANIFEST)))
}
