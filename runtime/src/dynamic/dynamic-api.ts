import { decodeMessage, encodeMessage } from '../codec/message.ts'
import type { CompatibilityReport } from '../rpc/compatibility.ts'
import { VppError } from '../errors/vpp-error.ts'
import type { CallOptions, EventOptions, EventStream, RpcConnection } from '../api/method.ts'
import type { DescribedMessage } from '../session/registry.ts'
import type { DynamicMessage } from './build-message.ts'
import { fetchSchema } from './fetch-schema.ts'
import { refuseHazard } from './hazards.ts'
import { refuseLeftOut } from './left-out.ts'
import { fromPlain, toPlain, type FieldNames, type PlainMessage } from './plain.ts'
import { PlainDump, PlainEvents } from './plain-streams.ts'
import { readSchema } from './read-folder.ts'
import type { Schema } from './schema.ts'
import { versionsOf } from './versions.ts'

/** A connection to call over. One that can compare messages (`VppConnection`) lets `newest` ask it. */
export interface DynamicConnection extends RpcConnection {
  checkCompatibility?(messages: Iterable<DescribedMessage>): CompatibilityReport
}

/** Options of `DynamicApi`. */
export interface DynamicApiOptions {
  /** How fields of answers are called. Requests may use either name. Default `camelCase`. */
  readonly names?: FieldNames | undefined
}

/** Options of a call by name. */
export interface DynamicCallOptions extends CallOptions {
  /** Sends also what is known to crash VPP, which is refused otherwise. */
  readonly force?: boolean | undefined
}

/**
 * Every message of a VPP by name, without bindings: requests and answers are plain objects that survive JSON, with names
 * for enum values, decimal text for 64-bit integers, `0x…` for bytes and text for addresses. Codec, validation and
 * errors are those of generated bindings.
 */
export class DynamicApi {
  /** The definitions. */
  readonly schema: Schema
  readonly names: FieldNames
  readonly #vpp: DynamicConnection | undefined

  private constructor(schema: Schema, vpp: DynamicConnection | undefined, names: FieldNames) {
    this.schema = schema
    this.names = names
    this.#vpp = vpp
  }

  /**
   * The API as reported by the connected VPP (3 MB, some tens of ms).
   * @throws VppSchemaError when VPP sends something else; and what a call throws
   */
  static async fromVpp(
    vpp: DynamicConnection,
    options: DynamicApiOptions & CallOptions = {},
  ): Promise<DynamicApi> {
    return DynamicApi.fromSchema(await fetchSchema(vpp, options), vpp, options)
  }

  /**
   * The API of the `.api.json` files of a folder, as in `/usr/share/vpp/api`.
   * @param vpp connection to call over; without one definitions can be looked at, and `on` takes one later
   * @throws VppSchemaError when the folder has no such files, or they are damaged
   */
  static async fromFiles(
    folder: string,
    vpp?: DynamicConnection,
    options: DynamicApiOptions = {},
  ): Promise<DynamicApi> {
    return DynamicApi.fromSchema(await readSchema(folder), vpp, options)
  }

  /** The API of definitions that are loaded already. */
  static fromSchema(schema: Schema, vpp?: DynamicConnection, options: DynamicApiOptions = {}): DynamicApi {
    return new DynamicApi(schema, vpp, options.names ?? 'camelCase')
  }

  /** The same definitions on another connection. */
  on(vpp: DynamicConnection): DynamicApi {
    return new DynamicApi(this.schema, vpp, this.names)
  }

  /**
   * Calls a request that has one reply, or none.
   * @param message wire name, such as `ip_route_add_del`
   * @returns the reply; undefined for a request that VPP never answers
   * @throws VppApiError, VppEncodeError, VppHazardError, VppSchemaError, VppMessageUnavailableError,
   *   VppReplyTimeoutError
   */
  async call(
    message: string,
    request: object = {},
    options?: DynamicCallOptions,
  ): Promise<PlainMessage | undefined> {
    const vpp = this.#connection()
    const method = this.schema.method(message)
    switch (method.kind) {
      case 'unary': {
        const reply = await vpp.call(method, this.#request(method.request, request, options), options)
        return this.#output(method.reply)(reply)
      }
      case 'one-way':
        await vpp.send(method, this.#request(method.request, request, options), options)
        return undefined
      default:
        throw wrongVerb(message, 'answers with any number of details: use dump')
    }
  }

  /**
   * Starts a dump (`…_dump`, or `…_get` with its cursor).
   * @throws VppEncodeError, VppHazardError, VppSchemaError at once; while it is read, what `call` throws
   */
  dump(message: string, request: object = {}, options?: DynamicCallOptions): PlainDump {
    const vpp = this.#connection()
    const method = this.schema.method(message)
    if (method.kind !== 'dump' && method.kind !== 'stream') {
      throw wrongVerb(message, 'has no details: use call')
    }
    const details = this.#output(method.details)
    const input = this.#request(method.request, request, options)
    return method.kind === 'dump'
      ? PlainDump.of(vpp.dump(method, input, options), details)
      : PlainDump.withReply(vpp.stream(method, input, options), details, this.#output(method.reply))
  }

  /**
   * Subscribes to an event.
   * @param event wire name of the event, such as `sw_interface_event`
   * @param request further fields of the request that asks for it, such as the address for `ip_neighbor_event_v2`
   * @throws VppEncodeError, VppSchemaError at once; while they are read, what the request for them throws
   */
  events(event: string, request: object = {}, options?: EventOptions): EventStream<PlainMessage> {
    const vpp = this.#connection()
    const method = this.schema.event(event)
    const input = method.want === undefined ? {} : this.#complete(method.want.request, request)
    return new PlainEvents(vpp.events(method, input, options), this.#output(method.event))
  }

  /**
   * The newest version of a request that there is: `tap_create_v3` for `tap_create`. With a connection that can compare
   * messages, the newest that this VPP has as the definitions say.
   * @param message wire name of any version
   * @throws VppSchemaError when there is none
   */
  newest(message: string): string {
    const versions = versionsOf(message, this.schema.requests())
    const newest = versions.find((version) => this.#has(version))
    // For the error's text and suggestions.
    if (newest === undefined) return this.schema.method(message).request.descriptor.name
    return newest
  }

  /**
   * A message with every field at its default.
   * @throws VppSchemaError when there is no such message
   */
  defaults(message: string): PlainMessage {
    const type = this.schema.message(message)
    return this.#output(type)(new type())
  }

  /**
   * Bytes of a message, without the frame of the socket; ids are 0.
   * @throws VppEncodeError, VppSchemaError
   */
  encode(message: string, value: object): Buffer {
    const type = this.schema.message(message)
    return encodeMessage(type, this.#input(type, value))
  }

  /**
   * Reads the bytes of a message.
   * @throws VppDecodeError, VppSchemaError
   */
  decode(message: string, bytes: Uint8Array): PlainMessage {
    const type = this.schema.message(message)
    return this.#output(type)(decodeMessage(type, bytes))
  }

  #connection(): DynamicConnection {
    if (this.#vpp !== undefined) return this.#vpp
    throw new VppError(
      'VPP_INVALID_ARGUMENT',
      'these definitions have no connection: pass one to fromFiles, or call on(connection) first',
    )
  }

  #has(message: string): boolean {
    const vpp = this.#vpp
    if (vpp?.checkCompatibility === undefined) return true
    return vpp.checkCompatibility([this.schema.message(message)]).same.length === 1
  }

  #request(type: DescribedMessage, request: object, options: DynamicCallOptions | undefined): DynamicMessage {
    const input = this.#complete(type, request)
    if (options?.force !== true) refuseHazard(this.schema.message(type.descriptor.name), input)
    return input
  }

  /** A request that says all it must. */
  #complete({ descriptor }: DescribedMessage, request: object): DynamicMessage {
    const type = this.schema.message(descriptor.name)
    const json = fromPlain(type.descriptor, request, this.names)
    const message = type.fromJSON(json)
    refuseLeftOut(type, json)
    return message
  }

  #input({ descriptor }: DescribedMessage, request: object): DynamicMessage {
    const type = this.schema.message(descriptor.name)
    return type.fromJSON(fromPlain(type.descriptor, request, this.names))
  }

  #output({ descriptor }: DescribedMessage): (message: DynamicMessage) => PlainMessage {
    return (message) => toPlain(descriptor, message as DynamicMessage & ToJson, this.names)
  }
}

type ToJson = Parameters<typeof toPlain>[1]

function wrongVerb(message: string, problem: string): VppError {
  return new VppError('VPP_INVALID_ARGUMENT', `${message} ${problem}`)
}
