import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedFile } from '../emit/files.ts'
import { isSafePath } from './paths.ts'

/** List of the files that the generator wrote, in the output folder. */
export const MANIFEST = '.binapi-gen.json'

/** Digest of each file by path. */
export type Manifest = ReadonlyMap<string, string>

/** What identifies the content of a file. */
export function digest(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex').slice(0, 32)
}

/** The manifest of an output folder; empty when it has none, or none that can be read. */
export function readManifest(folder: string): Manifest {
  try {
    const json = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as { readonly files?: unknown }
    const entries = Object.entries((json.files ?? {}) as Record<string, unknown>)
    return new Map(
      entries.filter(
        (entry): entry is [string, string] => isSafePath(entry[0]) && typeof entry[1] === 'string',
      ),
    )
  } catch {
    return new Map()
  }
}

/** Where definitions were fetched from, and what they were. */
export interface FetchedInput {
  readonly label: string
  readonly sha256?: string | undefined
}

/** The manifest as a file; it pins the checksum of an input that was fetched. */
export function manifestFile(files: readonly GeneratedFile[], input?: FetchedInput): GeneratedFile {
  const digests = Object.fromEntries(files.map(({ path, text }) => [path, digest(text)]))
  const about = 'Files that binapi-gen wrote. It removes those it no longer makes, and nothing else.'
  const fetched = input?.sha256 === undefined ? {} : { input: `${input.label}#sha256=${input.sha256}` }
  return { path: MANIFEST, text: `${JSON.stringify({ about, ...fetched, files: digests }, null, 1)}\n` }
}
