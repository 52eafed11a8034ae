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
  /** An item that is larger than what the store takes at once. */
  | 'AGENT_STORE_TOO_LARGE'
  /** Another origin declares an item. */
  | 'AGENT_CONFLICT'
  /** An origin would remove more of its items than the deletion guard lets pass. */
  | 'AGENT_DELETION_GUARD'
  /** An item is not what the caller took it for. */
  | 'AGENT_PRECONDITION'
  /** No change waits to be confirmed, or another one still does. */
  | 'AGENT_CONFIRMATION'
  /** VPP refused part of a change that was to be made as a whole. */
  | 'AGENT_REFUSED'
  /** A tool of VPP that only one may use is in use. */
  | 'AGENT_BUSY'
  /** Packets cannot be captured. */
  | 'AGENT_CAPTURE'
  /** The stats segment of VPP cannot be read. */
  | 'AGENT_STATS'
  /** VPP does not report all of something that the agent made, so that taking it over would lose it. */
  | 'AGENT_UNTOLD'
  /** A command of VPP's CLI failed. */
  | 'AGENT_COMMAND'
  /** A revision that there never was, or that is no longer kept. */
  | 'AGENT_UNKNOWN_REVISION'
  /** The agent or the instance has been closed. */
  | 'AGENT_CLOSED'
  /** An address cannot be listened on, or what it is to be served with cannot be read. */
  | 'AGENT_LISTEN'
  /** A request is not what its path asks for. */
  | 'AGENT_REQUEST'
  /** A request carries no token, or a wrong one. */
  | 'AGENT_UNAUTHORIZED'
  /** A request comes from a page of another site, or is about something that the configuration rules out. */
  | 'AGENT_FORBIDDEN'
  /** A request calls the server by a name that is not its own. */
  | 'AGENT_HOST'
  /** Nothing is served under a path. */
  | 'AGENT_NOT_FOUND'
  /** What is served under a path does not take this method. */
  | 'AGENT_METHOD'
  /** A request is longer than `body-limit`. */
  | 'AGENT_BODY_TOO_LARGE'
  /** A request is not JSON. */
  | 'AGENT_MEDIA_TYPE'
  /** More requests per second than `rate-limit`, or more streams than the server keeps open. */
  | 'AGENT_TOO_MANY_REQUESTS'
  /** The agent has made a mistake; its log says more. */
  | 'AGENT_INTERNAL'
  /** A client does not reach the agent. */
  | 'AGENT_UNREACHABLE'
  /** The agent does not answer a client in time. */
  | 'AGENT_TIMEOUT'

/** Base of all errors of the agent. Match on `code`, not on the class or the text. */
export class AgentError extends Error {
  readonly code: AgentErrorCode

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}
