import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Agent, Closable } from '../instance/agent.ts'
import type { AgentConfig } from '../config/read-config.ts'
import type { RestConfig } from '../config/schema.ts'
import { LiveFeed } from '../telemetry/live-feed.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { ownVersion } from '../model/version.ts'
import { agentRoutes } from './agent-routes.ts'
import type { RestContext } from './context.ts'
import { serveDashboard } from '../dashboard/dashboard.ts'
import { Diagnosis } from '../diagnosis/diagnosis.ts'
import { diagnosisRoutes } from './diagnosis-routes.ts'
import { dumpRoutes } from './dump-routes.ts'
import { eventRoutes } from './event-routes.ts'
import { listen, makeHttpServer } from '../web/http-server.ts'
import { graphRoutes } from './graph-routes.ts'
import { historyRoutes } from './history-routes.ts'
import { rateRoutes } from './rate-routes.ts'
import { interfaceRoutes } from './interface-routes.ts'
import { itemRoutes } from './item-routes.ts'
import { kindRoutes } from './kind-routes.ts'
import { documentRoutes } from '../web/openapi.ts'
import { originRoutes } from './origin-routes.ts'
import { planRoutes } from './plan-routes.ts'
import { stateRoutes } from './state-routes.ts'
import { topologyRoutes } from './topology-routes.ts'
import { Streams } from '../web/streams.ts'
import { vppRoutes } from './vpp-routes.ts'
import type { ZodServer } from '../web/zod-provider.ts'

const DASHBOARD = fileURLToPath(new URL('../../dashboard/', import.meta.url))

/** REST, the live feed and the dashboard of an agent. */
export class RestServer implements Closable {
  /** Where it is reached. */
  readonly url: string
  readonly #app: FastifyInstance
  readonly #streams: Streams
  readonly #feed: LiveFeed
  readonly #diagnosis: Diagnosis

  private constructor(url: string, app: FastifyInstance, { streams, feed, diagnosis }: RestContext) {
    this.url = url
    this.#app = app
    this.#streams = streams
    this.#feed = feed
    this.#diagnosis = diagnosis
  }

  /**
   * Serves an agent.
   * @param telemetry is not closed with the server
   * @throws AgentError `AGENT_LISTEN`
   */
  static async listen(
    agent: Agent,
    telemetry: Telemetry,
    { configuration, ...config }: RestConfig & { readonly configuration: AgentConfig },
    log: Logger,
  ): Promise<RestServer> {
    const app = await makeHttpServer(config, log)
    const streams = new Streams()
    const feed = new LiveFeed(agent, telemetry)
    const epoch = String(Date.now())
    const diagnosis = new Diagnosis(agent, config.diagnosis)
    const version = await ownVersion()
    const context = { agent, config, configuration, telemetry, diagnosis, feed, streams, version, epoch }
    await documentRoutes(app, context.version, await readFile(join(DASHBOARD, 'icon.svg')))
    await app.register((scope) => agentPaths(scope, context), { prefix: '/api/v1' })
    await app.register((scope) => instancePaths(scope, context), { prefix: '/api/v1/instances/:instance' })
    await app.register((scope) => shortPaths(scope, context))
    await serveDashboard(app, DASHBOARD)
    return new RestServer(await listen(app, config), app, context)
  }

  async close(): Promise<void> {
    this.#feed.close()
    this.#streams.close()
    await this.#diagnosis.close()
    await this.#app.close()
  }
}

async function agentPaths(scope: FastifyInstance, context: RestContext): Promise<void> {
  agentRoutes(scope as unknown as ZodServer, context)
  kindRoutes(scope as unknown as ZodServer, context)
}

async function instancePaths(scope: FastifyInstance, context: RestContext): Promise<void> {
  const app = scope as unknown as ZodServer
  vppRoutes(app, context)
  interfaceRoutes(app, context)
  rateRoutes(app, context)
  diagnosisRoutes(app, context)
  itemRoutes(app, context)
  stateRoutes(app, context)
  planRoutes(app, context)
  dumpRoutes(app, context)
  graphRoutes(app, context)
  historyRoutes(app, context)
  originRoutes(app, context)
  eventRoutes(app, context)
  topologyRoutes(app, context)
}

/** The same again for people in a hurry; documented under their whole paths. */
async function shortPaths(scope: FastifyInstance, context: RestContext): Promise<void> {
  scope.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, hide: true }
  })
  await agentPaths(scope, context)
  const app = scope as unknown as ZodServer
  vppRoutes(app, context, '/vpp')
  interfaceRoutes(app, context)
  rateRoutes(app, context)
  diagnosisRoutes(app, context)
  itemRoutes(app, context)
  stateRoutes(app, context)
  planRoutes(app, context)
  dumpRoutes(app, context)
  graphRoutes(app, context)
  historyRoutes(app, context)
  originRoutes(app, context)
  eventRoutes(app, context)
  topologyRoutes(app, context)
}
