import { GeneratorError } from '../errors.ts'
import { formatDiagnostic, type Diagnostic } from './diagnostics.ts'

/** Raised when `.api` files have errors: code `BINAPI_INVALID`, with the errors of all files of the run. */
export class IdlError extends GeneratorError {
  /** Errors and warnings, by file and position. */
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
    const count = errors.length === 1 ? '1 error' : `${errors.length} errors`
    super('BINAPI_INVALID', [`${count} in VPP's API definitions`, ...errors.map(formatDiagnostic)].join('\n'))
    this.name = 'IdlError'
    this.diagnostics = diagnostics
  }
}
