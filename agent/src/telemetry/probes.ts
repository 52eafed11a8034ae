import type { FastifyInstance } from 'fastify'
import type { Agent } from '../instance/agent.ts'
import type { RouteAccess } from '../web/route-access.ts'

/** Answers of probes. They carry no token, so they say yes or no and nothing else. */
export interface Probe {
  readonly live: true
  /** Connected to all VPPs; left out by the probe of life. */
  readonly ready?: boolean
}

/** Whether an agent is connected to all its VPPs. */
export function isReady(agent: Agent): boolean {
  return [...agent.instances.values()].every(({ connection }) => connection.state.status === 'connected')
}

/** `/health/live` for the question whether to start the agent again, `/health/ready` and `/health` for its use. */
export function probeRoutes(app: FastifyInstance, agent: Agent): void {
  const config: RouteAccess = { public: true }
  for (const path of ['/health', '/health/ready']) {
    app.get(path, { config }, async (_request, reply) => {
      const ready = isReady(agent)
      await reply.code(ready ? 200 : 503).send({ live: true, ready } satisfies Probe)
    })
  }
  app.get('/health/live', { config }, () => ({ live: true }) satisfies Probe)
}
