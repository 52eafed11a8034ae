import { AgentError, type AgentErrorCode } from '../model/errors.ts'
import type { ItemProblem } from '../kinds/item.ts'

/** A request that is refused before a VPP or the store hears of it. */
export class RequestError extends AgentError {
  /** Fields that are wrong. */
  readonly problems: readonly ItemProblem[]

  constructor(code: AgentErrorCode, message: string, problems: readonly ItemProblem[] = []) {
    super(code, message)
    this.problems = problems
  }
}
