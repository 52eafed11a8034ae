import { EventStreamParser } from './event-stream.ts'
import type { Session } from './session.ts'

/** What is wrong with a field of a request. */
export interface FieldProblem {
  /** Path of the field, as `paths.0.nextHop`; empty for the whole. */
  readonly field: string
  readonly message: string
}

/** The agent refused a request, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The agent's stable error code; undefined if it sent none. */
  readonly code: string | undefined
  /** What is wrong with which field of the request. */
  readonly problems: readonly FieldProblem[]

  constructor(
    status: number,
    message: string,
    { code, problems = [], ...options }: ErrorOptions & Partial<Pick<ApiError, 'code' | 'problems'>> = {},
  ) {
    super(message, options)
    this.status = status
    this.code = code
    this.problems = problems
  }
}

/** Values of a query; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** Headers of a request. */
type HeaderValues = Readonly<Record<string, string>>

/** Requests to the agent that served the page. Asks for a token when the agent wants one, and then goes on. */
export class Api {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** @throws ApiError; the reason of the signal */
  async get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    const response = await this.#send(path + queryText(query), signal === undefined ? {} : { signal })
    return (await response.json()) as T
  }

  /** The same with what names the state that was answered, for {@link put}. @throws ApiError */
  async getTagged<T>(path: string, query: Query = {}): Promise<{ value: T; tag: string | null }> {
    const response = await this.#send(path + queryText(query), {})
    return { value: (await response.json()) as T, tag: response.headers.get('etag') }
  }

  /** @throws ApiError */
  async post<T>(path: string, body: unknown = {}, query: Query = {}, headers: HeaderValues = {}): Promise<T> {
    return await this.#change('POST', path + queryText(query), body, headers)
  }

  /** @throws ApiError */
  async put<T>(path: string, body: unknown, query: Query = {}, headers: HeaderValues = {}): Promise<T> {
    return await this.#change('PUT', path + queryText(query), body, headers)
  }

  /** @throws ApiError */
  async delete(path: string, query: Query = {}): Promise<void> {
    await this.#send(path + queryText(query), { method: 'DELETE' })
  }

  /** A file that comes of a request. @throws ApiError */
  async download(path: string, body: unknown): Promise<Blob> {
    const response = await this.#sendJson('POST', path, body)
    return await response.blob()
  }

  /**
   * Server-sent events of a type, until the agent ends them.
   * @throws ApiError; the reason of the signal
   */
  async *events(path: string, query: Query, type: string, signal: AbortSignal): AsyncGenerator<string> {
    const response = await this.#send(path + queryText(query), {
      signal,
      headers: { accept: 'text/event-stream' },
    })
    if (response.body === null) throw new ApiError(response.status, `${path} has no body`)
    const parser = new EventStreamParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      for (const event of parser.feed(value)) if (event.type === type) yield event.data
    }
  }

  async #change<T>(method: string, url: string, body: unknown, headers: HeaderValues): Promise<T> {
    const response = await this.#sendJson(method, url, body, headers)
    return (await response.json()) as T
  }

  async #sendJson(method: string, url: string, body: unknown, headers: HeaderValues = {}): Promise<Response> {
    return await this.#send(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  }

  async #send(url: string, options: RequestInit & { headers?: HeaderValues }): Promise<Response> {
    for (;;) {
      const headers = { ...options.headers, ...this.#session.headers }
      const response = await request(url, { ...options, headers, cache: 'no-store' })
      if (response.status === 401) {
        await this.#session.ask()
        continue
      }
      if (!response.ok) throw await errorOf(response)
      return response
    }
  }
}

async function request(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw new ApiError(0, 'the agent does not answer', { cause: error })
  }
}

/** What is said in the problem+json of an answer. */
async function errorOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response
  const fallback = `the agent answered ${status} ${statusText}`
  try {
    const { detail, code, problems } = (await response.json()) as {
      readonly detail?: string
      readonly code?: string
      readonly problems?: readonly FieldProblem[]
    }
    return new ApiError(status, detail ?? fallback, { code, problems: problems ?? [] })
  } catch {
    return new ApiError(status, fallback)
  }
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value))
  }
  return parameters.size === 0 ? '' : `?${parameters}`
}
