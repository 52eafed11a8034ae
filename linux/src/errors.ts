/** What kind of failure a {@link LinuxError} reports. */
export type LinuxErrorCode =
  /** The kernel refused a call: `errno` names the reason. */
  | 'LINUX_SYSCALL'
  /** This operating system, processor or installation cannot make the calls: the message says what is missing. */
  | 'LINUX_UNAVAILABLE'
  /** The descriptor, mapping or watch was closed before this use. */
  | 'LINUX_CLOSED'
  /** An argument is out of range: the call was not made. */
  | 'LINUX_ARGUMENT'

/** Details of a {@link LinuxError}. */
export interface LinuxErrorDetails {
  /** Symbolic error number (`ECONNREFUSED`), only with code `LINUX_SYSCALL`. */
  readonly errno?: string | undefined
  /** The system call that failed, as in section 2 of the manual (`connect`). */
  readonly syscall?: string | undefined
  /** What the call was made on: a path, a descriptor, a length. */
  readonly argument?: string | undefined
  /** The error this one was made from. */
  readonly cause?: unknown
}

/** The only error class of this package; tell cases apart by `code`, kernel errors by `errno`. */
export class LinuxError extends Error {
  override readonly name = 'LinuxError'
  readonly code: LinuxErrorCode
  readonly errno: string | undefined
  readonly syscall: string | undefined
  readonly argument: string | undefined

  constructor(code: LinuxErrorCode, message: string, details: LinuxErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.errno = details.errno
    this.syscall = details.syscall
    this.argument = details.argument
  }
}

/** True when `error` is a kernel error with one of the names. */
export function isErrno(error: unknown, ...names: string[]): error is LinuxError {
  return error instanceof LinuxError && error.errno !== undefined && names.includes(error.errno)
}

/** A use of something that was closed. */
export function closedError(what: string): LinuxError {
  return new LinuxError('LINUX_CLOSED', `${what} is closed`, { argument: what })
}

/** An argument that was refused before any call. */
export function argumentError(argument: string, message: string): LinuxError {
  return new LinuxError('LINUX_ARGUMENT', message, { argument })
}

/** Turns an error of `node:fs` (which has `code` and `syscall`) into ours. */
export function fromNodeError(error: unknown, argument: string): LinuxError {
  if (error instanceof LinuxError) return error
  const { code, syscall, message } = error as NodeJS.ErrnoException
  return new LinuxError('LINUX_SYSCALL', `${argument}: ${message}`, {
    errno: code,
    syscall,
    argument,
    cause: error,
  })
}
