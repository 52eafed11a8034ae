import type { EmitOptions } from '../emit/options.ts'
import type { SourceFile } from '../emit/source-file.ts'
import type { Model, ModelMessage, ModelModule, ModelType } from '../model/model.ts'

/**
 * Something that adds files to the output. `module` is called for every module in the order of their names, then `all`
 * once. Both only describe files: nothing is written before all plugins have ended well.
 */
export interface Plugin {
  /** How the plugin is called in errors, and in `--gen` for those that come with the generator. */
  readonly name: string
  /** Packages that the files of modules import beside the runtime, with the versions that do. */
  readonly peerDependencies?: Readonly<Record<string, string>>
  /** Adds files to the folder of a module. */
  module?(context: ModuleContext): void | Promise<void>
  /** Adds files to the output folder. */
  all?(context: OutputContext): void | Promise<void>
}

/** What every call of a plugin gets. */
export interface PluginContext {
  readonly model: Model
  readonly options: EmitOptions
  /** First lines of every generated file, without comment marks. */
  readonly header: readonly string[]
  /** Local name of a type or message of any module in `file`, imported as needed. */
  nameOf(item: ModelType | ModelMessage, file: SourceFile): string
  /** What to import a file that a plugin has added to a module from: `name` without `.ts`. */
  specifier(module: string, name: string): string
  /** A new file to print; `declared` are the names that it declares itself. */
  source(declared?: Iterable<string>): SourceFile
}

/** What a plugin gets for one module. */
export interface ModuleContext extends PluginContext {
  readonly module: ModelModule
  /**
   * Adds a file beside `messages.ts`.
   *
   * @param name file name, such as `http.ts`
   * @param content text, or a printed file, which gets the header
   * @param exported whether `index.ts` exports all of it; in a package, a `.ts` file that it does not export is found
   * by its own name, such as `@vpp-ts/binapi-ip/zod`
   */
  file(name: string, content: string | SourceFile, exported?: boolean): void
}

/** What a plugin gets once, behind the modules. */
export interface OutputContext extends PluginContext {
  /** Adds a file; `path` is below the output folder, with forward slashes. */
  file(path: string, content: string | SourceFile): void
}
