/** Stable codes of every error this package raises, documented in `docs/agent.md`. */
export type AgentErrorCode =
  /** The configuration file cannot be used. */
  | 'AGENT_CONFIG'
  /** An item is not what its schema asks for. */
  | 'AGENT_INVALID_ITEM'
  /** No instance has that name. */
  | 'AGENT_UNKNOWN_INSTANCE'
  /** No item of that kind has that key. */
  | 'AGENT_UNKNOWN_ITEM'
  /** Another agent programs this VPP. */
  | 'AGENT_NOT_LEADER'
  /** The store cannot be reached or refused what was asked. */
  | 'AGENT_STORE'
  /** More operations than the store takes in one transaction. */
  | 'AGENT_STORE_TOO_MANY'
  /** The agent or the instance has been closed. */
  | 'AGENT_CLOSED'

/** Base of all errors of the agent. Match on `code`, not on the class or the text. */
export class AgentError extends Error {
  readonly code: AgentErrorCode

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
