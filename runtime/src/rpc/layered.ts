import { callTracing } from '../observe/diagnostics.ts'
import { tracing } from './traced.ts'
import type { AnyDump, Change, Interceptor, Invocation } from '../api/interceptor.ts'
import type {
  CallOptions,
  Dump,
  DumpMethod,
  DumpWithReply,
  EventMethod,
  EventOptions,
  EventStream,
  OneWayMethod,
  RpcConnection,
  StreamMethod,
  UnaryMethod,
} from '../api/method.ts'

type Layer<T> = (invocation: Invocation, next: (change?: Change) => T) => T

/** Runs what the layers make of an invocation; the first is the outermost. */
export function through<T>(
  layers: readonly Layer<T>[],
  invocation: Invocation,
  last: (invocation: Invocation) => T,
): T {
  const run = (at: number, current: Invocation): T => {
    const layer = layers[at]
    if (layer === undefined) return last(current)
    return layer(current, (change) => run(at + 1, change === undefined ? current : { ...current, ...change }))
  }
  return run(0, invocation)
}

/** A connection with layers around its calls, dumps and events. */
export class LayeredConnection implements RpcConnection {
  readonly #inner: RpcConnection
  readonly #target: string
  readonly #calls: readonly Layer<Promise<unknown>>[]
  readonly #dumps: readonly Layer<AnyDump>[]
  readonly #events: readonly Layer<EventStream<unknown>>[]

  readonly #plain: boolean

  /** What is published of calls is published behind all interceptors, where `traces` says so. */
  constructor(inner: RpcConnection, target: string, interceptors: readonly Interceptor[], traces: boolean) {
    const layers = traces ? [...interceptors, tracing] : interceptors
    this.#plain = interceptors.length === 0
    this.#inner = inner
    this.#target = target
    this.#calls = layers.flatMap(({ call }) => call ?? [])
    this.#dumps = layers.flatMap(({ dump }) => dump ?? [])
    this.#events = layers.flatMap(({ events }) => events ?? [])
  }

  call<Q extends object, R>(
    method: UnaryMethod<Q, R>,
    request: object,
    options: CallOptions = {},
  ): Promise<R> {
    const { name } = method.request.descriptor
    return this.request(this.#invocation('call', name, request, options), (it) =>
      this.#inner.call(method, it.request as never, it.options),
    ) as Promise<R>
  }

  async send<Q extends object>(
    method: OneWayMethod<Q>,
    request: object,
    options: CallOptions = {},
  ): Promise<void> {
    const { name } = method.request.descriptor
    await this.request(this.#invocation('send', name, request, options), (it) =>
      this.#inner.send(method, it.request as never, it.options),
    )
  }

  dump<Q extends object, D>(method: DumpMethod<Q, D>, request: object, options: CallOptions = {}): Dump<D> {
    const { name } = method.request.descriptor
    return this.details(this.#invocation('dump', name, request, options), (it) =>
      this.#inner.dump(method, it.request as never, it.options),
    ) as Dump<D>
  }

  stream<Q extends object, R, D>(
    method: StreamMethod<Q, R, D>,
    request: object,
    options: CallOptions = {},
  ): DumpWithReply<D, R> {
    const { name } = method.request.descriptor
    return this.details(this.#invocation('stream', name, request, options), (it) =>
      this.#inner.stream(method, it.request as never, it.options),
    ) as DumpWithReply<D, R>
  }

  events<Q extends object, R, E>(
    method: EventMethod<Q, R, E>,
    request: object,
    options: EventOptions = {},
  ): EventStream<E> {
    const { name } = method.event.descriptor
    return this.subscription(this.#invocation('events', name, request, options), (it) =>
      this.#inner.events(method, it.request as never, it.options),
    ) as EventStream<E>
  }

  /** True while nothing goes around calls. */
  get transparent(): boolean {
    return this.#plain && !callTracing.hasSubscribers
  }

  /** Dumps, those of channels included. */
  details(invocation: Invocation, last: (invocation: Invocation) => AnyDump): AnyDump {
    return through(this.#dumps, invocation, last)
  }

  /** Subscriptions, to one event or to all. */
  subscription(
    invocation: Invocation,
    last: (invocation: Invocation) => EventStream<unknown>,
  ): EventStream<unknown> {
    return through(this.#events, invocation, last)
  }

  /** Whatever has one outcome: calls, sends, and the requests of channels. */
  request(invocation: Invocation, last: (invocation: Invocation) => Promise<unknown>): Promise<unknown> {
    return through(this.#calls, invocation, last)
  }

  #invocation(
    kind: Invocation['kind'],
    message: string,
    request: object,
    options: CallOptions | EventOptions,
  ): Invocation {
    return { kind, target: this.#target, message, channel: 0, request, options }
  }
}
