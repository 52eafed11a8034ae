import { EVENT_STREAM } from '@vpp-ts/http/internal'
import { AgentClientError } from './client-error.ts'
import { OPERATIONS, type AnyOperation, type Operation } from './operations.ts'
import type { LiveView } from '../telemetry/live-view.ts'
import { readEvents, type StreamEvent } from './stream.ts'
import { Transport, type AgentClientOptions, type TransportRequest } from './transport.ts'

/** Names of the parameters in a path. */
type ParametersOf<P extends string> = P extends `${string}{${infer N}}${infer Rest}`
  ? N | ParametersOf<Rest>
  : never

/** What of a call is not about the operation. */
export interface CallOptions {
  /** VPP that it is about; default: that of the client. */
  readonly instance?: string | undefined
  /** Milliseconds until the answer has to be there; default: those of the client. */
  readonly within?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** The item must have this tag; `*`: must exist. */
  readonly ifMatch?: string | undefined
  /** `*`: the item must not exist. */
  readonly ifNoneMatch?: '*' | undefined
}

/** Value of a parameter. */
type Value = string | number | boolean | undefined

/** What an operation is called with: parameters of its path and query, its body, options of the call. */
export type InputOf<O> =
  O extends Operation<infer P, infer Q, infer B, unknown>
    ? Readonly<Record<ParametersOf<P>, string | number>> &
        Readonly<Partial<Record<Q, Value>>> &
        (undefined extends B ? unknown : { readonly body: B }) &
        CallOptions
    : never

/** What an operation is answered with. */
export type AnswerOf<O> = O extends Operation<string, string, unknown, infer A> ? A : never

type Operations = typeof OPERATIONS
/** Operations that can be called with nothing. */
type Method<O> =
  object extends InputOf<O>
    ? (input?: InputOf<O>) => Promise<AnswerOf<O>>
    : (input: InputOf<O>) => Promise<AnswerOf<O>>

/** A method for every operation of the agent's REST. */
export type AgentOperations = { readonly [N in keyof Operations]: Method<Operations[N]> }

interface LooseInput extends CallOptions {
  readonly body?: unknown
  readonly [name: string]: unknown
}

const API = '/api/v1'

class Client {
  readonly #transport: Transport
  #instance: Promise<string> | undefined

  constructor(options: AgentClientOptions) {
    this.#transport = new Transport(options)
    if (options.instance !== undefined) this.#instance = Promise.resolve(options.instance)
    for (const [name, operation] of Object.entries<AnyOperation>(OPERATIONS)) {
      if (name in this) continue
      Object.defineProperty(this, name, {
        value: (input: LooseInput = {}) => this.#call(operation, input),
      })
    }
  }

  /**
   * Events of a VPP as they come, until the signal.
   * @param input `lastEventId` is the last one that was seen; after one of another life of the agent all that it keeps come first
   * @throws AgentClientError also when the agent ends
   */
  async *follow(
    input: {
      readonly kind?: string | undefined
      readonly lastEventId?: string | undefined
    } & Pick<CallOptions, 'instance' | 'signal'> = {},
  ): AsyncGenerator<StreamEvent, void> {
    const { kind, signal, lastEventId } = input
    const path = await this.#pathOf(OPERATIONS.events, { ...input, kind })
    yield* this.#stream(path, signal, lastEventId)
  }

  /**
   * All VPPs at a glance and one in full, once a second, until the signal.
   * @throws AgentClientError also when the agent ends
   */
  async *live(input: Pick<CallOptions, 'instance' | 'signal'> = {}): AsyncGenerator<LiveView, void> {
    const path = await this.#pathOf(OPERATIONS.live, { ...input })
    for await (const { data } of this.#stream(path, input.signal)) yield data as LiveView
  }

  async *#stream(
    path: string,
    signal: AbortSignal | undefined,
    lastEventId?: string,
  ): AsyncGenerator<StreamEvent, void> {
    const last = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const headers = { accept: EVENT_STREAM, ...last }
    yield* readEvents(this.#transport.text({ method: 'GET', path, headers, signal }))
    if (signal?.aborted !== true)
      throw new AgentClientError('AGENT_UNREACHABLE', 'the agent ended the stream')
  }

  async #call(operation: AnyOperation, input: LooseInput): Promise<unknown> {
    const { body, within, signal, ifMatch, ifNoneMatch } = input
    const path = await this.#pathOf(operation, input)
    const request: TransportRequest = {
      method: operation.method,
      path,
      body,
      signal,
      timeout: within,
      headers: {
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
      },
    }
    return await (operation.isFile === true ? this.#transport.file(request) : this.#transport.json(request))
  }

  async #pathOf({ path, query, ofInstance }: AnyOperation, input: LooseInput): Promise<string> {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])))
    const parameters = new URLSearchParams()
    const named = ofInstance ? query : [...query, 'instance']
    for (const name of named) {
      const value = input[name]
      if (value !== undefined) parameters.set(name, String(value))
    }
    const rest = parameters.size === 0 ? '' : `?${parameters.toString()}`
    if (!ofInstance) return `${API}${filled}${rest}`
    const instance = input.instance ?? (await this.#first())
    return `${API}/instances/${encodeURIComponent(instance)}${filled}${rest}`
  }

  /** The instance that calls are about unless they name one. */
  #first(): Promise<string> {
    this.#instance ??= (async () => {
      const { instances } = (await this.#call(OPERATIONS.instances, {})) as AnswerOf<Operations['instances']>
      const [first] = instances
      if (first === undefined)
        throw new AgentClientError('AGENT_UNKNOWN_INSTANCE', 'the agent has no instance')
      return first.name
    })()
    return this.#instance
  }
}

/** Calls the REST of an agent. Every operation is a method that takes its parameters by name. */
export type AgentClient = Omit<AgentOperations, 'live'> & Pick<Client, 'follow' | 'live'>

/**
 * Makes a client of an agent. Nothing is asked yet.
 * @throws AgentClientError `AGENT_CONFIG` for what is not a URL of HTTP
 */
export function agentClient(options: AgentClientOptions): AgentClient {
  return new Client(options) as unknown as AgentClient
}
