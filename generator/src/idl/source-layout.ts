/** Folder below `share/vpp/api` in which VPP installs the definitions of a module. */
export type ModuleOrigin = 'core' | 'plugins'

/**
 * Where VPP's build installs a `.api.json` file: everything that is built as a plugin goes to `plugins`, what
 * belongs to VPP itself to `core`. The sample under `examples/` is built as a plugin.
 *
 * @param path path of the `.api` file relative to the source root
 */
export function originOf(path: string): ModuleOrigin {
  return /^(?:plugins|examples)\//.test(path) ? 'plugins' : 'core'
}

/** False for the sample plugin and the fixtures of VPP's own tests: no package of VPP contains them. */
export function isInstalled(path: string): boolean {
  return !/^(?:examples|vat2)\//.test(path)
}

/** Name of the module in a file: the base name without `.api`, with `_` for any other point. */
export function moduleName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  return base.replace(/\.api$/, '').replaceAll('.', '_')
}

/** True for a file of the language by its name. */
export function isApiFile(path: string): boolean {
  return path.endsWith('.api')
}

/** Folders directly below VPP's source root that hold `.api` files. */
const SOURCE_ROOT = /^(?:.*?\/)?src\/(?=(?:vnet|vlib|vlibmemory|vpp|plugins)\/)/

/** True for files of a checkout of VPP: it has `.api` files, and `.api.json` files that are fixtures of its tests. */
export function isSourceTree(paths: Iterable<string>): boolean {
  return [...paths].some((path) => isApiFile(path) && SOURCE_ROOT.test(path))
}

/**
 * The `.api` files among some files, by their path relative to the source root. The root is the `src/` that has the
 * folders of VPP in it; without one the paths are taken as they are.
 */
export function belowSourceRoot<Content>(files: ReadonlyMap<string, Content>): ReadonlyMap<string, Content> {
  const sources = [...files].filter(([path]) => isApiFile(path))
  const roots = sources.flatMap(([path]) => SOURCE_ROOT.exec(path)?.[0] ?? [])
  const root = roots.reduce((found, next) => (next.length < found.length ? next : found), roots[0] ?? '')
  const below = sources.filter(([path]) => path.startsWith(root))
  return new Map(below.map(([path, content]) => [path.slice(root.length), content]))
}
