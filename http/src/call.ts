import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallOptions, JsonValue, MessageClass, RpcConnection } from '@vpp-ts/runtime'
import { Message, type EventMethod } from '@vpp-ts/runtime/codegen/v1'
import { refuseHazard, refuseLeftOut } from '@vpp-ts/runtime/dynamic'
import type { Backlog } from './backlog.ts'
import { parseJson, readJson } from './body.ts'
import { sendLines } from './lines.ts'
import { TextOutput } from './output.ts'
import type { HttpMethod, HttpRoute } from './route.ts'
import { sendEvents } from './server-sent-events.ts'
import type { Problem } from './server/problem.ts'

/** What all calls have in common. */
export interface CallSettings {
  readonly vpp: RpcConnection
  /** Milliseconds; undefined for what the connection says. */
  readonly timeout: number | undefined
  /** Bytes. */
  readonly bodyLimit: number
  /** Milliseconds. */
  readonly heartbeat: number
  readonly backlog: Backlog
}

/** One request on its way. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** Aborted when the client has left, or has been disconnected. */
  readonly signal: AbortSignal
  /** Called for an error in mid-stream; returns what the client is told. */
  readonly problemOf: (error: unknown) => Problem
}

type CallMethod = Exclude<HttpMethod, { kind: 'event' }>

/**
 * Carries a request out.
 * @throws VppError, VppHttpError; nothing has been sent then
 */
export async function serveRoute(
  route: HttpRoute,
  settings: CallSettings,
  exchange: Exchange,
): Promise<void> {
  const { method } = route
  if (method.kind === 'event') {
    await serveEvents(route.name, method, settings, exchange)
    return
  }
  const json = await readJson(exchange.request, settings.bodyLimit)
  const request = messageFrom(method.request, json)
  if (exchange.query.get('force') !== 'true') refuseHazard(method.request, request)
  await serveCall(method, request, settings, exchange)
}

async function serveCall(
  method: CallMethod,
  request: object,
  { vpp, timeout, backlog }: CallSettings,
  { response, signal, problemOf }: Exchange,
): Promise<void> {
  const options: CallOptions = { signal, timeout }
  const output = new TextOutput(response, signal, backlog)
  switch (method.kind) {
    case 'unary': {
      const text = JSON.stringify(await vpp.call(method, request, options))
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(text)
      return
    }
    case 'one-way':
      await vpp.send(method, request, options)
      response.writeHead(202).end()
      return
    case 'dump':
      await sendLines(output, { details: vpp.dump(method, request, options) }, problemOf)
      return
    case 'stream': {
      const details = vpp.stream(method, request, options)
      await sendLines(output, { details, reply: () => details.reply }, problemOf)
    }
  }
}

async function serveEvents(
  name: string,
  method: EventMethod<object, unknown, unknown>,
  { vpp, heartbeat, backlog }: CallSettings,
  { query, response, signal, problemOf }: Exchange,
): Promise<void> {
  const { want } = method
  const text = query.get('want') ?? '{}'
  const json = parseJson('HTTP_QUERY', 'want', Buffer.from(text))
  const request = want === undefined ? {} : messageFrom(want.request, json)
  const events = vpp.events(method, request, { signal })
  await sendEvents(new TextOutput(response, signal, backlog), events, { name, heartbeat, problemOf })
}

/** @throws VppEncodeError with the path, when the JSON is not of this message, or leaves out an interface index */
function messageFrom(type: MessageClass<unknown>, json: JsonValue): object {
  const message = Message.fromJSON.call(type, json) as object
  refuseLeftOut(type, json)
  return message
}
