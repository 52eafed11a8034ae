import { AgentError, type AgentErrorCode } from '../model/errors.ts'
import type { ItemProblem } from '../kinds/item.ts'

/** Codes of errors that are answers to a request. */
export type RequestErrorCode = Extract<
  AgentErrorCode,
  | 'AGENT_REQUEST'
  | 'AGENT_UNAUTHORIZED'
  | 'AGENT_FORBIDDEN'
  | 'AGENT_HOST'
  | 'AGENT_NOT_FOUND'
  | 'AGENT_METHOD'
  | 'AGENT_REFUSED'
  | 'AGENT_BODY_TOO_LARGE'
  | 'AGENT_MEDIA_TYPE'
  | 'AGENT_TOO_MANY_REQUESTS'
>

/** A request that is refused before a VPP or the store hears of it. */
export class RequestError extends AgentError {
  declare readonly code: RequestErrorCode
  /** Fields that are wrong. */
  readonly problems: readonly ItemProblem[]

  constructor(code: RequestErrorCode, message: string, problems: readonly ItemProblem[] = []) {
    super(code, message)
    this.problems = problems
  }
}
