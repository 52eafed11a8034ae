import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isIP } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import { Guard, PROBLEM_TYPE, type RefusalReason, type Role } from '@vpp-ts/http/internal'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { MetricsConfig, RestConfig } from '../config/schema.ts'
import { AgentError, type AgentErrorCode } from '../model/errors.ts'
import { problemOf } from './problem.ts'
import type { RouteAccess } from './route-access.ts'
import { RequestError } from './request-error.ts'
import { readJson } from '../model/json-list.ts'
import { PathMethods } from './path-methods.ts'
import { checkByZod } from './zod-provider.ts'

/** Where and how something is served. */
export type ServedConfig = MetricsConfig & Partial<Pick<RestConfig, 'body-limit' | 'read-token-file'>>

/** Longest key of a path: names of two interfaces and an address, encoded. */
const LONGEST_PARAMETER = 512
/** Milliseconds in which the head of a request must have come. */
const HEAD_TIMEOUT = 10_000
/** Milliseconds after which a connection that nothing goes over is closed, unless a request of it is being worked on. */
const IDLE_TIMEOUT = 300_000
/** Milliseconds between looks for requests that are late. */
const CHECK_INTERVAL = 500
/** Bytes of a request unless the configuration says otherwise. */
const BODY_LIMIT = 2 ** 20
const MOST_CONNECTIONS = 1000

/** What the agent calls the reasons for which the guard refuses a request. */
const REFUSALS: Readonly<Record<RefusalReason, AgentErrorCode>> = {
  'token-needed': 'AGENT_FORBIDDEN',
  unauthorized: 'AGENT_UNAUTHORIZED',
  'read-only': 'AGENT_FORBIDDEN',
  host: 'AGENT_HOST',
  origin: 'AGENT_FORBIDDEN',
}

/** Methods that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

declare module 'fastify' {
  interface FastifyRequest {
    /** What its sender may do. */
    role: Role
  }
}

/** Headers of every answer. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/**
 * A server without routes: guarded, limited in time, rate and size, its errors sent as problem+json.
 * @throws AgentError `AGENT_LISTEN` when the token or a certificate cannot be used
 */
export async function makeHttpServer(config: ServedConfig, log: Logger): Promise<FastifyInstance> {
  const { 'request-timeout': requestTimeout, 'rate-limit': max } = config
  const guard = await guardOf(config)
  const hasClientCertificates = config.tls?.['client-ca'] !== undefined
  const app = fastify({
    ...(await tlsOf(config)),
    http: {
      headersTimeout: Math.min(HEAD_TIMEOUT, requestTimeout),
      connectionsCheckingInterval: CHECK_INTERVAL,
    },
    bodyLimit: config['body-limit'] ?? BODY_LIMIT,
    requestTimeout,
    connectionTimeout: IDLE_TIMEOUT,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  })
  app.server.maxConnections = MOST_CONNECTIONS
  app.removeContentTypeParser('text/plain')
  parseInTurns(app)
  app.setValidatorCompiler(checkByZod)
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  await app.register(rateLimit, {
    global: false,
    max,
    timeWindow: 1000,
    errorResponseBuilder: () =>
      new RequestError('AGENT_TOO_MANY_REQUESTS', `more than ${max} requests per second; try again later`),
  })
  app.addHook('onRequest', app.rateLimit())
  app.decorateRequest('role', 'reader')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    const access = request.routeOptions.config as RouteAccess
    const readOnly = access.readOnly ?? READING.has(request.method)
    const rules = { public: access.public ?? false, readOnly, remote: hasClientCertificates }
    const refusal = guard.refusal(request.raw, rules)
    request.role = guard.roleOf(request.raw)
    if (refusal !== undefined) throw new RequestError(REFUSALS[refusal.reason], refusal.message)
  })
  keepWhileWorking(app)
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error, log))
  const methods = new PathMethods()
  app.addHook('onRoute', ({ url, method }) => methods.add(url, method))
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.of(request.url)
    if (allowed.length === 0 || allowed.includes(request.method)) {
      throw new RequestError('AGENT_NOT_FOUND', `no such path: ${request.method} ${request.url}`)
    }
    void reply.header('allow', allowed.join(', '))
    const message = `${request.url} does not take ${request.method}; use ${allowed.join(', ')}`
    throw new RequestError('AGENT_METHOD', message)
  })
  return app
}

/** A connection is not idle from the time a request has come until its answer begins: a million routes may take longer. */
function keepWhileWorking(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.on('timeout', stay)
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.raw.off('timeout', stay)
  })
}

/** A server closes a connection that was idle for too long unless there is a listener for that. */
function stay(): void {}

/** Long lists are parsed as they come: a million routes would hold the event loop for a second. */
function parseInTurns(app: FastifyInstance): void {
  const parser = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    const parse = (text: string): unknown => {
      let parsed: { readonly error: Error | null; readonly value?: unknown } | undefined
      void parser(request, text, (error, value) => (parsed = { error, value }))
      if (parsed?.error) throw parsed.error
      return parsed?.value
    }
    try {
      return await readJson(limited(request, payload), parse)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new RequestError('AGENT_REQUEST', `the body is not JSON: ${error.message}`)
    }
  })
}

/** The body of a request, up to the bytes that it may have. */
async function* limited(
  { headers, routeOptions: { bodyLimit } }: FastifyRequest,
  payload: IncomingMessage,
): AsyncGenerator<Buffer, void> {
  const tooLong = (): RequestError =>
    new RequestError('AGENT_BODY_TOO_LARGE', `the body is longer than ${bodyLimit} bytes`)
  if (Number(headers['content-length']) > bodyLimit) throw tooLong()
  let length = 0
  // A client that sent too much should still get the answer.
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimit) throw tooLong()
    yield chunk
  }
}

async function sendProblem(reply: FastifyReply, error: unknown, log: Logger): Promise<void> {
  const problem = problemOf(error)
  if (problem.status === 500) log.error({ err: error }, 'request')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.status === 503) reply.header('retry-after', '1')
  await reply.headers(HEADERS).code(problem.status).type(PROBLEM_TYPE).send(problem)
}

/**
 * Listens.
 * @returns where the server is reached
 * @throws AgentError `AGENT_LISTEN`
 */
export async function listen(
  app: FastifyInstance,
  { address, port, tls }: Pick<ServedConfig, 'address' | 'port' | 'tls'>,
): Promise<string> {
  try {
    await app.listen({ host: address, port })
  } catch (error) {
    const reason = (error as Error).message
    throw new AgentError('AGENT_LISTEN', `cannot listen on ${address} port ${port}: ${reason}`, {
      cause: error,
    })
  }
  const bound = app.server.address() as AddressInfo
  const host = isIP(bound.address) === 6 ? `[${bound.address}]` : bound.address
  return `${tls === undefined ? 'http' : 'https'}://${host}:${bound.port}`
}

async function guardOf(config: ServedConfig): Promise<Guard> {
  const file = config['token-file']
  const readersFile = config['read-token-file']
  const [token, readToken] = await Promise.all([file, readersFile].map(tokenIn))
  try {
    return new Guard({ token, readToken, allowedHosts: config.hosts })
  } catch (error) {
    throw new AgentError('AGENT_LISTEN', `${file}: ${(error as Error).message}`, { cause: error })
  }
}

async function tokenIn(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : (await read(file)).toString('utf8').trim()
}

async function tlsOf({ tls }: ServedConfig): Promise<{ https?: object }> {
  if (tls === undefined) return {}
  const [cert, key] = await Promise.all([read(tls.cert), read(tls.key)])
  const common = { cert, key, minVersion: 'TLSv1.2' }
  const { 'client-ca': file } = tls
  if (file === undefined) return { https: common }
  return { https: { ...common, ca: await read(file), requestCert: true, rejectUnauthorized: true } }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new AgentError('AGENT_LISTEN', `${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
