/** Typed client of the agent's REST. */
export { agentClient } from './agent-client.ts'
export type { AgentClient, AgentOperations, AnswerOf, CallOptions, InputOf } from './agent-client.ts'
export { AgentClientError } from './client-error.ts'
export { OPERATIONS } from './operations.ts'
export type { AnyOperation, ItemBody, Operation, ProposedChange } from './operations.ts'
export type { StreamEvent } from './stream.ts'
export type { AgentClientOptions } from './transport.ts'
