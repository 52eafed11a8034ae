import { codecOf } from '../codec/codec.ts'
import type { MessageCodec } from '../codec/message-codec.ts'
import type { MessageDescriptor } from '../codec/descriptor.ts'
import { VppMessageUnavailableError } from '../errors/connection-errors.ts'

/** Anything that names a message of the bindings. */
export interface DescribedMessage {
  readonly descriptor: MessageDescriptor
}

/** Where a message's context is when nothing is known of it: behind the id, as in most replies. */
export const USUAL_CONTEXT_OFFSET = 2
/** Behind id and client_index, as in requests. */
const REQUEST_CONTEXT_OFFSET = 6
/** Replies and details that VPP lays out as requests. Their definition says the same once the program uses it. */
const LAID_OUT_AS_REQUESTS: ReadonlySet<string> = new Set([
  'sockclnt_create_reply',
  'dev_create_port_if_reply',
  'feature_is_enabled_reply',
  'ip_mtable_details',
  'sw_interface_rx_placement_details',
  'sw_interface_tx_placement_details',
  'trace_details',
  'vrrp_vr_peer_details',
  'vrrp_vr_track_if_details',
])
/** Bytes that a name in the message table has at most; VPP cuts longer ones. */
const LONGEST_TABLE_NAME = 63

/** A message that the program sends. */
export class Outgoing implements DescribedMessage {
  readonly descriptor: MessageDescriptor
  readonly codec: MessageCodec<unknown>
  readonly id: number

  /** @param id in the VPP at hand; 0 before there is one */
  constructor(descriptor: MessageDescriptor, id = 0) {
    this.descriptor = descriptor
    this.codec = codecOf(descriptor)
    this.id = id
  }
}

/** A message that VPP may send. */
export interface Incoming {
  readonly id: number
  name: string
  crc: string
  /** Offset of the context from the message's start; -1 for none. */
  contextOffset: number
  /** Subscriptions to this message as an event. */
  listeners: readonly EventSink[]
}

/** A subscription, as the receiving side sees it. */
export interface EventSink {
  readonly descriptor: MessageDescriptor
  deliver(bytes: Buffer, start: number, end: number): void
}

/** Name of a message in VPP's table. */
export function tableName({ descriptor: { name, crc } }: DescribedMessage): string {
  return `${name}_${crc}`.slice(0, LONGEST_TABLE_NAME)
}

/** Splits `control_ping_51077d14` into name and CRC. */
export function splitTableName(entry: string): { name: string; crc: string } {
  const at = entry.lastIndexOf('_')
  return at < 0 ? { name: entry, crc: '' } : { name: entry.slice(0, at), crc: entry.slice(at + 1) }
}

/** The messages of one VPP: its table, and what of it the program uses. Ids mean nothing beyond one connection. */
export class Registry {
  readonly #ids = new Map<string, number>()
  readonly #crcs = new Map<string, string>()
  readonly #outgoing = new Map<MessageDescriptor, Outgoing>()
  readonly #incoming: (Incoming | undefined)[] = []
  readonly #expected = new Map<MessageDescriptor, Incoming>()

  constructor(table: Iterable<{ index: number; name: string }>) {
    for (const { index, name: entry } of table) {
      const { name, crc } = splitTableName(entry)
      this.#ids.set(entry, index)
      this.#crcs.set(name, crc)
      const contextOffset = LAID_OUT_AS_REQUESTS.has(name) ? REQUEST_CONTEXT_OFFSET : USUAL_CONTEXT_OFFSET
      this.#incoming[index] = { id: index, name, crc, contextOffset, listeners: [] }
    }
  }

  /** Id of a message in this VPP, or undefined when VPP does not have it in this form. */
  idOf(descriptor: MessageDescriptor): number | undefined {
    return this.#ids.get(tableName({ descriptor }))
  }

  /** CRC that this VPP has for a message of that name. */
  crcOf(name: string): string | undefined {
    return this.#crcs.get(name)
  }

  /** Whether another VPP has the same messages under the same ids. */
  sameTable(other: Registry): boolean {
    if (this.#ids.size !== other.#ids.size) return false
    for (const [entry, id] of this.#ids) if (other.#ids.get(entry) !== id) return false
    return true
  }

  /** Names of all messages of this VPP. */
  names(): IterableIterator<string> {
    return this.#crcs.keys()
  }

  /**
   * What is needed to send a message.
   * @throws VppMessageUnavailableError
   */
  outgoing({ descriptor }: DescribedMessage): Outgoing {
    let found = this.#outgoing.get(descriptor)
    if (found === undefined) {
      found = new Outgoing(descriptor, this.#requireId(descriptor))
      this.#outgoing.set(descriptor, found)
    }
    return found
  }

  /**
   * What is needed to receive a message. From now on its layout is taken from the definition.
   * @throws VppMessageUnavailableError
   */
  expect({ descriptor }: DescribedMessage): Incoming {
    const known = this.#expected.get(descriptor)
    if (known !== undefined) return known
    const incoming = this.#incoming[this.#requireId(descriptor)]
    if (incoming === undefined)
      throw new VppMessageUnavailableError(descriptor.name, descriptor.crc, undefined)
    // The table cuts long names.
    incoming.name = descriptor.name
    incoming.crc = descriptor.crc
    incoming.contextOffset = codecOf(descriptor).contextOffset ?? -1
    this.#expected.set(descriptor, incoming)
    return incoming
  }

  byId(id: number): Incoming | undefined {
    return this.#incoming[id]
  }

  #requireId(descriptor: MessageDescriptor): number {
    const id = this.idOf(descriptor)
    if (id !== undefined) return id
    throw new VppMessageUnavailableError(descriptor.name, descriptor.crc, this.#crcs.get(descriptor.name))
  }
}
