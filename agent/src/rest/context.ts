import type { FastifyRequest } from 'fastify'
import type { Agent } from '../instance/agent.ts'
import type { AgentConfig } from '../config/read-config.ts'
import type { RestConfig } from '../config/schema.ts'
import type { Diagnosis } from '../diagnosis/diagnosis.ts'
import type { Instance } from '../instance/instance.ts'
import type { LiveFeed } from '../telemetry/live-feed.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { RequestError } from '../web/request-error.ts'
import type { Streams } from '../web/streams.ts'

/** What the routes depend on. */
export interface RestContext {
  readonly agent: Agent
  readonly config: RestConfig
  /** All that the agent was configured with. */
  readonly configuration: AgentConfig
  readonly telemetry: Telemetry
  /** Packet tools. */
  readonly diagnosis: Diagnosis
  readonly feed: LiveFeed
  readonly streams: Streams
  /** Version of the agent. */
  readonly version: string
  /** Begins the ids of events, which count from 1 in every process. */
  readonly epoch: string
}

/**
 * The instance that a request is about: the one in its path, or in its query, or the first.
 * @throws AgentError `AGENT_UNKNOWN_INSTANCE`
 */
export function instanceOf({ agent }: RestContext, request: FastifyRequest): Instance {
  const named = nameIn(request.params) ?? nameIn(request.query)
  if (named !== undefined) return agent.instance(named)
  for (const instance of agent.instances.values()) return instance
  throw new RequestError('AGENT_NOT_FOUND', 'the agent has no instance')
}

function nameIn(part: unknown): string | undefined {
  const { instance } = (part ?? {}) as { instance?: unknown }
  return typeof instance === 'string' ? instance : undefined
}
