import type { IncomingMessage, ServerResponse } from 'node:http'
import { openApiDocument } from '@vpp-ts/binapi-generator/openapi'
import { serveRoute, type CallSettings } from './call.ts'
import { VppHttpError, type HttpErrorCode } from './errors.ts'
import { failureOf } from './problem.ts'
import { routeTable, type HttpRoute, type RouteSource } from './route.ts'
import { Guard, guardProblem, type GuardOptions, type RefusalReason } from './server/guard.ts'
import { PROBLEM_TYPE } from './server/problem.ts'
import type { RpcConnection } from '@vpp-ts/runtime'

/** Options of an API over HTTP. */
export interface HttpApiOptions extends GuardOptions {
  /** Where requests go. */
  readonly vpp: RpcConnection
  /** What is served: routes of generated modules, `schemaRoutes` or `LiveRoutes`. */
  readonly routes: Iterable<HttpRoute> | RouteSource
  /** Path below which the routes are, such as `/api`. Default: none. */
  readonly prefix?: string | undefined
  /** Bytes that the body of a request may have. Default 1 MiB. */
  readonly bodyLimit?: number | undefined
  /** Milliseconds until a call fails with status 504. Default: that of the connection. */
  readonly timeout?: number | undefined
  /** Milliseconds between the comments that keep event streams alive. Default 15,000. */
  readonly heartbeat?: number | undefined
  /** Title of the OpenAPI document. Default `FD.io VPP`. */
  readonly title?: string | undefined
  /** Version in the OpenAPI document, such as VPP's release. Default `unknown`. */
  readonly version?: string | undefined
  /** Told of errors that only a mistake in this program explains; clients see status 500. Default: a warning. */
  readonly onFailure?: ((error: unknown) => void) | undefined
}

const MIB = 1024 * 1024

/** Name of the OpenAPI document below the prefix. */
const DOCUMENT = 'openapi.json'

/** Codes of what the guard refuses. */
const REFUSED: Readonly<Record<RefusalReason, HttpErrorCode>> = {
  'token-needed': 'HTTP_TOKEN_NEEDED',
  unauthorized: 'HTTP_UNAUTHORIZED',
  host: 'HTTP_HOST',
  origin: 'HTTP_ORIGIN',
}

/**
 * VPP's API over HTTP: `POST /<module>/<message>`, `GET /<module>/<event>`, `GET /openapi.json`. What it is served by is
 * the caller's: `createServer(api.handle)`, `serve`, or the plugin for fastify.
 */
export class HttpApi {
  readonly #guard: Guard
  readonly #routes: RouteSource
  readonly #settings: CallSettings
  readonly #prefix: string
  readonly #info: { readonly title: string; readonly version: string; readonly token: boolean }
  readonly #onFailure: (error: unknown) => void
  readonly #active = new Set<ServerResponse>()
  #document: { readonly of: readonly HttpRoute[]; readonly text: string } | undefined

  /** @throws VppHttpError `HTTP_OPTION` */
  constructor(options: HttpApiOptions) {
    this.#guard = guardOf(options)
    this.#routes = isSource(options.routes) ? options.routes : routeTable(options.routes)
    this.#settings = {
      vpp: options.vpp,
      timeout: option('timeout', options.timeout, undefined),
      bodyLimit: option('bodyLimit', options.bodyLimit, MIB),
      heartbeat: option('heartbeat', options.heartbeat, 15_000),
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
    response.once('close', () => {
      this.#active.delete(response)
      left.abort()
    })
    // Writing to a client that has just left is no error of anybody's.
    response.on('error', () => {
      left.abort()
    })
    this.#serve(request, response, left.signal).catch((error: unknown) => {
      this.#refuse(response, error)
    })
  }

  /** Cuts off what is under way: streams would keep a server from closing for ever. */
  close(): void {
    for (const response of this.#active) response.destroy()
  }

  async #serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    this.#check(request)
    const { path, query } = split(request.url ?? '')
    if (path === `${this.#prefix}/${DOCUMENT}`) {
      demandMethod(request, 'GET', 'HEAD')
      sendText(response, 'application/json', this.#documentText())
      return
    }
    const route = this.#find(path)
    demandMethod(request, route.method.kind === 'event' ? 'GET' : 'POST')
    await serveRoute(route, this.#settings, { request, response, query, signal })
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
    const [, module, name] = /^\/(\w+)\/(\w+)$/.exec(below) ?? []
    const route = module === undefined || name === undefined ? undefined : this.#routes.find(module, name)
    if (route !== undefined) return route
    const elsewhere = this.#routes.all().find((candidate) => candidate.name === name)
    const hint =
      elsewhere === undefined
        ? `${this.#prefix}/${DOCUMENT} has all that is`
        : `it is at ${this.#prefix}/${elsewhere.module}/${elsewhere.name}`
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

  #refuse(response: ServerResponse, error: unknown): void {
    // The client has left, or the server closes: nobody waits for an answer.
    if (response.destroyed || response.headersSent) {
      response.destroy()
      return
    }
    const { problem, headers, expected } = failureOf(error)
    if (!expected) this.#onFailure(error)
    response.writeHead(problem.status, { ...headers, 'content-type': PROBLEM_TYPE })
    response.end(JSON.stringify(problem))
  }
}

function guardOf(options: GuardOptions): Guard {
  const problem = guardProblem(options)
  if (problem !== undefined) throw new VppHttpError('HTTP_OPTION', problem)
  return new Guard(options)
}

function isSource(routes: Iterable<HttpRoute> | RouteSource): routes is RouteSource {
  return 'find' in routes && 'all' in routes
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

function option<D extends number | undefined>(
  name: string,
  value: number | undefined,
  preset: D,
): number | D {
  if (value === undefined) return preset
  if (value > 0) return value
  throw new VppHttpError('HTTP_OPTION', `${name}: expected a number above 0, received ${value}`)
}

function prefixOf(prefix: string): string {
  if (/^(\/[\w.~-]+)*$/.test(prefix)) return prefix
  throw new VppHttpError(
    'HTTP_OPTION',
    `prefix: expected a path such as "/api", received ${JSON.stringify(prefix)}`,
  )
}

function warn(error: unknown): void {
  process.emitWarning(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
    'VppHttpWarning',
  )
}
