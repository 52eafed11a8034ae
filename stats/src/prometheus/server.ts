import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Registry } from 'prom-client'
import type { StatsClient } from '../client.ts'
import { registerStats, type CollectorOptions } from './collector.ts'

/** Where and what a {@link MetricsServer} serves. */
export interface MetricsServerOptions extends Partial<CollectorOptions> {
  /** Address to listen on. Default `127.0.0.1`: metrics tell a lot about a network. */
  readonly host?: string
  /** Port to listen on, 0 for any. Default 9482, as VPP's own exporter has it. */
  readonly port?: number
}

/** Serves VPP's stats to Prometheus at `/metrics`. */
export class MetricsServer implements AsyncDisposable {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens. Errors of the system (`EADDRINUSE`) come as Node gives them. */
  static async listen(client: StatsClient, options: MetricsServerOptions = {}): Promise<MetricsServer> {
    const { host = '127.0.0.1', port = 9482, ...collector } = options
    const registry = new Registry()
    registerStats(registry, client, collector)
    const server = createServer((request, response) => void respond(registry, request, response))
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
  registry: Registry,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path] = (request.url ?? '').split('?')
  if (path !== '/metrics') return end(response, 404, 'text/plain', 'metrics are at /metrics\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return end(response, 405, 'text/plain', 'only GET\n')
  }
  try {
    end(response, 200, registry.contentType, await registry.metrics())
  } catch (error) {
    end(response, 500, 'text/plain', `${String(error)}\n`)
  }
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type })
  response.end(body)
}
