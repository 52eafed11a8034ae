import { StatsError } from '../errors.ts'
import type { Oid } from './oid.ts'

/** What prefix of an OID is written in one byte: 1.3.6.1.X. */
const INTERNET: Oid = [1, 3, 6, 1]
/** RFC 2741, section 5.1. */
const MOST_SUBIDS = 128

/** Writes the encoding of RFC 2741 in network byte order. */
export class AgentXWriter {
  readonly #parts: Buffer[] = []

  u8(...values: readonly number[]): this {
    this.#parts.push(Buffer.from(values))
    return this
  }

  u16(value: number): this {
    const bytes = Buffer.alloc(2)
    bytes.writeUInt16BE(value)
    this.#parts.push(bytes)
    return this
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    this.#parts.push(bytes)
    return this
  }

  u64(value: bigint): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(value)
    this.#parts.push(bytes)
    return this
  }

  oid(oid: Oid): this {
    const short = oid.length > 4 && INTERNET.every((it, at) => oid[at] === it) && (oid[4] ?? 0) < 256
    const rest = short ? oid.slice(5) : oid
    this.u8(rest.length, short ? (oid[4] ?? 0) : 0, 0, 0)
    for (const number of rest) this.u32(number)
    return this
  }

  octets(bytes: Uint8Array): this {
    this.u32(bytes.length)
    this.#parts.push(Buffer.from(bytes), Buffer.alloc((4 - (bytes.length % 4)) % 4))
    return this
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }
}

/** An OID that a search begins or ends with. */
export interface SearchOid {
  readonly oid: Oid
  /** Whether the OID itself is part of the range. */
  readonly include: boolean
}

/** Reads it, in the byte order that the flags of the message name. */
export class AgentXReader {
  readonly #bytes: Buffer
  readonly #bigEndian: boolean
  #at = 0

  constructor(bytes: Buffer, bigEndian: boolean) {
    this.#bytes = bytes
    this.#bigEndian = bigEndian
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1))
  }

  u16(): number {
    const at = this.#take(2)
    return this.#bigEndian ? this.#bytes.readUInt16BE(at) : this.#bytes.readUInt16LE(at)
  }

  u32(): number {
    const at = this.#take(4)
    return this.#bigEndian ? this.#bytes.readUInt32BE(at) : this.#bytes.readUInt32LE(at)
  }

  oid(): SearchOid {
    const count = this.u8()
    const prefix = this.u8()
    const include = this.u8() !== 0
    this.u8()
    if (count > MOST_SUBIDS) throw agentXError(`an OID of ${count} numbers, ${MOST_SUBIDS} are allowed`)
    const rest = Array.from({ length: count }, () => this.u32())
    return { oid: prefix === 0 ? rest : [...INTERNET, prefix, ...rest], include }
  }

  #take(length: number): number {
    const at = this.#at
    if (at + length > this.#bytes.length) {
      throw agentXError(`a message ends at byte ${this.#bytes.length}, ${length} more at ${at} are expected`)
    }
    this.#at += length
    return at
  }
}

/** The SNMP daemon cannot be reached, refuses, or does not speak AgentX. */
export function agentXError(what: string, cause?: unknown): StatsError {
  return new StatsError('STATS_AGENTX', `AgentX: ${what}`, cause === undefined ? {} : { cause })
}
