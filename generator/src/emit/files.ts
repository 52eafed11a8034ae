import type { Model, ModelModule, ModelType, TypeUse } from '../model/model.ts'
import { messagesFile } from './messages-file.ts'
import type { ModulePart } from './module-part.ts'
import type { EmitOptions } from './options.ts'
import { packageFiles, packageFolder, packageName } from './package-files.ts'
import type { ImportPaths } from './source-file.ts'

/** A file of the output: its path below the output folder, with forward slashes. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** The contract between generated code and the runtime. */
export const RUNTIME = '@vpp-ts/runtime/codegen/v1'

/** Folder of a module's files. */
export function moduleFolder(module: string, { layout }: EmitOptions): string {
  return layout === 'packages' ? packageFolder(module) : module
}

/**
 * Where imports lead.
 *
 * @param from module in whose folder the file is; undefined for one at the top of the output folder
 */
export function importPaths(options: EmitOptions, from?: string): ImportPaths {
  const own = `./messages${options.importExtension}`
  const others = (name: string) =>
    options.layout === 'packages' ? packageName(name, options) : partPath(options, from, name, 'messages')
  return { runtime: RUNTIME, module: (name) => (name === from ? own : others(name)) }
}

/** Where the import of a file in the folder of another module leads; `part` is its name without `.ts`. */
export function partPath(
  options: EmitOptions,
  from: string | undefined,
  module: string,
  part: string,
): string {
  if (options.layout === 'packages') return `${packageName(module, options)}/${part}`
  const root = options.importPrefix?.replace(/\/$/, '') ?? (from === undefined ? '.' : '..')
  return `${root}/${module}/${part}${options.importExtension}`
}

/** All files of one module. */
export function moduleFiles(
  module: ModelModule,
  model: Model,
  parts: readonly ModulePart[],
  header: readonly string[],
  options: EmitOptions,
): GeneratedFile[] {
  const folder = moduleFolder(module.name, options)
  const exported = parts.filter((part) => part.exported).map(({ name }) => name.replace(/\.ts$/, ''))
  const files: (readonly [name: string, text: string])[] = [
    ['messages.ts', messagesFile(module, options, importPaths(options, module.name), header)],
    ...parts.map(({ name, text }) => [name, text] as const),
    ['index.ts', indexFile(['messages', ...exported], header, options)],
  ]
  if (options.layout === 'packages')
    files.push(...packageFiles(module, model, importedModules(module), parts, options))
  return files.map(([name, text]) => ({ path: `${folder}/${name}`, text }))
}

function indexFile(
  names: readonly string[],
  header: readonly string[],
  { importExtension }: EmitOptions,
): string {
  const lines = names.map((name) => `export * from './${name}${importExtension}'`)
  return `${[...header.map((line) => `// ${line}`), ...lines].join('\n')}\n`
}

/** Names of the modules whose types a module uses, sorted. */
export function importedModules(module: ModelModule): string[] {
  const names = new Set<string>()
  const look = (use: TypeUse): void => {
    if (use.kind === 'type') names.add(use.type.module)
  }
  for (const type of module.types) usesOf(type).forEach(look)
  for (const { fields } of module.messages) fields.forEach(({ use }) => look(use))
  names.delete(module.name)
  return [...names].toSorted()
}

function usesOf(type: ModelType): TypeUse[] {
  switch (type.kind) {
    case 'enum':
      return []
    case 'alias':
      return [type.use]
    case 'struct':
      return type.fields.map(({ use }) => use)
    case 'union':
      return type.arms.map(({ use }) => use)
  }
}
