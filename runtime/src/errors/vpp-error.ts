/** Stable codes of every error this package raises, documented in `docs/errors.md`. */
export type VppErrorCode =
  | 'VPP_ENCODE'
  | 'VPP_DECODE'
  | 'VPP_DESCRIPTOR'
  | 'VPP_SCHEMA'
  | 'VPP_HAZARD'
  | 'VPP_INVALID_ARGUMENT'
  | 'VPP_SOCKET_MISSING'
  | 'VPP_DIRECTORY_MISSING'
  | 'VPP_PERMISSION_DENIED'
  | 'VPP_CONNECTION_REFUSED'
  | 'VPP_CONNECT_TIMEOUT'
  | 'VPP_CONNECT_FAILED'
  | 'VPP_NOT_CONNECTED'
  | 'VPP_CONNECTION_LOST'
  | 'VPP_PEER_SILENT'
  | 'VPP_CLOSED'
  | 'VPP_PROTOCOL'
  | 'VPP_REPLY_TIMEOUT'
  | 'VPP_MESSAGE_UNAVAILABLE'
  | 'VPP_UNEXPECTED_REPLY'
  | 'VPP_API_ERROR'
  | 'VPP_EVENTS_LOST'
  | 'VPP_CURSOR_STUCK'

/** Base of all errors of vpp-ts' runtime. Match on `code`, not on the class or the text. */
export class VppError extends Error {
  readonly code: VppErrorCode

  constructor(code: VppErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
