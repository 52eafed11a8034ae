import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Registry, type RegistryContentType } from 'prom-client'
import type { StatsClient } from '../client.ts'
import { registerStats, resolveCollector, type CollectorOptions } from './collector.ts'
import { EntriesCollector, type MetricRule } from './entries-collector.ts'

/** Where and what a {@link MetricsServer} serves. */
export interface MetricsServerOptions extends Partial<CollectorOptions> {
  /** Address to listen on. Default `127.0.0.1`: metrics tell a lot about a network. */
  readonly host?: string
  /** Port to listen on, 0 for any. Default 9482, as VPP's own exporter has it. */
  readonly port?: number
  /** Entries that are exported besides: patterns, or rules for names and labels. Default none. */
  readonly entries?: readonly (MetricRule | string | RegExp)[]
}

const compress = promisify(gzip)
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const PAGE = '<!doctype html><title>VPP</title><p>Metrics of VPP are at <a href="/metrics">/metrics</a>.\n'
/** Shorter answers are not worth compressing. */
const WORTH_BYTES = 1024

/** One text form of the metrics. prom-client changes names for OpenMetrics: each form has its own registry. */
interface Form {
  readonly registry: Registry<RegistryContentType>
  readonly entries: EntriesCollector
}

/** Serves VPP's stats to Prometheus at `/metrics`: as text or OpenMetrics, compressed where the client takes it. */
export class MetricsServer implements AsyncDisposable {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens. Errors of the system (`EADDRINUSE`) come as Node gives them; `STATS_ARGUMENT` for an invalid rule. */
  static async listen(client: StatsClient, options: MetricsServerOptions = {}): Promise<MetricsServer> {
    const { host = '127.0.0.1', port = 9482, entries = [], ...collector } = options
    const form = (openMetrics: boolean): Form => {
      const registry = new Registry<RegistryContentType>()
      if (openMetrics) registry.setContentType(OPEN_METRICS)
      registerStats(registry as Registry, client, collector)
      return { registry, entries: new EntriesCollector(client, entries, resolveCollector(collector)) }
    }
    const forms = { text: form(false), openMetrics: form(true) }
    const server = createServer((request, response) => void respond(forms, request, response))
    server.listen(port, host)
    await once(server, 'listening')
    return new MetricsServer(server)
  }

  /** The port listened on. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The address to give to Prometheus. */
  get url(): string {
    const { address, family, port } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function respond(
  forms: { readonly text: Form; readonly openMetrics: Form },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path] = (request.url ?? '').split('?')
  if (path !== '/metrics' && path !== '/')
    return end(response, 404, 'text/plain', 'metrics are at /metrics\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return end(response, 405, 'text/plain', 'only GET\n')
  }
  if (path === '/') return end(response, 200, 'text/html; charset=utf-8', PAGE)
  try {
    const open = /application\/openmetrics-text/.test(request.headers.accept ?? '')
    const { registry, entries } = open ? forms.openMetrics : forms.text
    await entries.refresh(registry as Registry)
    const text = await registry.metrics()
    response.setHeader('Vary', 'Accept, Accept-Encoding')
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'])) || text.length < WORTH_BYTES) {
      return end(response, 200, registry.contentType, text)
    }
    response.setHeader('Content-Encoding', 'gzip')
    end(response, 200, registry.contentType, await compress(text))
  } catch (error) {
    end(response, 500, 'text/plain', `${String(error)}\n`)
  }
}

function end(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type })
  response.end(body)
}
