import { createHash } from 'node:crypto'
import type { DefinitionCounts, ImportedModule } from './import-text.ts'
import type { Revision } from './revision.ts'
import type { ModuleOrigin } from './source-layout.ts'

/** A file of a release: its path below the folder of the release, and its content. */
export interface ReleaseFile {
  readonly path: string
  readonly text: string
}

/** Content of `SOURCE.json`: where the definitions of a release come from, and what they are. */
export interface ReleaseSource {
  /** VPP release, such as `26.06`. */
  readonly release: string
  readonly commit: string
  readonly date: string | null
  readonly counts: DefinitionCounts & { readonly modules: number }
  /** `sha256:` and the hex digest that `releaseChecksum` gives. */
  readonly checksum: string
  /** Version of the generator that wrote the files. */
  readonly generator: string
  readonly modules: readonly ReleaseModule[]
}

/** A module of a release. */
export interface ReleaseModule {
  readonly module: string
  readonly origin: ModuleOrigin
  /** The `.api` file below VPP's source root; absent in a release that was imported from `.api.json` files. */
  readonly path?: string
  /** CRC with which VPP registers the message range of the module; absent likewise: no `.api.json` file contains it. */
  readonly rangeCrc?: string
  /** Present for modules that no package of VPP installs. */
  readonly installed?: false
}

/** Path of a module's file below the folder of the release. */
export function releasePath(module: Pick<ReleaseModule, 'module' | 'origin'>): string {
  return `${module.origin}/${module.module}.api.json`
}

/** What `SOURCE.json` says about the modules of a release. */
export function describeRelease(
  modules: readonly ImportedModule[],
  facts: Revision & { readonly release: string; readonly generator: string },
): ReleaseSource {
  return {
    release: facts.release,
    commit: facts.commit,
    date: facts.date,
    counts: { modules: modules.length, ...addCounts(modules) },
    checksum: releaseChecksum(moduleFiles(modules)),
    generator: facts.generator,
    modules: modules.map(({ module, origin, path, cModeCrc, installed }) => ({
      module,
      origin,
      path,
      rangeCrc: cModeCrc,
      ...(installed ? {} : { installed }),
    })),
  }
}

/** The files of a release, `SOURCE.json` last. */
export function releaseFiles(
  modules: readonly ImportedModule[],
  source: ReleaseSource,
): readonly ReleaseFile[] {
  return [...moduleFiles(modules), { path: 'SOURCE.json', text: `${JSON.stringify(source, null, 2)}\n` }]
}

function moduleFiles(modules: readonly ImportedModule[]): ReleaseFile[] {
  return modules.map((module) => ({ path: releasePath(module), text: module.text }))
}

/** Sums of what the modules define. */
function addCounts(modules: readonly Pick<ImportedModule, 'counts'>[]): DefinitionCounts {
  const sum = { messages: 0, types: 0, enums: 0, enumflags: 0, unions: 0, aliases: 0, services: 0 }
  for (const { counts } of modules) {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key]
  }
  return sum
}

/**
 * Checksum of the definitions: SHA-256 over the files in the order of their paths (by code unit), each as path,
 * NUL, content, NUL. `SOURCE.json` is not part of it.
 */
export function releaseChecksum(files: readonly ReleaseFile[]): string {
  const hash = createHash('sha256')
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  for (const { path, text } of sorted) hash.update(`${path}\0${text}\0`)
  return `sha256:${hash.digest('hex')}`
}
