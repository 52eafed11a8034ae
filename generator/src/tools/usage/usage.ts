import type { Model } from '../../model/model.ts'

/** What a program uses of an API: where (`file:line:column`), by wire name. */
export interface Usage {
  /** How many source files were read. */
  readonly files: number
  readonly messages: ReadonlyMap<string, readonly string[]>
  readonly types: ReadonlyMap<string, readonly string[]>
  /** By the wire names of message or struct and field, `ip_route.prefix`. */
  readonly fields: ReadonlyMap<string, readonly string[]>
  /** By the wire names of enum and member, `if_type.IF_API_TYPE_P2P`. */
  readonly members: ReadonlyMap<string, readonly string[]>
  readonly modules: ReadonlySet<string>
}

/**
 * Finds out what the TypeScript or JavaScript below a folder uses of bindings, by its types: classes, fields, enum
 * members, and requests that it sends through clients, followed through aliases, re-exports, wrappers and patterns; and
 * messages that it names in texts, for calls without bindings.
 *
 * @param models the definitions that the bindings may be of
 * @throws GeneratorError `BINAPI_INPUT` for a folder that cannot be read, `BINAPI_INVALID` for source with errors
 */
export async function findUsage(folder: string, models: readonly Model[]): Promise<Usage> {
  // The compiler is loaded only by who asks for it: others import this package for its definitions.
  const { listSources } = await import('../program/list-sources.ts')
  const { UsageCollector } = await import('./collector.ts')
  const sources = await listSources(folder)
  const collector = new UsageCollector()
  for (const model of models) await collector.add(folder, sources, model)
  return { files: sources.length, ...collector.found }
}
