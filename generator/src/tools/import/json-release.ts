import type { ModuleOrigin } from '../../idl/index.ts'
import { JsonFloat, printJson, type JsonTree } from '../../idl/json-text.ts'
import { releaseChecksum, type ReleaseFile, type ReleaseSource } from '../../idl/release.ts'
import type { Revision } from '../../idl/revision.ts'
import { moduleOfFile, type Input } from '../../schema/input.ts'
import type { Schema, SchemaModule, SchemaType } from '../../schema/module.ts'
import { Catalog } from '../catalog/catalog.ts'
import { exportFiles } from '../export/export.ts'

/** What is stated of definitions that say nothing of where they come from. */
export interface JsonReleaseFacts extends Revision {
  readonly release: string
  readonly generator: string
  /** Folder of modules that are known from other releases: a running VPP does not tell. */
  readonly origins: ReadonlyMap<string, ModuleOrigin>
}

/**
 * The files of a release from `.api.json` files, as the importer makes them from source: the same layout, facts only.
 * What only the source has is left out of `SOURCE.json`: paths of `.api` files and CRCs of message ranges.
 *
 * @param input files as they were read
 * @param schema the same, loaded
 */
export function jsonReleaseFiles(
  input: Input,
  schema: Schema,
  facts: JsonReleaseFacts,
): { readonly files: readonly ReleaseFile[]; readonly source: ReleaseSource } {
  const exported = exportFiles(input, schema).filter(({ path }) => path.endsWith('.json'))
  const isFlat = new Set(
    input.files.flatMap(({ source }) => (source.includes('/') ? [] : [moduleOfFile(source)])),
  )
  const modules = exported.map(({ path, bytes }) => {
    const module = moduleOfFile(path)
    const known = isFlat.has(module) ? facts.origins.get(module) : undefined
    const origin = known ?? (path.startsWith('core/') ? 'core' : 'plugins')
    const json = JSON.parse(Buffer.from(bytes).toString('utf8')) as Readonly<Record<string, unknown>>
    return {
      module,
      origin,
      path: `${origin}/${module}.api.json`,
      text: printJson(factsOf({ module, ...json })),
    }
  })
  const files = modules.map(({ path, text }) => ({ path, text }))
  const source: ReleaseSource = {
    release: facts.release,
    commit: facts.commit,
    date: facts.date,
    counts: countsOf(schema),
    checksum: releaseChecksum(files),
    generator: facts.generator,
    modules: modules
      .map(({ module, origin }) => ({ module, origin }))
      .toSorted((a, b) => (a.module < b.module ? -1 : 1)),
  }
  return { files: [...files, { path: 'SOURCE.json', text: `${JSON.stringify(source, null, 2)}\n` }], source }
}

/** A document as it is printed: without comments, which are not facts, and with floats that stay floats. */
function factsOf(value: unknown): JsonTree {
  if (Array.isArray(value)) return listOf(value)
  if (typeof value !== 'object' || value === null) return value as JsonTree
  return new Map(
    Object.entries(value)
      .filter(([key, item]) => key !== 'comment' || typeof item !== 'string')
      .map(([key, item]) => [key, factsOf(item)]),
  )
}

/** A type's trailer that only had a comment goes with it; the default of an `f64` is a float, whatever it looks like. */
function listOf(items: readonly unknown[]): JsonTree {
  const kept = items.filter((item) => !isCommentOnly(item))
  return kept.map((item) => {
    const isDefault = items[0] === 'f64' && typeof item === 'object' && item !== null && 'default' in item
    if (!isDefault || typeof item.default !== 'number') return factsOf(item)
    return new Map<string, JsonTree>(
      Object.entries(item).map(([key, option]) => [
        key,
        typeof option === 'number' ? new JsonFloat(option) : factsOf(option),
      ]),
    )
  })
}

function isCommentOnly(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false
  const keys = Object.keys(item)
  return keys.length === 1 && keys[0] === 'comment'
}

function countsOf(schema: Schema): ReleaseSource['counts'] {
  const { types } = new Catalog(schema)
  const modules = [...schema.modules.values()]
  const kinds = (isOne: (type: SchemaType) => boolean) => types.filter(({ type }) => isOne(type)).length
  const sum = (of: (module: SchemaModule) => number) =>
    modules.reduce((total, module) => total + of(module), 0)
  return {
    modules: modules.length,
    messages: sum(({ messages }) => messages.length),
    types: kinds(({ kind }) => kind === 'struct'),
    enums: kinds((type) => type.kind === 'enum' && !type.flags),
    enumflags: kinds((type) => type.kind === 'enum' && type.flags),
    unions: kinds(({ kind }) => kind === 'union'),
    aliases: kinds(({ kind }) => kind === 'alias'),
    services: sum(({ services }) => services.length),
  }
}
