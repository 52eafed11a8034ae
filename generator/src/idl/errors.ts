import { formatDiagnostic, type Diagnostic } from './diagnostics.ts'

/**
 * What an import can fail with.
 *
 * - `IDL_INVALID`: files have errors; `diagnostics` lists them all
 * - `IDL_SOURCE_TREE`: the source tree cannot be read, or its commit is not known
 * - `IDL_OUTPUT`: the output folder cannot be written
 */
export type IdlErrorCode = 'IDL_INVALID' | 'IDL_SOURCE_TREE' | 'IDL_OUTPUT'

/** Base of all errors of the importer. Match on `code`, not on the text. */
export class IdlError extends Error {
  readonly code: IdlErrorCode
  /** Errors and warnings of the files, by file and position; empty unless the code is `IDL_INVALID`. */
  readonly diagnostics: readonly Diagnostic[]

  constructor(
    code: IdlErrorCode,
    message: string,
    options: ErrorOptions & { diagnostics?: readonly Diagnostic[] } = {},
  ) {
    super(message, options)
    this.name = 'IdlError'
    this.code = code
    this.diagnostics = options.diagnostics ?? []
  }
}

/** The error for files with errors: one line each. */
export function invalidFiles(diagnostics: readonly Diagnostic[]): IdlError {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`
  const lines = [`${count} in VPP's API definitions`, ...errors.map(formatDiagnostic)]
  return new IdlError('IDL_INVALID', lines.join('\n'), { diagnostics })
}

/** Text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
