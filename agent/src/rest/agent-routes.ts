import { EVENT_STREAM, type Role } from '@vpp-ts/http/internal'
import { z } from 'zod'
import { configurationView } from '../config/configuration-view.ts'
import { instanceViews } from '../telemetry/live-feed.ts'
import { isReady } from '../telemetry/probes.ts'
import type { RouteAccess } from '../web/route-access.ts'
import { instanceOf, type RestContext } from './context.ts'
import { instanceInfo, type InstanceInfo } from './vpp-routes.ts'
import { query, type ZodServer } from '../web/zod-provider.ts'

/** The agent and its VPPs. */
export interface AgentInfo {
  readonly agent: {
    readonly version: string
    readonly node: string
    readonly pid: number
    readonly uptime: number
  }
  readonly instances: readonly InstanceInfo[]
  /** What the sender of the request may do: change things, or only read. */
  readonly role: Role
}

/** The agent itself: who it is, how it does, what happens now. */
export function agentRoutes(app: ZodServer, context: RestContext): void {
  const instances = () => [...context.agent.instances.values()]
  app.get(
    '/instances',
    { schema: { summary: 'All VPPs at a glance', tags: ['instances'], querystring: query({}) } },
    async () => ({ instances: instanceViews(context.agent) }),
  )
  app.get(
    '/info',
    { schema: { summary: 'The agent and its VPPs', tags: ['agent'], querystring: query({}) } },
    async ({ role }): Promise<AgentInfo> => ({
      agent: { version: context.version, node: process.version, pid: process.pid, uptime: process.uptime() },
      instances: await Promise.all(instances().map((it) => instanceInfo(context, it))),
      role,
    }),
  )
  app.get(
    '/configuration',
    {
      schema: {
        summary: "The agent's configuration, without the contents of the files it names",
        tags: ['agent'],
        querystring: query({}),
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    () => configurationView(context.configuration),
  )
  healthRoutes(app, context)
  app.get(
    '/live',
    {
      schema: {
        summary: 'All VPPs at a glance and one in full, once a second, as server-sent events',
        tags: ['events'],
        querystring: query({}),
        response: { 200: { description: 'Events', content: { [EVENT_STREAM]: { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      const instance = instanceOf(context, request)
      await context.streams.serve(reply, (send) =>
        context.feed.watch(instance, (data) => send({ type: 'live', data })),
      )
    },
  )
}

function healthRoutes(app: ZodServer, { agent }: RestContext): void {
  // Probes carry no token, so they say yes or no and nothing else; /instances says more.
  const config: RouteAccess = { public: true }
  const healthSchema = z.object({ live: z.boolean(), ready: z.boolean() })
  for (const path of ['/health', '/health/ready']) {
    app.get(
      path,
      {
        config,
        schema: {
          summary: 'Whether the agent is connected to all its VPPs: 200, otherwise 503',
          tags: ['agent'],
          querystring: query({}),
          response: { 200: healthSchema, 503: healthSchema },
        },
      },
      async (_request, reply) => {
        const ready = isReady(agent)
        await reply.code(ready ? 200 : 503).send({ live: true, ready })
      },
    )
  }
  app.get(
    '/health/live',
    {
      config,
      schema: {
        summary: 'Whether the agent responds',
        tags: ['agent'],
        querystring: query({}),
        response: { 200: z.object({ live: z.boolean() }) },
      },
    },
    async () => ({ live: true }),
  )
}
