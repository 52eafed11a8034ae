/** Reasons a {@link ShmError} can have. */
export type ShmErrorCode =
  /** `libvppapiclient.so` is not there, or lacks a function: the message says where it was looked for. */
  | 'SHM_LIBRARY'
  /** The library could not connect: no VPP with that prefix, or no permission. */
  | 'SHM_CONNECT'
  /** VPP and library do not fit, or VPP is too old to tell its messages. */
  | 'SHM_VERSION'
  /** The process that holds the connection exited on its own, or was killed. */
  | 'SHM_PROCESS'
  /** A prefix or an option is out of range. */
  | 'SHM_ARGUMENT'

/** The only error class of this package; tell cases apart by `code`. It is the `cause` of what `VppConnection` throws. */
export class ShmError extends Error {
  override readonly name = 'ShmError'
  readonly code: ShmErrorCode

  constructor(code: ShmErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
