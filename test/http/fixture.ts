import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { generate, http } from '@vpp-ts/binapi-generator'
import { LiveRoutes, serve, type HttpRoute, type HttpServer, type ServeOptions } from '@vpp-ts/http'
import { VppConnection } from '@vpp-ts/runtime'
import { Simulator, type SimulatorOptions } from '@vpp-ts/simulator'
import { ROOT } from '../generator/compile.ts'

/** Routes that `--gen http` makes of some modules; the folder is gone when they are there. */
export async function generatedRoutes(modules: readonly string[]): Promise<HttpRoute[]> {
  // Within the checkout, where the runtime is found by name.
  const outputDir = mkdtempSync(join(ROOT, 'test', 'http', 'routes-'))
  try {
    const input = join(ROOT, 'api-json/26.06')
    await generate({ input, modules, outputDir, plugins: [http], importExtension: '.ts' })
    const files = modules.map((module) => pathToFileURL(join(outputDir, module, 'http.ts')).href)
    const loaded = await Promise.all(files.map((file) => import(file) as Promise<{ routes: HttpRoute[] }>))
    return loaded.flatMap(({ routes }) => routes)
  } finally {
    rmSync(outputDir, { recursive: true, force: true })
  }
}

/** A simulator, a connection to it, and what serves it over HTTP. */
export class Served implements AsyncDisposable {
  readonly simulator: Simulator
  readonly vpp: VppConnection
  readonly server: HttpServer
  readonly #routes: LiveRoutes | undefined

  private constructor(simulator: Simulator, vpp: VppConnection, server: HttpServer, routes?: LiveRoutes) {
    this.simulator = simulator
    this.vpp = vpp
    this.server = server
    this.#routes = routes
  }

  /** Serves the routes given, or those that the simulator says it has. */
  static async start(options: Partial<ServeOptions> = {}, simulated: SimulatorOptions = {}): Promise<Served> {
    const simulator = await Simulator.start(simulated)
    const vpp = VppConnection.managed(simulator.path, {
      whenDown: 'reject',
      reconnect: { initialDelay: 5, maximumDelay: 20 },
    })
    await vpp.ready()
    const live = options.routes === undefined ? LiveRoutes.follow(vpp) : undefined
    const routes = options.routes ?? live
    if (routes === undefined) throw new Error('there are routes of one kind or the other')
    const server = await serve({ port: 0, ...options, vpp, routes })
    const served = new Served(simulator, vpp, server, live)
    if (live !== undefined) await live.ready()
    return served
  }

  /** Posts JSON to a path. */
  post(path: string, body?: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) }
    return fetch(`${this.server.url}${path}`, {
      ...init,
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#routes?.close()
    await this.server.close()
    await this.vpp.close()
    await this.simulator.close()
  }
}

/** The lines of a stream of JSON, parsed. */
export async function* linesOf(response: Response): AsyncGenerator<Record<string, unknown>> {
  for await (const line of textLines(response)) yield JSON.parse(line) as Record<string, unknown>
}

/** All lines of a stream of JSON, parsed. */
export async function allLines(response: Response): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = []
  for await (const line of linesOf(response)) all.push(line)
  return all
}

/** One server-sent event. */
export interface Sent {
  readonly event: string
  readonly data: Record<string, unknown>
}

/** Server-sent events; comments are passed over, unless `comments` is told of them. */
export async function* eventsOf(response: Response, comments: string[] = []): AsyncGenerator<Sent> {
  let event = ''
  let data = ''
  for await (const line of textLines(response)) {
    if (line.startsWith(':')) comments.push(line)
    else if (line.startsWith('event: ')) event = line.slice(7)
    else if (line.startsWith('data: ')) data = line.slice(6)
    else if (line === '' && data !== '') {
      yield { event, data: JSON.parse(data) as Record<string, unknown> }
      data = ''
    }
  }
}

async function* textLines(response: Response): AsyncGenerator<string> {
  let rest = ''
  if (response.body === null) return
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}
