import type { SchemaService } from '../schema/module.ts'
import type { ModelMessage, ModelMethod, ModelWant } from './model.ts'
import { fieldForAll } from './dump-all.ts'
import { camelCase } from '../rules/names.ts'
import { clientScope } from './names.ts'

/** Fields that switch a subscription on and off. */
const ENABLE_FIELDS = ['enable_disable', 'enable']

/** Turns the services of a module into the methods of its client, in the order of the API. */
export function buildMethods(
  services: readonly SchemaService[],
  messages: ReadonlyMap<string, ModelMessage>,
): ModelMethod[] {
  const scope = clientScope()
  const get = (name: string): ModelMessage => {
    const message = messages.get(name)
    if (message === undefined) throw new Error(`message ${name} was not checked`)
    return message
  }
  const named = services.map((service) => callOf(service, get, scope.take(camelCase(service.request))))
  const calls = named.map((method) => withAll(method, (name) => scope.take(name)))
  const events = services.flatMap((service) =>
    realEvents(service, get).map((event): ModelMethod => {
      const name = scope.take(eventMethodName(event.wireName))
      return { kind: 'event', name, event, announcedBy: get(service.request), want: wantOf(service, get) }
    }),
  )
  return [...calls, ...events]
}

/** A dump that must be told `~0` to find all gets a method that does so. */
function withAll(method: ModelMethod, take: (name: string) => string): ModelMethod {
  if (method.kind !== 'dump' && method.kind !== 'stream') return method
  return fieldForAll(method.request) === undefined
    ? method
    : { ...method, allName: take(`${method.name}All`) }
}

type Get = (name: string) => ModelMessage

function callOf(service: SchemaService, get: Get, name: string): ModelMethod {
  const request = get(service.request)
  if (service.reply === undefined) return { kind: 'one-way', name, request }
  const reply = get(service.reply)
  if (service.streamMessage !== undefined) {
    return { kind: 'stream', name, request, reply, details: get(service.streamMessage) }
  }
  if (service.stream) return { kind: 'dump', name, request, details: reply }
  const details = misdeclaredDetails(service, get)
  return details === undefined
    ? { kind: 'unary', name, request, reply }
    : { kind: 'dump', name, request, details }
}

/**
 * Details that a service calls events: they carry the context of a request, and the declared reply is never sent
 * (`gre_tunnel_dump_v2`). That is a dump.
 */
function misdeclaredDetails(service: SchemaService, get: Get): ModelMessage | undefined {
  const [only] = service.events
  if (only === undefined || service.events.length > 1) return undefined
  return get(only).header === 'reply' ? get(only) : undefined
}

function realEvents(service: SchemaService, get: Get): ModelMessage[] {
  return misdeclaredDetails(service, get) === undefined ? service.events.map(get) : []
}

/** `sw_interface_event` is read with `swInterfaceEvents`, `ip_neighbor_event_v2` with `ipNeighborEventsV2`. */
function eventMethodName(wireName: string): string {
  const [, base, version = ''] = /^(.*?)_event(_v\d+)?$/.exec(wireName) ?? [undefined, wireName]
  return camelCase(`${base}_events${version}`)
}

/**
 * How to subscribe: only `want_…` requests with a switch do nothing else. Others that announce an event (a DHCP client's
 * configuration, a ping) do something of their own and must be called by the user.
 */
function wantOf({ request: name, reply }: SchemaService, get: Get): ModelWant | undefined {
  if (!name.startsWith('want_') || reply === undefined) return undefined
  const request = get(name)
  const enable = ENABLE_FIELDS.map((wanted) =>
    request.fields.find(({ wireName }) => wireName === wanted),
  ).find(Boolean)
  if (enable === undefined) return undefined
  const pid = request.fields.find(({ wireName }) => wireName === 'pid')
  return { request, reply: get(reply), enable: enable.name, pid: pid?.name }
}
