import type { AgentErrorCode } from './errors.ts'

/** What to do about errors that a caller can do something about, by their codes. */
const REMEDIES: ReadonlyMap<string, string> = new Map<AgentErrorCode, string>([
  ['AGENT_INVALID_ITEM', 'correct the fields named above'],
  ['AGENT_UNKNOWN_INSTANCE', 'name one of the instances of the agent'],
  ['AGENT_NOT_LEADER', 'ask the agent that programs this VPP'],
  ['AGENT_STORE', "see the agent's log; nothing was changed"],
  ['AGENT_CONFLICT', 'change the item where it is declared, or take it over (takeOver=true, --take-over)'],
  ['AGENT_DELETION_GUARD', 'if it is meant, confirm it (confirmDeletions=true, --force-delete)'],
  ['AGENT_PRECONDITION', 'read the item again, then change it'],
  ['AGENT_CONFIRMATION', 'see GET /confirmation'],
  ['AGENT_UNKNOWN_REVISION', 'see GET /revisions'],
  ['AGENT_UNAUTHORIZED', 'send a token of the agent (Authorization: Bearer …, --token-file)'],
  ['AGENT_HOST', 'call the server by its address, or add the name to "hosts" of its configuration'],
  ['AGENT_TOO_MANY_REQUESTS', 'try again in a second'],
  ['AGENT_UNREACHABLE', 'is the agent running there? Name it with --server or VPP_AGENT_URL'],
  ['AGENT_TIMEOUT', 'allow more time with --timeout; what was asked for may still happen'],
])

/** What to do about an error; undefined where its message says all. */
export function remedyOf(code: string): string | undefined {
  return REMEDIES.get(code)
}
