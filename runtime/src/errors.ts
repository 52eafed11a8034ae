/** Stable codes of every error this package raises, documented in `docs/errors.md`. */
export type VppErrorCode = 'VPP_ENCODE' | 'VPP_DECODE' | 'VPP_DESCRIPTOR' | 'VPP_SCHEMA' | 'VPP_INVALID_ARGUMENT'

/** Base of all errors of vpp-ts' runtime. Match on `code`, not on the class or the text. */
export class VppError extends Error {
  readonly code: VppErrorCode

  constructor(code: VppErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
