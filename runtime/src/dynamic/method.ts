import type { DumpMethod, EventMethod, OneWayMethod, StreamMethod, UnaryMethod } from '../api/method.ts'
import type { DynamicMessage, DynamicMessageClass } from './build-message.ts'
import type { Service } from './service.ts'

/** A request with what answers it, as the methods of a connection take it. */
export type DynamicCall =
  | UnaryMethod<DynamicMessage, DynamicMessage>
  | OneWayMethod<DynamicMessage>
  | DumpMethod<DynamicMessage, DynamicMessage>
  | StreamMethod<DynamicMessage, DynamicMessage, DynamicMessage>

/** An event with the request that subscribes to it. */
export type DynamicEvent = EventMethod<DynamicMessage, DynamicMessage, DynamicMessage>

type MessageLookup = (name: string) => DynamicMessageClass

/** Properties that switch a subscription, by the names that requests use. */
const SWITCHES = ['enableDisable', 'enable']

/** The call that a service stands for. */
export function callOf(service: Service, message: MessageLookup): DynamicCall {
  const request = message(service.request)
  const { reply, details } = service
  if (details !== undefined) {
    return reply === undefined
      ? { kind: 'dump', request, details: message(details) }
      : { kind: 'stream', request, reply: message(reply), details: message(details) }
  }
  return reply === undefined
    ? { kind: 'one-way', request }
    : { kind: 'unary', request, reply: message(reply) }
}

/** The subscription of an event; without `want` where no request switches it on and off. */
export function eventOf(name: string, service: Service | undefined, message: MessageLookup): DynamicEvent {
  const event = message(name)
  if (service?.reply === undefined || !service.request.startsWith('want_')) return { kind: 'event', event }
  const request = message(service.request)
  const properties = new Set(request.descriptor.fields.map(([, property]) => property))
  const enable = SWITCHES.find((property) => properties.has(property))
  if (enable === undefined) return { kind: 'event', event }
  const pid = properties.has('pid') ? 'pid' : undefined
  return { kind: 'event', event, want: { request, reply: message(service.reply), enable, pid } }
}
