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
import type { UnaryMethod } from '../api/method.ts'
import type { AnswerTold } from '../session/late-call.ts'
import type { EventSink, Registry } from '../session/registry.ts'
import { EventKind } from './event-kind.ts'
import { filterOf } from './want-filter.ts'
import type { Subscriber, Want, WantMethod } from './want.ts'

/** Sends a want or unwant over the current session. */
export type WantCall = (
  method: UnaryMethod<unknown, unknown>,
  request: object,
  told: AnswerTold,
) => Promise<unknown>

/**
 * Who listens to what, across reconnects. VPP knows one subscription per client and kind: the first reader sends
 * the want, the last sends the unwant, and a new session begins with all wants that are still held.
 */
export class EventHub {
  readonly #kinds = new Map<string, EventKind>()
  readonly #wants = new Map<string, Want>()
  #registry: Registry | undefined
  #call: WantCall | undefined

  /** Reader of an event that needs no want, or whose want is the caller's matter. */
  listen(sink: EventSink): void {
    this.#read(sink)
  }

  /** Reader of an event that has to be asked for; settles when VPP has confirmed. */
  async subscribe(method: WantMethod, request: object, subscriber: Subscriber): Promise<void> {
    const key = keyOf(method, request)
    const existing = this.#wants.get(key)
    if (existing !== undefined) {
      this.#read(subscriber, existing)
      existing.subscribers.add(subscriber)
      return existing.confirmed.promise
    }
    const { descriptor: event } = subscriber
    const want: Want = {
      key,
      event,
      method,
      request,
      filter: filterOf(method, request, event),
      subscribers: new Set([subscriber]),
      confirmed: new Deferred<void>(),
    }
    this.#refuseInseparable(want)
    this.#read(subscriber, want)
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
    const kind = this.#kinds.get(kindOf(sink.descriptor))
    kind?.delete(sink)
    if (kind?.size === 0 && this.#registry !== undefined) unbind(this.#registry, kind)
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
    for (const kind of this.#kinds.values()) {
      try {
        if (kind.size > 0) bind(registry, kind)
      } catch (error) {
        for (const sink of kind.readers()) if ('end' in sink) (sink as Subscriber).end(error)
      }
    }
    await Promise.all([...this.#wants.values()].map((want) => this.#ask(want, call)))
  }

  /** The session has ended; its ids mean nothing any more. */
  detach(): void {
    this.#registry = undefined
    this.#call = undefined
    for (const kind of this.#kinds.values()) kind.reset()
  }

  /** Withdraws all wants, for closing in order. */
  async close(call: WantCall): Promise<void> {
    const wants = [...this.#wants.values()]
    this.#wants.clear()
    await Promise.all(wants.map((want) => this.#withdraw(want, call)))
  }

  /** @throws VppMessageUnavailableError when the connected VPP does not have the event */
  #read(sink: EventSink, want?: Want): void {
    const kind = this.#kindOf(sink.descriptor)
    if (kind.size === 0 && this.#registry !== undefined) bind(this.#registry, kind)
    kind.add(sink, want)
  }

  #kindOf(event: MessageDescriptor): EventKind {
    const key = kindOf(event)
    let kind = this.#kinds.get(key)
    if (kind === undefined) this.#kinds.set(key, (kind = new EventKind(event)))
    return kind
  }

  /**
   * VPP sends all events of a kind to the client, and does not say which want brought them about: wants with different
   * arguments are distinguished by the contents of their events, where they say it.
   */
  #refuseInseparable({ event, filter }: Want): void {
    for (const want of this.#wants.values()) {
      if (kindOf(want.event) !== kindOf(event) || (filter !== undefined && want.filter !== undefined))
        continue
      throw new VppError(
        'VPP_INVALID_ARGUMENT',
        `${event.name}: this connection is subscribed to it with other arguments (${want.method.request.descriptor.name}), ` +
          'and the event does not say which it is for; ' +
          'subscribe once to all of them and select what you need, or use another connection',
      )
    }
  }

  /** @throws when there was no answer at all */
  async #ask(want: Want, call: WantCall): Promise<void> {
    const kind = this.#kindOf(want.event)
    const told = {
      answered: () => {
        if (this.#call === call) kind.active(want, true)
      },
      late: () => {
        // Its reader is gone with the timeout, and VPP sends events all the same.
        if (this.#call === call && !this.#wants.has(want.key)) void this.#withdraw(want, call)
      },
    }
    try {
      await call(unaryOf(want.method), wantRequest(want, true), told)
      want.confirmed.resolve()
    } catch (error) {
      if (isLoss(error) || error instanceof VppReplyTimeoutError) throw error
      if (error instanceof VppApiError && error.retval === RETVAL_INVALID_REGISTRATION) {
        told.answered()
        want.confirmed.resolve()
      } else this.#refuse(want, error)
    }
  }

  #refuse(want: Want, error: unknown): void {
    if (this.#wants.get(want.key) === want) this.#wants.delete(want.key)
    want.confirmed.reject(error)
    for (const subscriber of want.subscribers) subscriber.end(error)
  }

  async #withdraw(want: Want, call: WantCall): Promise<void> {
    const over = () => {
      this.#kindOf(want.event).active(want, false)
    }
    try {
      await call(unaryOf(want.method), wantRequest(want, false), { answered: over, late: over })
    } catch {
      // VPP forgets the subscription with the connection; no one has to be notified.
      over()
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
 * How VPP distinguishes subscriptions: the message and all it says but the pid.
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

function kindOf({ name, crc }: MessageDescriptor): string {
  return `${name}_${crc}`
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
