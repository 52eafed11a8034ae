import { request as requestHttp, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as requestHttps } from 'node:https'
import { PROBLEM_TYPE } from '@vpp-ts/http/internal'
import type { Problem } from '../web/problem.ts'
import { AgentClientError } from './client-error.ts'

/** Where an agent is, and how it is spoken to. */
export interface AgentClientOptions {
  /** Where its REST is, as `http://127.0.0.1:9191`. */
  readonly url: string
  /** Token that it asks for. */
  readonly token?: string | undefined
  /** PEM: the authority of its certificate where it is not a public one; certificate and key of the client. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined
  /** VPP that calls are about unless they name another; default: the first of the agent. */
  readonly instance?: string | undefined
  /** Milliseconds until the whole answer has to be there. Default 30,000. */
  readonly timeout?: number | undefined
}

/** A request, its path complete. */
export interface TransportRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: OutgoingHttpHeaders | undefined
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; default: that of the client. */
  readonly timeout?: number | undefined
}

const TIMEOUT = 30_000
/** Errors of a connection that was there. */
const BROKEN_OFF: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/** Requests by HTTP and HTTPS, each on its own connection: a program asks little and ends. */
export class Transport {
  readonly #url: URL
  readonly #options: AgentClientOptions

  /** @throws AgentClientError `AGENT_CONFIG` for what is not a URL of HTTP */
  constructor(options: AgentClientOptions) {
    this.#options = options
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      const message = `expected http://HOST:PORT or https://HOST:PORT; received ${JSON.stringify(options.url)}`
      throw new AgentClientError('AGENT_CONFIG', message)
    }
    this.#url = url
  }

  /** The body of an answer as JSON; undefined for none. @throws AgentClientError */
  async json(request: TransportRequest): Promise<unknown> {
    return await this.#whole(request, (response, body) => {
      return body.length === 0 ? undefined : this.#parse(body.toString('utf8'), response)
    })
  }

  /** The body of an answer. @throws AgentClientError */
  async file(request: TransportRequest): Promise<Buffer> {
    return await this.#whole(request, (_response, body) => body)
  }

  async #whole<T>(
    request: TransportRequest,
    read: (response: IncomingMessage, body: Buffer) => T,
  ): Promise<T> {
    const timeout = AbortSignal.timeout(request.timeout ?? this.#options.timeout ?? TIMEOUT)
    const signals = request.signal === undefined ? [timeout] : [timeout, request.signal]
    const signal = AbortSignal.any(signals)
    try {
      const response = await this.#send(request, signal)
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      if ((response.statusCode ?? 0) >= 400) throw refusalOf(response, body.toString('utf8'))
      return read(response, body)
    } catch (error) {
      throw this.#errorOf(error, request, timeout)
    }
  }

  /** The text of an answer as it comes, until the signal or the end of the agent. @throws AgentClientError */
  async *text(request: TransportRequest): AsyncGenerator<string, void> {
    const opening = new AbortController()
    const timer = setTimeout(() => opening.abort(), request.timeout ?? this.#options.timeout ?? TIMEOUT)
    try {
      const signals = [opening.signal, ...(request.signal === undefined ? [] : [request.signal])]
      const response = await this.#send(request, AbortSignal.any(signals))
      clearTimeout(timer)
      response.setEncoding('utf8')
      if ((response.statusCode ?? 0) >= 400) {
        let text = ''
        for await (const chunk of response) text += String(chunk)
        throw refusalOf(response, text)
      }
      for await (const chunk of response) yield String(chunk)
    } catch (error) {
      if (request.signal?.aborted !== true) throw this.#errorOf(error, request, opening.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  #send({ method, path, body, headers }: TransportRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { token, tls = {} } = this.#options
    const content = body === undefined ? undefined : JSON.stringify(body)
    const target = new URL(path, this.#url)
    const send = target.protocol === 'https:' ? requestHttps : requestHttp
    return new Promise((resolve, reject) => {
      const sent = send(
        target,
        {
          method,
          signal,
          agent: false,
          ...tls,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(content === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
            ...headers,
          },
        },
        resolve,
      )
      sent.on('error', reject)
      sent.end(content)
    })
  }

  #parse(text: string, response: IncomingMessage): unknown {
    if (response.headers['content-type']?.includes('json') !== true) throw this.#stranger()
    try {
      return JSON.parse(text)
    } catch {
      throw this.#stranger()
    }
  }

  #stranger(): AgentClientError {
    return new AgentClientError('AGENT_UNREACHABLE', `${this.#url.origin} does not respond like an agent`)
  }

  #errorOf(error: unknown, { method, path, signal }: TransportRequest, timeout: AbortSignal): unknown {
    if (error instanceof AgentClientError || signal?.aborted === true) return error
    const what = `${method} ${path.split('?')[0] ?? ''}`
    if (timeout.aborted) {
      const message = `${this.#url.origin} has not answered ${what} in time`
      return new AgentClientError('AGENT_TIMEOUT', message, { cause: error })
    }
    const { code, message } = error as NodeJS.ErrnoException
    const reason = BROKEN_OFF.has(code) ? `broke off ${what}` : `cannot be reached: ${message || code}`
    return new AgentClientError('AGENT_UNREACHABLE', `${this.#url.origin} ${reason}`, { cause: error })
  }
}

/** The error of an answer that says no. */
function refusalOf(response: IncomingMessage, text: string): AgentClientError {
  const { statusCode: status = 0, headers } = response
  if (headers['content-type']?.includes(PROBLEM_TYPE) === true) {
    const problem = JSON.parse(text) as Problem
    return new AgentClientError(problem.code, problem.detail, { problem })
  }
  return new AgentClientError('AGENT_UNREACHABLE', `the server responded with ${status}, and is not an agent`)
}
