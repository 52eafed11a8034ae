/** What the command ends with. */
export const EXIT = {
  ok: 0,
  /** VPP refused, or a check found something. */
  failed: 1,
  /** Wrong arguments. */
  usage: 2,
  /** VPP could not be reached. */
  unreachable: 3,
  /** VPP was reached and did not answer in time. */
  timeout: 4,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const

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
