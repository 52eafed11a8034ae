/** Stable codes of the errors of this package. */
export type CliErrorCode = 'CLI_USAGE' | 'CLI_FAILED'

/** Something that the user can fix, and how. */
export class CliError extends Error {
  readonly code: CliErrorCode
  /** What to do, in a sentence. */
  readonly remedy: string | undefined

  /** What the command ends with; where it is undefined `code` decides. */
  readonly exitCode: number | undefined

  constructor(
    code: CliErrorCode,
    message: string,
    remedy?: string,
    options: ErrorOptions & { readonly exitCode?: number } = {},
  ) {
    super(message, options)
    this.name = 'CliError'
    this.code = code
    this.remedy = remedy
    this.exitCode = options.exitCode
  }
}
