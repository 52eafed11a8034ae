import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Bundled definitions, oldest first. */
export const RELEASES: readonly string[] = readdirSync(join(ROOT, 'api-json'))
  .filter((name) => /^\d+\.\d+/.test(name))
  .toSorted()

/** Folder of the bundled definitions of a release. */
export function bundled(release: string): string {
  return join(ROOT, 'api-json', release)
}

/** A new folder, removed when the test ends. */
export function tempFolder(files: Readonly<Record<string, unknown>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'binapi-gen-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFiles(folder, files)
  return folder
}

/** Writes files below a folder; what is not text or bytes becomes JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    const raw = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(folder, path), raw ? content : JSON.stringify(content))
  }
}

/** All files below a folder by path, without the cache that nobody commits. */
export function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.cache') && statSync(join(folder, path)).isFile())
    .toSorted()
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}
