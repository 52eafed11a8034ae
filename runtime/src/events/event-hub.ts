import { codecOf } from '../codec/codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { ByteWriter } from '../codec/writer.ts'
import { RETVAL_INVALID_REGISTRATION, VppApiError } from '../errors/api-error.ts'
import {
  VppClosedError,
  VppConnectionLostError,
  VppNotConnectedError,
  VppReplyTimeoutError,
} from '../errors/connection-errors.ts'
import { VppError } from '../errors/vpp-error.ts'
import { Deferred } from '../async/deferred.ts'
import type { EventMethod, UnaryMethod } from '../api/method.ts'
import type { EventSink, Registry } from '../session/registry.ts'

/** How to ask VPP for an event. */
export type WantMethod = NonNullable<EventMethod<unknown, unknown, unknown>['want']>

/** Sends a want or unwant over the session at hand; `late` is told of an answer that comes after the deadline. */
export type WantCall = (
  method: UnaryMethod<unknown, unknown>,
  request: object,
  late: () => void,
) => Promise<unknown>

/** A reader that can be told that its events will not come. */
interface Subscriber extends EventSink {
  end(error: unknown): void
}

interface Want {
  readonly key: string
  readonly event: MessageDescriptor
  readonly method: WantMethod
  readonly request: object
  readonly subscribers: Set<Subscriber>
  readonly confirmed: Deferred<void>
}

/**
 * Who listens to what, across reconnects. VPP knows one subscription per client and kind: the first reader sends
 * the want, the last sends the unwant, and a new session begins with all wants that are still held.
 */
export class EventHub {
  readonly #sinks = new Set<EventSink>()
  readonly #wants = new Map<string, Want>()
  #registry: Registry | undefined
  #call: WantCall | undefined

  /** Reader of an event that needs no want, or whose want is the caller's matter. */
  listen(sink: EventSink): void {
    if (this.#registry !== undefined) bind(this.#registry, sink)
    this.#sinks.add(sink)
  }

  /** Reader of an event that has to be asked for; settles when VPP has confirmed. */
  async subscribe(method: WantMethod, request: object, subscriber: Subscriber): Promise<void> {
    const key = keyOf(method, request)
    this.#refuseOther(key, subscriber.descriptor)
    this.listen(subscriber)
    const existing = this.#wants.get(key)
    if (existing !== undefined) {
      existing.subscribers.add(subscriber)
      return existing.confirmed.promise
    }
    const { descriptor: event } = subscriber
    const want = {
      key,
      event,
      method,
      request,
      subscribers: new Set([subscriber]),
      confirmed: new Deferred<void>(),
    }
    // Every subscriber waits for this promise; when all have left nobody does.
    want.confirmed.promise.catch(() => {})
    this.#wants.set(key, want)
    if (this.#call !== undefined) {
      try {
        await this.#ask(want, this.#call)
      } catch (error) {
        // The next session asks again.
        if (!isLoss(error)) this.#refuse(want, error)
      }
    }
    return want.confirmed.promise
  }

  /** Lets a reader go; the last of its kind takes the want back. */
  async unsubscribe(sink: EventSink): Promise<void> {
    this.#sinks.delete(sink)
    if (this.#registry !== undefined) unbind(this.#registry, sink)
    for (const want of this.#wants.values()) {
      if (!want.subscribers.delete(sink as Subscriber) || want.subscribers.size > 0) continue
      this.#wants.delete(want.key)
      if (this.#call !== undefined) await this.#withdraw(want, this.#call)
    }
  }

  /**
   * A session has begun: binds all readers to its ids and repeats all wants. What VPP refuses ends the subscription.
   * @throws when the session does not last, or VPP does not answer
   */
  async attach(registry: Registry, call: WantCall): Promise<void> {
    this.#registry = registry
    this.#call = call
    for (const sink of this.#sinks) {
      try {
        bind(registry, sink)
      } catch (error) {
        if ('end' in sink) (sink as Subscriber).end(error)
      }
    }
    await Promise.all([...this.#wants.values()].map((want) => this.#ask(want, call)))
  }

  /** The session has ended; its ids mean nothing any more. */
  detach(): void {
    this.#registry = undefined
    this.#call = undefined
  }

  /** Withdraws all wants, for closing in order. */
  async close(call: WantCall): Promise<void> {
    const wants = [...this.#wants.values()]
    this.#wants.clear()
    await Promise.all(wants.map((want) => this.#withdraw(want, call)))
  }

  /**
   * VPP sends all events of a kind to the client, whatever subscription brought them about, and sends one twice where two
   * subscriptions overlap; readers could not be told apart.
   */
  #refuseOther(key: string, { name, crc }: MessageDescriptor): void {
    for (const want of this.#wants.values()) {
      if (want.key === key || want.event.name !== name || want.event.crc !== crc) continue
      throw new VppError(
        'VPP_INVALID_ARGUMENT',
        `${name}: this connection is subscribed to it with other arguments (${want.method.request.descriptor.name}); ` +
          'subscribe once to all of them and select what you need, or use another connection',
      )
    }
  }

  /** @throws when there was no answer at all */
  async #ask(want: Want, call: WantCall): Promise<void> {
    const late = () => {
      // Its reader has gone with the timeout, and VPP sends events all the same.
      if (this.#call === call && !this.#wants.has(want.key)) void this.#withdraw(want, call)
    }
    try {
      await call(unaryOf(want.method), wantRequest(want, true), late)
      want.confirmed.resolve()
    } catch (error) {
      if (isLoss(error) || error instanceof VppReplyTimeoutError) throw error
      if (error instanceof VppApiError && error.retval === RETVAL_INVALID_REGISTRATION)
        want.confirmed.resolve()
      else this.#refuse(want, error)
    }
  }

  #refuse(want: Want, error: unknown): void {
    if (this.#wants.get(want.key) === want) this.#wants.delete(want.key)
    want.confirmed.reject(error)
    for (const subscriber of want.subscribers) subscriber.end(error)
  }

  async #withdraw(want: Want, call: WantCall): Promise<void> {
    try {
      await call(unaryOf(want.method), wantRequest(want, false), () => {})
    } catch {
      // VPP forgets the subscription with the connection; there is nobody to tell.
    }
  }
}

/** The session has ended, or this program ends it. */
function isLoss(error: unknown): boolean {
  return (
    error instanceof VppConnectionLostError ||
    error instanceof VppNotConnectedError ||
    error instanceof VppClosedError
  )
}

/**
 * What VPP tells subscriptions apart by: the message and all it says but the pid.
 * @throws VppEncodeError
 */
function keyOf(method: WantMethod, request: object): string {
  const { descriptor } = method.request
  const { enable, pid } = method
  const body = { ...request, [enable]: onOff(method, true), ...(pid === undefined ? {} : { [pid]: 0 }) }
  const writer = new ByteWriter(256)
  codecOf(descriptor).encode(writer, body, 0, 0, 0)
  return `${descriptor.name}_${descriptor.crc} ${writer.take().toString('latin1')}`
}

function unaryOf({ request, reply }: WantMethod): UnaryMethod<unknown, unknown> {
  return { kind: 'unary', request, reply }
}

function wantRequest({ method, request }: Want, on: boolean): object {
  const { enable, pid } = method
  const value = onOff(method, on)
  return pid === undefined
    ? { ...request, [enable]: value }
    : { [pid]: process.pid, ...request, [enable]: value }
}

function onOff({ request, enable }: WantMethod, on: boolean): boolean | number {
  return isBoolean(request.descriptor, enable) ? on : Number(on)
}

function isBoolean(descriptor: MessageDescriptor, property: string): boolean {
  return descriptor.fields.some(([, name, type]) => name === property && type === 'bool')
}

function bind(registry: Registry, sink: EventSink): void {
  const incoming = registry.expect(sink)
  incoming.listeners = [...incoming.listeners, sink]
}

function unbind(registry: Registry, sink: EventSink): void {
  const id = registry.idOf(sink.descriptor)
  const incoming = id === undefined ? undefined : registry.byId(id)
  if (incoming !== undefined) incoming.listeners = incoming.listeners.filter((other) => other !== sink)
}
