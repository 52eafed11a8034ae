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
