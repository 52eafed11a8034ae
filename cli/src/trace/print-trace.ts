import { VppError } from '@vpp-ts/runtime'
import type { DynamicApi, PlainMessage } from '@vpp-ts/runtime/dynamic'
import type { Row } from '../output/table.ts'
import type { TracedMessage } from './trace-file.ts'

/** What of a traced message can be told, and why not more. */
export interface ReadMessage {
  readonly message: TracedMessage
  readonly label: string
  /** Context of the request; undefined for a message without one. */
  readonly context: number | undefined
  /** The fields; undefined where the definitions do not have the message as it is. */
  readonly fields: PlainMessage | undefined
  /** Why there are none. */
  readonly problem: string | undefined
}

/** Decodes a traced message with definitions that have it with the same CRC. */
export function readMessage(message: TracedMessage, api: DynamicApi): ReadMessage {
  const { name, crc, id, bytes } = message
  const label = name ?? `message ${id}`
  const problem = name === undefined ? 'the trace does not name it' : problemOf(name, crc, api)
  if (name === undefined || problem !== undefined) {
    return { message, label, context: undefined, fields: undefined, problem }
  }
  try {
    const { header } = api.schema.message(name).descriptor
    const context = header === 'request' && bytes.length >= 10 ? bytes.readUInt32BE(6) : undefined
    return { message, label, context, fields: api.decode(name, bytes), problem: undefined }
  } catch (error) {
    if (!(error instanceof VppError)) throw error
    return { message, label, context: undefined, fields: undefined, problem: error.message }
  }
}

function problemOf(name: string, crc: string, { schema }: DynamicApi): string | undefined {
  const known = schema.crcOf(name)
  if (known === crc) return undefined
  return known === undefined
    ? 'the definitions do not have it'
    : `its CRC is ${crc}, that of the definitions ${known}`
}

/** A message for JSON. */
export function rowOf(
  { message, label, context, fields, problem }: ReadMessage,
  index: number,
  withBytes: boolean,
): Row {
  return {
    index,
    message: label,
    crc: message.crc,
    context,
    size: message.bytes.length,
    ...(withBytes ? { bytes: `0x${message.bytes.toString('hex')}` } : {}),
    ...(fields === undefined ? { problem } : { fields }),
  }
}
