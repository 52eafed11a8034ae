import { ipv6ToBytes } from './address.ts'
import { checksum, pseudoHeaderSum } from './checksum.ts'
import { IP_PROTOCOL } from './ipv4.ts'

/** Types of ICMP messages (IPv4). */
export const ICMP_TYPE = { echoReply: 0, unreachable: 3, echoRequest: 8, timeExceeded: 11 } as const

/** Types of ICMPv6 messages. */
export const ICMPV6_TYPE = {
  echoRequest: 128,
  echoReply: 129,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const

const HEADER_BYTES = 4

/** An ICMP or ICMPv6 message. `body` is all that follows type, code and checksum, a view of the parsed bytes. */
export interface IcmpMessage {
  readonly type: number
  readonly code: number
  readonly body: Uint8Array
}

/** Source and destination of the IPv6 packet around an ICMPv6 message, which its checksum includes. */
export interface Ipv6Ends {
  readonly source: string
  readonly destination: string
}

/** Reads an ICMP message, or gives undefined when it is too short or its checksum wrong. */
export function parseIcmp(bytes: Uint8Array): IcmpMessage | undefined {
  return parse(bytes, 0)
}

/** The message's bytes, with checksum. */
export function buildIcmp(message: IcmpMessage): Uint8Array {
  return build(message, 0)
}

/** Reads an ICMPv6 message from a packet between `ends`, or gives undefined when it is too short or its checksum wrong. */
export function parseIcmpv6(bytes: Uint8Array, ends: Ipv6Ends): IcmpMessage | undefined {
  return parse(bytes, seed(ends, bytes.length))
}

/** The message's bytes, with the checksum that a packet between `ends` needs. */
export function buildIcmpv6(message: IcmpMessage, ends: Ipv6Ends): Uint8Array {
  return build(message, seed(ends, HEADER_BYTES + message.body.length))
}

function seed({ source, destination }: Ipv6Ends, length: number): number {
  return pseudoHeaderSum(ipv6ToBytes(source), ipv6ToBytes(destination), IP_PROTOCOL.icmpv6, length)
}

function parse(bytes: Uint8Array, sum: number): IcmpMessage | undefined {
  if (bytes.length < HEADER_BYTES || checksum(bytes, sum) !== 0) return undefined
  return { type: bytes[0]!, code: bytes[1]!, body: bytes.subarray(HEADER_BYTES) }
}

function build({ type, code, body }: IcmpMessage, sum: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + body.length)
  bytes[0] = type
  bytes[1] = code
  bytes.set(body, HEADER_BYTES)
  new DataView(bytes.buffer).setUint16(2, checksum(bytes, sum))
  return bytes
}
