import { importedModules } from '../../emit/files.ts'
import { emitOptions } from '../../emit/options.ts'
import { packageFolder } from '../../emit/package-files.ts'
import type { Model, ModelModule } from '../../model/model.ts'
import { rpc } from '../../plugin/rpc.ts'
import { emitFiles } from '../../plugin/run.ts'
import { generatorVersion } from '../../version.ts'

/** A file of a module's bindings, and which. */
export interface BindingPart {
  readonly module: string
  readonly part: 'index' | 'messages' | 'client'
}

const PART = /\/(index|messages|client)(?:\.[cm]?[jt]s)?$/

/** Names of modules by the names that packages and folders have. */
export class BindingNames {
  readonly #modules = new Map<string, string>()

  constructor(modules: Iterable<string>) {
    for (const name of modules) this.#modules.set(packageFolder(name), name)
  }

  /** What a specifier leads to: `@vpp-ts/binapi-ip-types`, `./binapi/ip_types/messages.js`; undefined for all else. */
  partOf(specifier: string): BindingPart | undefined {
    const name = BindingNames.nameIn(specifier)
    const module = name === undefined ? undefined : this.#modules.get(packageFolder(name))
    const part = (PART.exec(specifier)?.[1] ?? 'index') as BindingPart['part']
    return module === undefined ? undefined : { module, part }
  }

  /** The name in a specifier that may be that of a module: of a package of bindings, or of a folder with their files. */
  static nameIn(specifier: string): string | undefined {
    const path = specifier.replace(PART, '')
    const last = path.slice(path.lastIndexOf('/') + 1)
    // A folder alone may be anything; a package is one of bindings by its name.
    if (specifier.startsWith('.')) return PART.test(specifier) && /^\w/.test(last) ? last : undefined
    return /^(?:.*?-)??binapi-(.*)$/.exec(last)?.[1]
  }
}

/** The bindings of some modules, and of those they import, as files by path below a folder. */
export async function bindingFiles(
  model: Model,
  wanted: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const all = new Map(model.modules.map((module) => [module.name, module]))
  const reached = new Set<ModelModule>()
  const visit = (name: string): void => {
    const module = all.get(name)
    if (module === undefined || reached.has(module)) return
    reached.add(module)
    importedModules(module).forEach(visit)
  }
  for (const name of wanted) visit(name)
  const files = await emitFiles(
    { ...model, modules: [...reached] },
    [rpc],
    emitOptions({ importExtension: '.ts', comments: false }),
    generatorVersion(),
  )
  return new Map(files.map(({ path, text }) => [path, text]))
}

/** Path of a file of bindings among them. */
export function pathOfPart({ module, part }: BindingPart): string {
  return `${module}/${part}.ts`
}
