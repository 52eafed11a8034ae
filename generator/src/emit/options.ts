import type { PackagesProject } from './tsconfig-file.ts'

/** How the output is laid out in folders. */
export type Layout = 'modules' | 'packages'

/** Fields that a caller adds to every `package.json`: those below and any other, such as `publishConfig`. */
export interface PackageManifest {
  /** `directory` is the folder of all packages; that of the module is added. */
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string }
  /** Files that are published besides the compiled code. */
  readonly files?: readonly string[]
  readonly [field: string]: unknown
}

/** What can be chosen about the emitted text. */
export interface EmitOptions {
  /** `modules`: a folder a module. `packages`: an npm package a module. */
  readonly layout: Layout
  /** Ending of relative imports: what the compiler of the bindings wants. */
  readonly importExtension: '.js' | '.ts'
  /** What goes before the name of a module in imports of other modules; undefined for relative imports. */
  readonly importPrefix: string | undefined
  /** Name the generator's version and the VPP release in every file. */
  readonly versionInfo: boolean
  /** Name the definition that a file comes from. */
  readonly sourcePathInfo: boolean
  /** Take over the comments of the definitions. */
  readonly comments: boolean
  /** Number of the regeneration: the last part of a package's version. */
  readonly patch: number
  /** Fields of every `package.json` besides those that follow from the definitions. */
  readonly manifest: PackageManifest
  /** How packages are compiled together. */
  readonly project: PackagesProject
}

/** Completes options with their defaults. */
export function emitOptions(options: Partial<EmitOptions> = {}): EmitOptions {
  const layout = options.layout ?? 'modules'
  return {
    layout,
    importExtension: options.importExtension ?? '.js',
    importPrefix: options.importPrefix ?? (layout === 'packages' ? '@vpp-ts/binapi-' : undefined),
    versionInfo: options.versionInfo ?? true,
    sourcePathInfo: options.sourcePathInfo ?? true,
    comments: options.comments ?? true,
    patch: options.patch ?? 0,
    manifest: options.manifest ?? {},
    project: options.project ?? {},
  }
}
