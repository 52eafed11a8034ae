import { formatProblem, type Problem } from './problem.ts'

/**
 * What the generator can fail with.
 *
 * - `BINAPI_USAGE`: an option or argument makes no sense; the process ends with exit code 2
 * - `BINAPI_INPUT`: the input cannot be read or holds no API definition
 * - `BINAPI_INVALID`: API definitions have errors; `problems` lists them all
 * - `BINAPI_OUTPUT`: the output folder cannot be written, or a file in it belongs to someone else
 * - `BINAPI_OUTDATED`: `--check` found differences; `problems` lists them all
 * - `BINAPI_PLUGIN`: a plugin cannot be loaded, or failed
 */
export type GeneratorErrorCode =
  'BINAPI_USAGE' | 'BINAPI_INPUT' | 'BINAPI_INVALID' | 'BINAPI_OUTPUT' | 'BINAPI_OUTDATED' | 'BINAPI_PLUGIN'

/** Base of all errors of the generator. Match on `code`, not on the text. */
export class GeneratorError extends Error {
  readonly code: GeneratorErrorCode
  /** Everything that is wrong, when there can be more than one thing. */
  readonly problems: readonly Problem[]

  constructor(
    code: GeneratorErrorCode,
    message: string,
    options: ErrorOptions & { readonly problems?: readonly Problem[] } = {},
  ) {
    super(message, options)
    this.name = 'GeneratorError'
    this.code = code
    this.problems = options.problems ?? []
  }
}

/** The error for definitions with problems: one line each, in the order of the files. */
export function invalidInput(problems: readonly Problem[]): GeneratorError {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`
  const lines = [`${count} in the API definitions`, ...problems.map(formatProblem)]
  return new GeneratorError('BINAPI_INVALID', lines.join('\n'), { problems })
}

/** Text of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
