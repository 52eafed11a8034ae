import { GeneratorError, reasonOf } from '../errors.ts'
import { importPaths, moduleFiles, partPath, type GeneratedFile } from '../emit/files.ts'
import type { ModulePart } from '../emit/module-part.ts'
import { fileHeader, outputHeader } from '../emit/header.ts'
import type { EmitOptions } from '../emit/options.ts'
import { SourceFile } from '../emit/source-file.ts'
import { packagesTsconfig } from '../emit/tsconfig-file.ts'
import type { Model, ModelModule } from '../model/model.ts'
import type { Plugin, PluginContext } from './plugin.ts'

/** Called before each module, with how many are done. */
export type EmitProgress = (module: string, done: number, total: number) => void

/**
 * Makes all files of the output in memory, in the order of their paths.
 * @throws GeneratorError `BINAPI_PLUGIN` when a plugin fails, or adds a path that is taken or leads elsewhere
 */
export async function emitFiles(
  model: Model,
  plugins: readonly Plugin[],
  options: EmitOptions,
  version: string,
  onModule: EmitProgress = () => {},
): Promise<GeneratedFile[]> {
  const output = new Output()
  let apart = false
  for (const [index, module] of model.modules.entries()) {
    onModule(module.name, index, model.modules.length)
    const header = fileHeader(module, model.release, version, options)
    const parts = await moduleParts(module, model, plugins, header, options)
    apart ||= parts.some(({ name, exported }) => !exported && name.endsWith('.ts'))
    for (const file of moduleFiles(module, model, parts, header, options)) output.add(file, 'the generator')
  }
  const header = outputHeader(model.release, version, options)
  if (options.layout === 'packages') {
    const text = packagesTsconfig(options.project, options.importPrefix ?? '', apart, header)
    output.add({ path: 'tsconfig.json', text }, 'the generator')
  }
  for (const plugin of plugins) {
    const context = {
      ...pluginContext(model, header, options),
      file: (path: string, content: string | SourceFile) =>
        output.add({ path: checkPath(path, plugin), text: textOf(content, header) }, `plugin ${plugin.name}`),
    }
    await guard(plugin, () => plugin.all?.(context))
  }
  return output.sorted()
}

class Output {
  readonly #files = new Map<string, { readonly text: string; readonly by: string }>()

  add({ path, text }: GeneratedFile, by: string): void {
    const other = this.#files.get(path)
    if (other !== undefined) {
      throw new GeneratorError(
        'BINAPI_PLUGIN',
        `${by} adds ${path}, which ${other.by} makes: choose another name`,
      )
    }
    this.#files.set(path, { text, by })
  }

  sorted(): GeneratedFile[] {
    return [...this.#files]
      .map(([path, { text }]) => ({ path, text }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  }
}

async function moduleParts(
  module: ModelModule,
  model: Model,
  plugins: readonly Plugin[],
  header: readonly string[],
  options: EmitOptions,
): Promise<ModulePart[]> {
  const parts: ModulePart[] = []
  for (const plugin of plugins) {
    const context = {
      ...pluginContext(model, header, options, module.name),
      module,
      file: (name: string, content: string | SourceFile, exported = false) => {
        const { peerDependencies } = plugin
        parts.push({
          name: checkPath(name, plugin),
          text: textOf(content, header),
          exported,
          peerDependencies,
        })
      },
    }
    await guard(plugin, () => plugin.module?.(context))
  }
  return parts
}

function pluginContext(
  model: Model,
  header: readonly string[],
  options: EmitOptions,
  module?: string,
): PluginContext {
  return {
    model,
    options,
    header,
    nameOf: (item, file) => file.fromModule(item.module, item.name),
    specifier: (other, name) => partPath(options, module, other, name),
    source: (declared) => new SourceFile(importPaths(options, module), declared),
  }
}

function textOf(content: string | SourceFile, header: readonly string[]): string {
  return typeof content === 'string' ? content : content.text(header)
}

function checkPath(path: string, { name }: Plugin): string {
  const parts = path.split('/')
  if (
    path !== '' &&
    !path.includes('\\') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  ) {
    return path
  }
  throw new GeneratorError(
    'BINAPI_PLUGIN',
    `plugin ${name} adds "${path}": use a relative path below the output folder`,
  )
}

async function guard(plugin: Plugin, work: () => void | Promise<void> | undefined): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof GeneratorError) throw error
    throw new GeneratorError('BINAPI_PLUGIN', `plugin ${plugin.name} failed: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}
