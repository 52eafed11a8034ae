import { CliError } from '../errors.ts'
import { ByteSource } from './byte-source.ts'

/** A message as VPP has received or sent it. */
export interface TracedMessage {
  /** Wire name; undefined for an id that is not in the file's table. */
  readonly name: string | undefined
  /** Eight hex digits; empty for an id that is not in the table. */
  readonly crc: string
  /** Number that VPP had for it. */
  readonly id: number
  /** The message, header included, in network byte order. */
  readonly bytes: Buffer
}

/** What `api trace save` has written. */
export interface TraceFile {
  /** True when older messages have been overwritten. */
  readonly wrapped: boolean
  readonly messages: readonly TracedMessage[]
}

/** Name and CRC in one, as VPP's message table has them. */
const NAME_AND_CRC = /^(\w+)_([0-9a-f]{8})$/

type Names = ReadonlyMap<number, readonly [name: string, crc: string]>

/**
 * Reads a trace of VPP's API: a header (counts in network byte order), the table of message ids, and the messages, each
 * with its length. VPP: `vl_msg_api_trace_save` in `src/vlibapi/api_shared.c`.
 * @throws CliError when it is something else, or ends early
 */
export function readTraceFile(bytes: Buffer): TraceFile {
  if (bytes[0] === '['.charCodeAt(0)) {
    throw new CliError('CLI_FAILED', 'this is a trace as JSON', 'save it with: api trace save NAME')
  }
  const file = new ByteSource(bytes)
  const count = file.u32()
  const tableSize = file.u32()
  const wrapped = file.u8() !== 0
  const names = readTable(new ByteSource(file.take(tableSize)))
  const messages: TracedMessage[] = []
  for (let index = 0; index < count; index++) messages.push(describe(file.take(file.u32()), names))
  if (file.left > 0) {
    throw new CliError('CLI_FAILED', `this is not an API trace: ${file.left} bytes follow the last message`)
  }
  return { wrapped, messages }
}

function readTable(table: ByteSource): Names {
  const names = new Map<number, readonly [string, string]>()
  const count = table.u32()
  for (let index = 0; index < count; index++) {
    const id = table.smallInteger()
    const [, name, crc] = NAME_AND_CRC.exec(table.text()) ?? []
    if (name !== undefined && crc !== undefined) names.set(id, [name, crc])
  }
  return names
}

function describe(bytes: Buffer, names: Names): TracedMessage {
  if (bytes.length < 2) throw new CliError('CLI_FAILED', 'the trace has a message without an id')
  const id = bytes.readUInt16BE()
  const [name, crc = ''] = names.get(id) ?? []
  return { name, crc, id, bytes }
}
