import { checkInput } from '../schema/check-input.ts'
import { readInput, type InputOptions } from './read.ts'
import type { Schema } from '../schema/module.ts'

/** What to load. */
export interface LoadOptions extends InputOptions {
  /** Names of the modules wanted; those they import come along. Left out: all. */
  readonly modules?: readonly string[] | undefined
  /**
   * Fail for a message or module that cannot be supported. Left out: it is left out and named in `leftOut`, unless it
   * was asked for by name.
   */
  readonly strict?: boolean | undefined
}

/**
 * Reads, checks and normalises API definitions.
 * @throws GeneratorError `BINAPI_INPUT` when nothing can be read, `BINAPI_INVALID` with all errors of all files,
 * `BINAPI_USAGE` for a module that is not there
 */
export async function loadSchema(options: LoadOptions = {}): Promise<Schema> {
  return checkInput(await readInput(options), { wanted: options.modules, strict: options.strict })
}
