import { codecOf } from '@vpp-ts/runtime/internal'
import type { MessageCodec } from '@vpp-ts/runtime/internal'
import type { DynamicMessage, Schema, Service } from '@vpp-ts/runtime/dynamic'
import { SimulatorError } from '../errors.ts'

/** A message with the id that this run of the simulator gave it. */
export interface TableEntry {
  readonly id: number
  readonly name: string
  readonly crc: string
  readonly codec: MessageCodec<DynamicMessage>
  /** What answers it; undefined for replies, details and events. */
  readonly service: Service | undefined
}

/** How the table in `sockclnt_create_reply` is sorted: like VPP (by a hash), by id, or in a new order for every client. */
export type TableOrder = 'hash' | 'id' | 'random'

/** Ids of the built-in module are the same in every VPP: 1 … 28 in the order of its definition. */
const BUILT_IN = 'memclnt'
const ENTRY_SIZE = 66
const NAME_SIZE = 64

/** Ids of all messages of a schema. */
export class MessageTable {
  readonly #names: readonly string[]
  readonly #ids = new Map<string, number>()
  readonly #entries: (TableEntry | undefined)[]
  readonly #schema: Schema
  readonly #encoded = new Map<TableOrder, Buffer>()

  /**
   * Numbers the messages: the built-in module from 1, the others in blocks behind it.
   * @param turn any number; another one gives other numbers to all but the built-in messages
   */
  constructor(schema: Schema, turn: number) {
    this.#schema = schema
    const others = schema.modules().filter((module) => module !== BUILT_IN)
    const at = others.length === 0 ? 0 : turn % others.length
    const modules = [BUILT_IN, ...others.slice(at), ...others.slice(0, at)]
    const names = modules.flatMap((module) => schema.messages(module))
    this.#names = [...new Set(names)]
    if (this.#names.length > 0xfffe) throw new SimulatorError('SIMULATOR_RELEASE', 'over 65,534 messages')
    this.#names.forEach((name, index) => this.#ids.set(name, index + 1))
    this.#entries = Array.from({ length: this.#names.length + 1 })
  }

  get size(): number {
    return this.#names.length
  }

  /** Id of a message; undefined when the release does not have it. */
  idOf(name: string): number | undefined {
    return this.#ids.get(name)
  }

  /** First id of a module. */
  firstIdOf(module: string): number | undefined {
    const [first] = this.#schema.messages(module)
    return first === undefined ? undefined : this.#ids.get(first)
  }

  /** The message with an id; undefined when there is none. */
  byId(id: number): TableEntry | undefined {
    const name = this.#names[id - 1]
    if (name === undefined) return undefined
    return (this.#entries[id] ??= this.#makeEntry(id, name))
  }

  /** @throws SimulatorError `SIMULATOR_MESSAGE` when the release does not have the message */
  byName(name: string): TableEntry {
    const entry = this.byId(this.#ids.get(name) ?? 0)
    if (entry !== undefined) return entry
    throw new SimulatorError('SIMULATOR_MESSAGE', `this release has no message '${name}'`)
  }

  /** Count and entries as in `sockclnt_create_reply`. */
  encode(order: TableOrder): Buffer {
    let encoded = this.#encoded.get(order)
    if (encoded === undefined) {
      encoded = this.#encode(order)
      if (order !== 'random') this.#encoded.set(order, encoded)
    }
    return encoded
  }

  #makeEntry(id: number, name: string): TableEntry {
    const { descriptor } = this.#schema.message(name)
    return { id, name, crc: descriptor.crc, codec: codecOf(descriptor), service: this.#schema.service(name) }
  }

  #encode(order: TableOrder): Buffer {
    const names = this.#sorted(order)
    const bytes = Buffer.alloc(2 + names.length * ENTRY_SIZE)
    bytes.writeUInt16BE(names.length, 0)
    names.forEach((name, index) => {
      const offset = 2 + index * ENTRY_SIZE
      bytes.writeUInt16BE(this.#ids.get(name) ?? 0, offset)
      bytes.write(`${name}_${this.#schema.crcOf(name)}`, offset + 2, NAME_SIZE - 1, 'latin1')
    })
    return bytes
  }

  #sorted(order: TableOrder): readonly string[] {
    if (order === 'id') return this.#names
    const key = order === 'hash' ? hash : Math.random
    const keyed = this.#names.map((name): [number, string] => [key(name), name])
    return keyed.sort(([a], [b]) => a - b).map(([, name]) => name)
  }
}

/** FNV-1a: the order only has to look like that of a hash table, and be the same in every run. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}
