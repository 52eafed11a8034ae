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
   * @param exported whether `index.ts` exports all of it
   */
  file(name: string, content: string | SourceFile, exported?: boolean): void
}

/** What a plugin gets once, behind the modules. */
export interface OutputContext extends PluginContext {
  /** Adds a file; `path` is below the output folder, with forward slashes. */
  file(path: string, content: string | SourceFile): void
}
