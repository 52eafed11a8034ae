import type { IncomingMessage, ServerResponse } from 'node:http'
import { openApiDocument } from '@vpp-ts/binapi-generator/openapi'
import { Backlog } from './backlog.ts'
import { serveRoute, type CallSettings, type Exchange } from './call.ts'
import { VppHttpError, type HttpErrorCode } from './errors.ts'
import { MIB, guardOf, option, prefixOf, routesOf, warn, type HttpApiOptions } from './options.ts'
import { failureOf, type Failure } from './problem.ts'
import type { HttpRoute, RouteSource } from './route.ts'
import type { Guard, RefusalReason } from './server/guard.ts'
import { PROBLEM_TYPE, type Problem } from './server/problem.ts'

/** Name of the OpenAPI document below the prefix. */
const DOCUMENT = 'openapi.json'

/** Codes of what the guard refuses. */
const REFUSED: Readonly<Record<RefusalReason, HttpErrorCode>> = {
  'token-needed': 'HTTP_TOKEN_NEEDED',
  unauthorized: 'HTTP_UNAUTHORIZED',
  // The server of this package has one token only.
  'read-only': 'HTTP_UNAUTHORIZED',
  host: 'HTTP_HOST',
  origin: 'HTTP_ORIGIN',
}

/**
 * VPP's API over HTTP: `POST /<module>/<message>`, `GET /<module>/<event>`, `GET /openapi.json`. What it is served by is
 * the caller's: `createServer(api.handle)`, `serve`, or the plugin for fastify.
 */
export class HttpApi implements AsyncDisposable {
  readonly #guard: Guard
  readonly #routes: RouteSource
  readonly #backlog: Backlog
  readonly #settings: CallSettings
  readonly #prefix: string
  readonly #info: { readonly title: string; readonly version: string; readonly token: boolean }
  readonly #onFailure: (error: unknown) => void
  readonly #active = new Set<ServerResponse>()
  #document: { readonly of: readonly HttpRoute[]; readonly text: string } | undefined

  /** @throws VppHttpError `HTTP_OPTION` */
  constructor(options: HttpApiOptions) {
    this.#guard = guardOf(options)
    this.#routes = routesOf(options)
    this.#backlog = new Backlog(option('backlogLimit', options.backlogLimit, 64 * MIB))
    this.#settings = {
      vpp: options.vpp,
      timeout: option('timeout', options.timeout, undefined),
      bodyLimit: option('bodyLimit', options.bodyLimit, MIB),
      heartbeat: option('heartbeat', options.heartbeat, 15_000),
      backlog: this.#backlog,
    }
    this.#prefix = prefixOf(options.prefix ?? '')
    this.#info = {
      title: options.title ?? 'FD.io VPP',
      version: options.version ?? 'unknown',
      token: options.token !== undefined,
    }
    this.#onFailure = options.onFailure ?? warn
  }

  /** Serves one request: a listener for `node:http`. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const left = new AbortController()
    this.#active.add(response)
    this.#backlog.add(response, (error) => {
      this.#tell(error)
      left.abort(error)
      response.destroy()
    })
    response.once('close', () => {
      this.#active.delete(response)
      this.#backlog.delete(response)
      left.abort()
    })
    // Writing to a client that has just left is not an error.
    response.on('error', () => {
      left.abort()
    })
    const problemOf = (error: unknown): Problem => this.#failure(error, left.signal).problem
    this.#serve({ request, response, signal: left.signal, problemOf }).catch((error: unknown) => {
      this.#refuse(response, this.#failure(error, left.signal))
    })
  }

  /** Aborts what is under way: streams would keep a server from closing forever. */
  async close(): Promise<void> {
    for (const response of this.#active) response.destroy()
    await Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(exchange: Omit<Exchange, 'query'>): Promise<void> {
    const { request, response } = exchange
    this.#check(request)
    const { path, query } = split(request.url ?? '')
    if (path === `${this.#prefix}/${DOCUMENT}`) {
      demandMethod(request, 'GET', 'HEAD')
      sendText(response, 'application/json', this.#documentText())
      return
    }
    const route = this.#find(path)
    demandMethod(request, route.method.kind === 'event' ? 'GET' : 'POST')
    await serveRoute(route, this.#settings, { ...exchange, query })
  }

  /** @throws VppHttpError when the request must not be served */
  #check(request: IncomingMessage): void {
    const refusal = this.#guard.refusal(request)
    if (refusal === undefined) return
    const { reason, message, status, headers } = refusal
    throw new VppHttpError(REFUSED[reason], message, { status, headers })
  }

  #find(path: string): HttpRoute {
    const below = path.startsWith(`${this.#prefix}/`) ? path.slice(this.#prefix.length) : ''
    const [, module, name] = /^\/(?:(\w+)\/)?(\w+)$/.exec(below) ?? []
    const route = module === undefined || name === undefined ? undefined : this.#routes.find(module, name)
    if (route !== undefined) return route
    const elsewhere = name === undefined ? undefined : this.#routes.moduleOf(name)
    const hint =
      elsewhere === undefined
        ? `${this.#prefix}/${DOCUMENT} lists all routes`
        : `it is at ${this.#prefix}/${elsewhere}/${name}`
    throw new VppHttpError(
      'HTTP_NOT_FOUND',
      `there is nothing at ${JSON.stringify(path.slice(0, 200))}: ${hint}`,
    )
  }

  /** Made when it is asked for, and again when the routes have changed. */
  #documentText(): string {
    const routes = this.#routes.all()
    if (this.#document?.of !== routes) {
      const document = openApiDocument(routes, { ...this.#info, prefix: this.#prefix })
      this.#document = { of: routes, text: JSON.stringify(document) }
    }
    return this.#document.text
  }

  /** The problem for an error. One of a call that ends because its client has left is not an error. */
  #failure(error: unknown, { aborted }: AbortSignal): Failure {
    const failure = failureOf(error)
    if (!failure.expected && !aborted) this.#tell(error)
    return failure
  }

  /** Notifies the program; an error in its listener must not end it. */
  #tell(error: unknown): void {
    try {
      this.#onFailure(error)
    } catch (mistake) {
      warn(mistake)
    }
  }

  #refuse(response: ServerResponse, { problem, headers }: Failure): void {
    // The client has left, or the server closes, or part of the response is on its way.
    if (response.destroyed || response.headersSent) {
      response.destroy()
      return
    }
    response.writeHead(problem.status, { ...headers, 'content-type': PROBLEM_TYPE })
    response.end(JSON.stringify(problem))
  }
}

function split(url: string): { path: string; query: URLSearchParams } {
  const mark = url.indexOf('?')
  return mark < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) }
}

function demandMethod({ method = '' }: IncomingMessage, ...allowed: readonly string[]): void {
  if (allowed.includes(method)) return
  throw new VppHttpError('HTTP_METHOD', `${method} is not for this path: use ${allowed[0] ?? ''}`, {
    headers: { allow: allowed.join(', ') },
  })
}

/** Sends a whole response; Node leaves the body of a HEAD out. */
function sendText(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' })
  response.end(text)
}
