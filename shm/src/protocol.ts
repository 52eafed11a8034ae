/*
 * What goes between a connection and the process that holds the library: the frames of VPP's API socket, so that
 * `VppConnection` needs to know nothing of it. Big-endian, as VPP's messages are.
 */

/** Bytes in front of every message; only the length at {@link LENGTH_OFFSET} means something. */
export const HEADER_SIZE = 16
export const LENGTH_OFFSET = 8
/** Ids of the introduction, the same in every VPP. */
export const SOCKCLNT_CREATE = 15
export const SOCKCLNT_CREATE_REPLY = 16
/** Longest message that is taken from the connection: the shared memory has rings for less. */
export const MESSAGE_LIMIT = 16 * 1024 * 1024
const NAME_SIZE = 64
const TABLE_OFFSET = 20

/** A message with the header of the socket in front. */
export function frame(message: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE + message.length)
  bytes.writeUInt32BE(message.length, LENGTH_OFFSET)
  bytes.set(message, HEADER_SIZE)
  return bytes
}

/** Cuts a stream into messages. */
export class FrameReader {
  #rest = Buffer.alloc(0)

  /** The messages that are complete with `chunk`; throws a RangeError for a length that cannot be. */
  push(chunk: Uint8Array): Buffer[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk])
    const messages: Buffer[] = []
    let at = 0
    while (this.#rest.length - at >= HEADER_SIZE) {
      const length = this.#rest.readUInt32BE(at + LENGTH_OFFSET)
      if (length < 2 || length > MESSAGE_LIMIT) throw new RangeError(`a message of ${length} bytes`)
      const end = at + HEADER_SIZE + length
      if (end > this.#rest.length) break
      messages.push(this.#rest.subarray(at + HEADER_SIZE, end))
      at = end
    }
    this.#rest = this.#rest.subarray(at)
    return messages
  }
}

/** One line of the message table: `name_crc` and its number. */
export type TableEntry = readonly [name: string, index: number]

/** `sockclnt_create_reply`: how VPP introduces itself on the socket. */
export function introduction(context: number, clientIndex: number, table: readonly TableEntry[]): Buffer {
  const bytes = Buffer.alloc(TABLE_OFFSET + table.length * (2 + NAME_SIZE))
  bytes.writeUInt16BE(SOCKCLNT_CREATE_REPLY, 0)
  bytes.writeUInt32BE(context, 6)
  bytes.writeUInt32BE(clientIndex, 14)
  bytes.writeUInt16BE(table.length, 18)
  table.forEach(([name, index], n) => {
    const at = TABLE_OFFSET + n * (2 + NAME_SIZE)
    bytes.writeUInt16BE(index, at)
    bytes.write(name, at + 2, NAME_SIZE - 1, 'latin1')
  })
  return bytes
}

/** The names with their CRCs of all messages in what `get_api_json` gives. */
export function namesOf(json: string): string[] {
  const modules = JSON.parse(json) as { messages?: unknown }[]
  return modules.flatMap(({ messages }) => (Array.isArray(messages) ? messages : []).flatMap(nameOf))
}

function nameOf(message: unknown): string[] {
  if (!Array.isArray(message)) return []
  const [name, crc] = [message[0] as unknown, (message.at(-1) as { crc?: unknown } | undefined)?.crc]
  return typeof name === 'string' && typeof crc === 'string' ? [`${name}_${crc.replace(/^0x/, '')}`] : []
}
