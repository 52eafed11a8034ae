import type { RequestOf } from '../codec/classes.ts'
import { VppMessageUnavailableError } from '../errors/connection-errors.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { AnyMethod, CallOptions, RpcConnection, UnaryMethod } from '../api/method.ts'
import type { DescribedMessage, Registry } from '../session/registry.ts'

/** A message that VPP has with another layout. */
export interface ChangedMessage {
  readonly name: string
  /** CRC of the bindings, eight hex digits. */
  readonly crc: string
  /** CRC of the connected VPP. */
  readonly vppCrc: string
}

/** How the messages of a program compare with those of the connected VPP. */
export interface CompatibilityReport {
  /** Names of messages that are the same. */
  readonly same: readonly string[]
  readonly changed: readonly ChangedMessage[]
  /** Names that VPP does not know: the plugin is not loaded, or the release has no such message. */
  readonly absent: readonly string[]
}

/** Compares by name and CRC; only the messages given are looked at. */
export function compatibilityOf(
  registry: Registry,
  messages: Iterable<DescribedMessage>,
): CompatibilityReport {
  const same: string[] = []
  const changed: ChangedMessage[] = []
  const absent: string[] = []
  for (const { descriptor } of messages) {
    const { name, crc } = descriptor
    const vppCrc = registry.crcOf(name)
    if (registry.idOf(descriptor) !== undefined) same.push(name)
    else if (vppCrc === undefined) absent.push(name)
    else changed.push({ name, crc, vppCrc })
  }
  return { same, changed, absent }
}

/**
 * The first of the methods whose messages VPP has, all of them.
 * @throws VppMessageUnavailableError what the last one lacks
 */
export function newest<M extends AnyMethod>(registry: Registry, methods: readonly M[]): M {
  let lacking: DescribedMessage | undefined
  for (const method of methods) {
    lacking = messagesOf(method).find(({ descriptor }) => registry.idOf(descriptor) === undefined)
    if (lacking === undefined) return method
  }
  const { name = 'no method', crc = '' } = lacking?.descriptor ?? {}
  throw new VppMessageUnavailableError(name, crc, registry.crcOf(name))
}

function messagesOf(method: AnyMethod): DescribedMessage[] {
  switch (method.kind) {
    case 'unary':
      return [method.request, method.reply]
    case 'one-way':
      return [method.request]
    case 'dump':
      return [method.request, method.details]
    case 'stream':
      return [method.request, method.details, method.reply]
    case 'event':
      return method.want === undefined
        ? [method.event]
        : [method.event, method.want.request, method.want.reply]
  }
}

/** One version of a call, with its request in that version's terms. */
export interface CallVersion<R> {
  readonly method: UnaryMethod<object, R>
  readonly request: object
}

/** Puts a method and its request together, so that the compiler checks one against the other. */
export function version<Q extends object, R>(
  method: UnaryMethod<Q, R>,
  request: RequestOf<Q>,
): CallVersion<R> {
  return { method, request }
}

/** Reply of any of several versions. */
type ReplyOf<V> = V extends CallVersion<infer R> ? R : never

/** What `callNewest` needs of a connection. `VppConnection` has it. */
export interface VersionedConnection extends Pick<RpcConnection, 'call'> {
  newest<const M extends readonly AnyMethod[]>(...methods: M): M[number]
}

/**
 * Calls the first of several versions of a message that the connected VPP has; the newest must be named first.
 * @throws VppMessageUnavailableError when it has none; what a call throws
 */
export async function callNewest<const V extends readonly CallVersion<unknown>[]>(
  vpp: VersionedConnection,
  versions: V,
  options?: CallOptions,
): Promise<ReplyOf<V[number]>> {
  const method = vpp.newest(...versions.map((it) => it.method))
  const chosen = versions.find((it) => it.method === method)
  if (chosen === undefined) throw new VppError('VPP_INVALID_ARGUMENT', 'callNewest: no version given')
  return (await vpp.call(chosen.method, chosen.request, options)) as ReplyOf<V[number]>
}
