import { agentXError, AgentXReader, AgentXWriter, type SearchOid } from './bytes.ts'
import type { Oid } from './oid.ts'

/** Types of messages, RFC 2741 section 6.1. */
export const MESSAGE = {
  open: 1,
  close: 2,
  register: 3,
  get: 5,
  getNext: 6,
  getBulk: 7,
  testSet: 8,
  commitSet: 9,
  undoSet: 10,
  cleanupSet: 11,
  response: 18,
} as const

/** Errors of SNMP and of AgentX that are answered or expected. */
export const STATUS = {
  ok: 0,
  commitFailed: 14,
  undoFailed: 15,
  notWritable: 17,
  unsupportedContext: 262,
  parseError: 266,
}

/** What a variable holds. */
export type MibValue =
  | { readonly type: 'integer' | 'counter32' | 'gauge32' | 'timeTicks'; readonly value: number }
  | { readonly type: 'counter64'; readonly value: bigint }
  | { readonly type: 'octets'; readonly value: Uint8Array }
  | { readonly type: 'noSuchObject' | 'noSuchInstance' | 'endOfMibView' }

/** A variable. */
export type Variable = MibValue & { readonly oid: Oid }

const TYPE: Readonly<Record<MibValue['type'], number>> = {
  integer: 2,
  octets: 4,
  counter32: 65,
  gauge32: 66,
  timeTicks: 67,
  counter64: 70,
  noSuchObject: 128,
  noSuchInstance: 129,
  endOfMibView: 130,
}

const HEADER_BYTES = 20
const NON_DEFAULT_CONTEXT = 0x08
const NETWORK_BYTE_ORDER = 0x10
/** Longer messages are not believed. */
const LONGEST = 2 ** 20

/** What identifies a message. */
export interface Header {
  readonly type: number
  readonly session: number
  readonly transaction: number
  readonly packet: number
}

/** A message that came. */
export interface Message extends Header {
  /** Names a context: this end has none but the default. */
  readonly hasContext: boolean
  readonly body: AgentXReader
}

/** A message as bytes. */
export function encodeMessage({ type, session, transaction, packet }: Header, body: AgentXWriter): Buffer {
  const bytes = body.bytes()
  const header = new AgentXWriter()
    .u8(1, type, NETWORK_BYTE_ORDER, 0)
    .u32(session)
    .u32(transaction)
    .u32(packet)
    .u32(bytes.length)
  return Buffer.concat([header.bytes(), bytes])
}

/** Open: who asks for a session. */
export function openBody(description: string): AgentXWriter {
  return new AgentXWriter().u8(0, 0, 0, 0).oid([]).octets(Buffer.from(description))
}

/** Register: a subtree that this end answers for; the smaller priority wins. */
export function registerBody(subtree: Oid, priority: number): AgentXWriter {
  return new AgentXWriter().u8(0, priority, 0, 0).oid(subtree)
}

/** Close: the subagent is shutting down. */
export function closeBody(): AgentXWriter {
  return new AgentXWriter().u8(5, 0, 0, 0)
}

/** Response: to `index`, from 1, the error belongs. */
export function responseBody(status: number, index: number, variables: readonly Variable[]): AgentXWriter {
  const body = new AgentXWriter().u32(0).u16(status).u16(index)
  for (const variable of variables) {
    body.u16(TYPE[variable.type]).u16(0).oid(variable.oid)
    writeValue(body, variable)
  }
  return body
}

function writeValue(body: AgentXWriter, variable: MibValue): void {
  switch (variable.type) {
    case 'integer':
    case 'counter32':
    case 'gauge32':
    case 'timeTicks':
      body.u32(variable.value)
      break
    case 'counter64':
      body.u64(variable.value)
      break
    case 'octets':
      body.octets(variable.value)
      break
    default:
  }
}

/** A range to search: from `start` up to `end`, which is not part of it; an empty `end` means no limit. */
export interface SearchRange {
  readonly start: SearchOid
  readonly end: Oid
}

/** The ranges in the rest of a message. */
export function readRanges(body: AgentXReader): SearchRange[] {
  const ranges: SearchRange[] = []
  while (!body.done) ranges.push({ start: body.oid(), end: body.oid().oid })
  return ranges
}

/** Cuts a stream of bytes into messages. */
export class MessageStream {
  #rest = Buffer.alloc(0)

  /** @throws StatsError `STATS_AGENTX` for what is not AgentX */
  push(bytes: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const messages: Message[] = []
    for (;;) {
      const message = this.#next()
      if (message === undefined) return messages
      messages.push(message)
    }
  }

  #next(): Message | undefined {
    const bytes = this.#rest
    if (bytes.length < HEADER_BYTES) return undefined
    const flags = bytes.readUInt8(2)
    const bigEndian = (flags & NETWORK_BYTE_ORDER) !== 0
    const header = new AgentXReader(bytes.subarray(0, HEADER_BYTES), bigEndian)
    const version = header.u8()
    if (version !== 1) throw agentXError(`version ${version}, only 1 is known`)
    const type = header.u8()
    header.u16()
    const [session, transaction, packet, length] = [header.u32(), header.u32(), header.u32(), header.u32()]
    if (length > LONGEST) throw agentXError(`a message of ${length} bytes, ${LONGEST} are allowed`)
    if (bytes.length < HEADER_BYTES + length) return undefined
    this.#rest = bytes.subarray(HEADER_BYTES + length)
    const body = new AgentXReader(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length), bigEndian)
    return { type, session, transaction, packet, hasContext: (flags & NON_DEFAULT_CONTEXT) !== 0, body }
  }
}
