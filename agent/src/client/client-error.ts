import type { Problem } from '../web/problem.ts'
import { remedyOf } from '../model/remedies.ts'

/** What is known of an error beside its code and text. */
interface Facts extends ErrorOptions {
  /** Answer of the agent; undefined when there was none. */
  readonly problem?: Problem | undefined
}

/**
 * A request failed: the agent refused it (`code` and `problem` are those of its answer), it was not reached
 * (`AGENT_UNREACHABLE`), or it did not answer in time (`AGENT_TIMEOUT`).
 */
export class AgentClientError extends Error {
  /** Stable code, such as `AGENT_CONFLICT` or `VPP_API_ERROR`; documented in `docs/agent.md`. */
  readonly code: string
  /** What to do about it, where the message does not say it. */
  readonly remedy: string | undefined
  /** Body of the answer (RFC 9457); undefined when the agent did not answer. */
  readonly problem: Problem | undefined

  constructor(code: string, message: string, { problem, ...options }: Facts = {}) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.problem = problem
    this.remedy = problem?.remedy ?? remedyOf(code)
  }

  /** HTTP status of the answer; undefined when there was none. */
  get status(): number | undefined {
    return this.problem?.status
  }
}
