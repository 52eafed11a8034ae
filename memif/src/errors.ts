/** Stable codes of every error this package raises; each is explained in `docs/errors.md`. */
export const MEMIF_ERROR_CODES = [
  'MEMIF_OPTION_INVALID',
  'MEMIF_ADDRESS_INVALID',
  'MEMIF_LISTENER_ACTIVE',
  'MEMIF_ID_TAKEN',
  'MEMIF_MESSAGE_MALFORMED',
  'MEMIF_MESSAGE_UNEXPECTED',
  'MEMIF_VERSION_INCOMPATIBLE',
  'MEMIF_HANDSHAKE_TIMEOUT',
  'MEMIF_REFUSED',
  'MEMIF_PEER_REFUSED',
  'MEMIF_PEER_DISCONNECTED',
  'MEMIF_REGION_INVALID',
  'MEMIF_RING_INVALID',
  'MEMIF_NOT_CONNECTED',
  'MEMIF_QUEUE_UNKNOWN',
  'MEMIF_QUEUE_GIVEN_AWAY',
  'MEMIF_PACKETS_OUTSTANDING',
  'MEMIF_PACKET_INVALID',
  'MEMIF_SYSTEM',
  'MEMIF_CLOSED',
] as const

export type MemifErrorCode = (typeof MEMIF_ERROR_CODES)[number]

/** `cause` as everywhere in Node; `reason` is the text of the DISCONNECT message that goes with the error. */
export interface MemifErrorOptions extends ErrorOptions {
  readonly reason?: string
}

const BRAND = Symbol.for('@vpp-ts/memif/error')

/** Base of all errors of this package. Match on `code`, not on the class or the text. */
export class MemifError extends Error {
  readonly code: MemifErrorCode
  /** Text of the DISCONNECT message that goes with this error: sent to the peer, or received from it. */
  readonly reason: string | undefined
  readonly [BRAND] = true

  constructor(code: MemifErrorCode, message: string, options: MemifErrorOptions = {}) {
    super(message, options)
    this.name = 'MemifError'
    this.code = code
    this.reason = options.reason
  }

  /** Whether `value` is an error of this package, also of another installed copy of it. */
  static is(value: unknown): value is MemifError {
    return value instanceof Error && BRAND in value
  }
}
