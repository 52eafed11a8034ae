import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Agent, Closable } from '../instance/agent.ts'
import type { MetricsConfig } from '../config/schema.ts'
import type { Telemetry } from './telemetry.ts'
import { listen, makeHttpServer } from '../web/http-server.ts'
import { ownVersion } from '../model/version.ts'
import { agentFamilies } from './agent-families.ts'
import { CallDurations } from './call-durations.ts'
import { interfaceFamilies } from './interface-metrics.ts'
import { probeRoutes } from './probes.ts'
import { METRICS_TYPE, textOf } from './family.ts'
import { StatsMetrics } from './stats-metrics.ts'

/** Metrics of an agent, its connections and its VPPs, for Prometheus. */
export class MetricsServer implements Closable {
  /** Where they are. */
  readonly url: string
  readonly #app: FastifyInstance
  readonly #durations: CallDurations

  private constructor(url: string, app: FastifyInstance, durations: CallDurations) {
    this.url = url
    this.#app = app
    this.#durations = durations
  }

  /**
   * Serves `/metrics`, and `/health` for probes.
   * @param telemetry is not closed with the server
   * @throws AgentError `AGENT_LISTEN`
   */
  static async listen(
    agent: Agent,
    telemetry: Telemetry,
    config: MetricsConfig,
    log: Logger,
  ): Promise<MetricsServer> {
    const app = await makeHttpServer(config, log)
    const version = await ownVersion()
    const stats = new StatsMetrics(agent, telemetry)
    const durations = new CallDurations(agent.instances.values())
    app.get('/metrics', async (_request, reply) => {
      const [ofStats, ofInterfaces] = await Promise.all([stats.read(), interfaceFamilies(agent, telemetry)])
      const families = [...ofStats, ...ofInterfaces, ...agentFamilies(agent, version), durations.family()]
      await reply.type(METRICS_TYPE).send(families.map(textOf).join(''))
    })
    probeRoutes(app, agent)
    try {
      return new MetricsServer(`${await listen(app, config)}/metrics`, app, durations)
    } catch (error) {
      await durations.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#durations.close()
    await this.#app.close()
  }
}
