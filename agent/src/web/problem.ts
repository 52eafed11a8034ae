import { STATUS_CODES } from 'node:http'
import { problemOfVpp } from '@vpp-ts/http/internal'
import { z } from 'zod'
import { AgentError, type AgentErrorCode } from '../model/errors.ts'
import { remedyOf } from '../model/remedies.ts'
import { InvalidItemError } from '../kinds/item.ts'
import { RequestError } from './request-error.ts'

/** Body of an answer of type `application/problem+json` (RFC 9457). */
export const problemSchema = z.object({
  title: z.string().describe('The status in words.'),
  status: z.int().describe('HTTP status.'),
  detail: z.string().describe('What is wrong, and what to do.'),
  code: z.string().describe('Stable name of the error, such as AGENT_INVALID_ITEM or VPP_API_ERROR.'),
  remedy: z.string().optional().describe('What to do about it, if the detail does not say it.'),
  problems: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .describe('Invalid fields of the request.'),
  path: z.string().optional().describe('Where in a request to VPP, such as `route.paths[3].nh`.'),
  retval: z.int().optional().describe("VPP's error number."),
  name: z.string().optional().describe("VPP's name for the error, such as INVALID_SW_IF_INDEX."),
})

/** Body of an answer of type `application/problem+json`. */
export type Problem = z.infer<typeof problemSchema>

const AGENT_STATUS: Readonly<Record<AgentErrorCode, number>> = {
  AGENT_CONFIG: 500,
  AGENT_INVALID_ITEM: 400,
  AGENT_UNKNOWN_INSTANCE: 404,
  AGENT_UNKNOWN_ITEM: 404,
  AGENT_NOT_LEADER: 409,
  AGENT_STORE: 503,
  AGENT_STORE_TOO_MANY: 500,
  AGENT_STORE_TOO_LARGE: 413,
  AGENT_CONFLICT: 409,
  AGENT_DELETION_GUARD: 409,
  AGENT_PRECONDITION: 412,
  AGENT_CONFIRMATION: 409,
  AGENT_REFUSED: 422,
  AGENT_BUSY: 409,
  AGENT_CAPTURE: 409,
  AGENT_STATS: 503,
  AGENT_UNTOLD: 409,
  AGENT_COMMAND: 422,
  AGENT_UNKNOWN_REVISION: 404,
  AGENT_CLOSED: 503,
  AGENT_LISTEN: 500,
  AGENT_REQUEST: 400,
  AGENT_UNAUTHORIZED: 401,
  AGENT_FORBIDDEN: 403,
  AGENT_HOST: 421,
  AGENT_NOT_FOUND: 404,
  AGENT_METHOD: 405,
  AGENT_BODY_TOO_LARGE: 413,
  AGENT_MEDIA_TYPE: 415,
  AGENT_TOO_MANY_REQUESTS: 429,
  AGENT_INTERNAL: 500,
  AGENT_UNREACHABLE: 502,
  AGENT_TIMEOUT: 504,
}

/** What the HTTP server itself refuses, by status. */
const SERVER_CODES: Readonly<Record<number, AgentErrorCode>> = {
  404: 'AGENT_NOT_FOUND',
  413: 'AGENT_BODY_TOO_LARGE',
  415: 'AGENT_MEDIA_TYPE',
  429: 'AGENT_TOO_MANY_REQUESTS',
}

/** The answer that an error is worth. */
export function problemOf(error: unknown): Problem {
  if (error instanceof InvalidItemError || error instanceof RequestError) {
    const { problems } = error
    return problem(
      AGENT_STATUS[error.code],
      error.message,
      error.code,
      problems.length > 0 ? { problems } : {},
    )
  }
  if (error instanceof AgentError) return problem(AGENT_STATUS[error.code], error.message, error.code)
  const ofVpp = problemOfVpp(error)
  if (ofVpp !== undefined) return ofVpp
  const { statusCode } = (error ?? {}) as { statusCode?: unknown }
  if (error instanceof Error && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return problem(statusCode, error.message, SERVER_CODES[statusCode] ?? 'AGENT_REQUEST')
  }
  return problem(500, 'the agent has made a mistake; its log says more', 'AGENT_INTERNAL')
}

function problem(
  status: number,
  detail: string,
  code: string,
  facts: { problems?: Readonly<Problem['problems']> } = {},
): Problem {
  const { problems, ...rest } = facts
  const listed = problems === undefined ? {} : { problems: [...problems] }
  const remedy = remedyOf(code)
  const advice = remedy === undefined ? {} : { remedy }
  return { title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...advice, ...listed, ...rest }
}
