import type { ApiDocument } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'

/** What answers a request, by the names that VPP uses. */
export interface Service {
  readonly module: string
  /**
   * unary: one reply. one-way: VPP never answers. dump: details only, and nothing that marks their end. stream: details,
   * then a reply.
   */
  readonly kind: 'unary' | 'one-way' | 'dump' | 'stream'
  readonly request: string
  /** Of unary and stream. */
  readonly reply: string | undefined
  /** Of dump and stream. */
  readonly details: string | undefined
  /** What VPP sends by itself once it has been asked to. */
  readonly events: readonly string[]
}

/**
 * Reads one entry of `services`.
 * @throws VppSchemaError when it names messages that the module does not have
 */
export function readService(
  document: ApiDocument,
  request: string,
  raw: Readonly<Record<string, unknown>>,
): Service {
  const { module, messages } = document
  const path = `services.${request}`
  const message = (key: string, name: unknown): string => {
    if (typeof name === 'string' && messages.has(name)) return name
    const found = typeof name === 'string' ? `'${name}'` : kindOf(name)
    throw new VppSchemaError(
      { module, path: `${path}.${key}` },
      `expected a message of the module, found ${found}`,
    )
  }
  message('request', request)
  const { reply, stream, stream_msg: streamed, events } = raw
  const shared = {
    module,
    request,
    events: Array.isArray(events) ? events.map((event, index) => message(`events[${index}]`, event)) : [],
  }
  if (reply === 'null') return { ...shared, kind: 'one-way', reply: undefined, details: undefined }
  if (streamed !== undefined) {
    return {
      ...shared,
      kind: 'stream',
      reply: message('reply', reply),
      details: message('stream_msg', streamed),
    }
  }
  const misdeclared = detailsAmong(document, shared.events)
  if (misdeclared !== undefined) {
    return { ...shared, kind: 'dump', reply: undefined, details: misdeclared, events: [] }
  }
  if (stream === true) return { ...shared, kind: 'dump', reply: undefined, details: message('reply', reply) }
  return { ...shared, kind: 'unary', reply: message('reply', reply), details: undefined }
}

/**
 * Details that a service calls its only event: they carry the context of the request, and the declared reply is never
 * sent (`gre_tunnel_dump_v2`). That is a dump.
 */
function detailsAmong({ messages }: ApiDocument, events: readonly string[]): string | undefined {
  const [only] = events
  if (only === undefined || events.length > 1) return undefined
  const second: unknown = messages.get(only)?.items[2]
  return Array.isArray(second) && second[1] === 'context' ? only : undefined
}
