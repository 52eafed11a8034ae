import { STATUS_CODES } from 'node:http'
import { VppApiError, VppEncodeError, VppError, type VppErrorCode } from '@vpp-ts/runtime'

/** Media type of the body of an error (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json'

/** Body of a response of type `application/problem+json` (RFC 9457). */
export interface Problem {
  /** The status in words. */
  readonly title: string
  readonly status: number
  /** What is wrong, and what to do. */
  readonly detail: string
  /** Stable name of the error: of the server or of the runtime. */
  readonly code: string
  /** Where in the request, as in `route.paths[3].nh`. */
  readonly path?: string
  /** VPP's number, when VPP has refused. */
  readonly retval?: number
  /** VPP's name of it, such as `INVALID_SW_IF_INDEX`. */
  readonly name?: string
}

/** HTTP status of each error of the runtime; any other error is an internal error. */
const STATUS: Partial<Readonly<Record<VppErrorCode, number>>> = {
  VPP_ENCODE: 400,
  VPP_HAZARD: 403,
  VPP_API_ERROR: 422,
  VPP_MESSAGE_UNAVAILABLE: 501,
  VPP_SCHEMA: 501,
  VPP_DECODE: 502,
  VPP_PROTOCOL: 502,
  VPP_UNEXPECTED_REPLY: 502,
  VPP_CURSOR_STUCK: 502,
  VPP_SOCKET_MISSING: 503,
  VPP_DIRECTORY_MISSING: 503,
  VPP_PERMISSION_DENIED: 503,
  VPP_CONNECTION_REFUSED: 503,
  VPP_CONNECT_TIMEOUT: 503,
  VPP_CONNECT_FAILED: 503,
  VPP_NOT_CONNECTED: 503,
  VPP_CONNECTION_LOST: 503,
  VPP_CLOSED: 503,
  VPP_EVENTS_LOST: 503,
  VPP_REPLY_TIMEOUT: 504,
}

/** Seconds after which it makes sense to try again while VPP is down. */
const RETRY_AFTER = { 'retry-after': '1' }

/** A problem with its title. */
export function problemWith(
  status: number,
  code: string,
  detail: string,
  facts: Pick<Problem, 'path' | 'retval' | 'name'> = {},
): Problem {
  return { title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...facts }
}

/** The problem that an error of the runtime is; undefined for all others, and for internal errors. */
export function problemOfVpp(error: unknown): Problem | undefined {
  if (!(error instanceof VppError)) return undefined
  const status = STATUS[error.code]
  if (status === undefined) return undefined
  return problemWith(status, error.code, error.message, {
    ...(error instanceof VppEncodeError ? { path: error.path } : {}),
    ...(error instanceof VppApiError ? { retval: error.retval, name: error.apiName } : {}),
  })
}

/** Headers that belong to a status, in addition to those of the error. */
export function headersOfStatus(status: number): Readonly<Record<string, string>> {
  return status === 503 ? RETRY_AFTER : {}
}
