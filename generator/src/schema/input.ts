import type { ImportResult } from '../idl/index.ts'

/** A `.api.json` file as bytes, not yet looked at. */
export interface InputFile {
  /** Path below the root of the input with forward slashes, such as `core/ip.api.json`. */
  readonly source: string
  /** Where it is, for people. */
  readonly file: string
  readonly bytes: Uint8Array
}

/** What one run reads. */
export interface Input {
  /** In the order of `source`. */
  readonly files: readonly InputFile[]
  /** Modules that were named by their `.api` files: they are wanted, the others are there to be imported. */
  readonly named?: readonly string[]
  /** VPP release that the input claims to be. */
  readonly release: string | undefined
  /** What was read, for people. */
  readonly label: string
  /** What came from VPP's source: the modules as imported, with what only source files tell. */
  readonly imported?: ImportResult
  /** Commit that it was read from. */
  readonly revision?: { readonly commit: string; readonly date: string }
  /** Checksum of the file that it was fetched as. */
  readonly sha256?: string
}

/** Ending of the files that VPP's API compiler writes. */
export const API_JSON = '.api.json'

/** Ending of the files that VPP's API compiler reads. */
export const API_SOURCE = '.api'

/** Orders files by their path, by code unit, so that nothing depends on the file system. */
export function bySource(a: InputFile, b: InputFile): number {
  return a.source < b.source ? -1 : Number(a.source > b.source)
}

/** Module name that a file's name gives: `ip` for `core/ip.api.json`. */
export function moduleOfFile(source: string): string {
  return source
    .slice(source.lastIndexOf('/') + 1)
    .replace(/(?:\.api)?(?:\.json)?$/, '')
    .replaceAll('.', '_')
}
