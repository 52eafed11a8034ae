import { STATUS_CODES } from 'node:http'
import { VppApiError, VppEncodeError, VppError, type VppErrorCode } from '@vpp-ts/runtime'
import { VppHttpError } from './errors.ts'

/** Body of a response of type `application/problem+json` (RFC 9457). */
export interface Problem {
  /** The status in words. */
  readonly title: string
  readonly status: number
  /** What is wrong, and what to do. */
  readonly detail: string
  /** Stable name of the error: of this package or of the runtime. */
  readonly code: string
  /** Where in the request, as in `route.paths[3].nh`. */
  readonly path?: string
  /** VPP's number, when VPP has refused. */
  readonly retval?: number
  /** VPP's name of it, such as `INVALID_SW_IF_INDEX`. */
  readonly name?: string
}

/** A problem, and the headers that go with it. */
export interface Failure {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** False for an error that only a mistake in this program explains. */
  readonly expected: boolean
}

/** What each error of the runtime is in HTTP; those left out mean a mistake in this program. */
const STATUS: Partial<Readonly<Record<VppErrorCode, number>>> = {
  VPP_ENCODE: 400,
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

/** Seconds after which it makes sense to try again while VPP is away. */
const RETRY_AFTER = { 'retry-after': '1' }

/** The response that an error is worth. */
export function failureOf(error: unknown): Failure {
  if (error instanceof VppHttpError)
    return failure(error.status, error.message, error.code, {}, error.headers)
  const status = error instanceof VppError ? STATUS[error.code] : undefined
  if (!(error instanceof VppError) || status === undefined) {
    const detail = 'this server has made a mistake; its log says more'
    return { ...failure(500, detail, 'HTTP_INTERNAL', {}), expected: false }
  }
  const facts = {
    ...(error instanceof VppEncodeError ? { path: error.path } : {}),
    ...(error instanceof VppApiError ? { retval: error.retval, name: error.apiName } : {}),
  }
  return failure(status, error.message, error.code, facts, status === 503 ? RETRY_AFTER : {})
}

function failure(
  status: number,
  detail: string,
  code: string,
  facts: Pick<Problem, 'path' | 'retval' | 'name'>,
  headers: Readonly<Record<string, string>> = {},
): Failure {
  const title = STATUS_CODES[status] ?? 'Error'
  return { problem: { title, status, detail, code, ...facts }, headers, expected: true }
}
