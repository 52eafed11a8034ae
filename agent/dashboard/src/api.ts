import { EventStreamParser } from './event-stream.ts'
import type { Session } from './session.ts'

/** The agent refused a request, or could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The agent's stable name of the error; undefined when it told none. */
  readonly code: string | undefined

  constructor(status: number, message: string, code?: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
  }
}

/** Values of a query; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

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

  /** @throws ApiError */
  async post<T>(path: string, body: unknown = {}): Promise<T> {
    const response = await this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as T
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

  async #send(url: string, options: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
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
    throw new ApiError(0, 'the agent does not answer', undefined, { cause: error })
  }
}

/** What is said in the problem+json of an answer. */
async function errorOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response
  const fallback = `the agent answered ${status} ${statusText}`
  try {
    const { detail, code } = (await response.json()) as { detail?: unknown; code?: unknown }
    const name = typeof code === 'string' ? code : undefined
    return new ApiError(status, typeof detail === 'string' ? detail : fallback, name)
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
