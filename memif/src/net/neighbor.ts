import { MAC_BYTES, ipv6ToBytes, ipv6ToText, macToBytes, macToText } from './address.ts'

/** Bits of an advertisement's flags (RFC 4861). */
export const NEIGHBOR_FLAG = { router: 0x80, solicited: 0x40, override: 0x20 } as const

const FIXED_BYTES = 20
const OPTION_BYTES = 8
const SOURCE_LINK_ADDRESS = 1
const TARGET_LINK_ADDRESS = 2

/** What a neighbour solicitation or advertisement says: the body of an ICMPv6 message. */
export interface NeighborMessage {
  /** 0 in solicitations. */
  readonly flags: number
  /** The address asked for, or advertised. */
  readonly target: string
  /** Of the sender in a solicitation, of the target in an advertisement; undefined when not told. */
  readonly mac: string | undefined
}

/** Reads the body of a solicitation or advertisement, or gives undefined when it is malformed. */
export function parseNeighbor(body: Uint8Array): NeighborMessage | undefined {
  if (body.length < FIXED_BYTES) return undefined
  let mac: string | undefined
  for (let at = FIXED_BYTES; at < body.length;) {
    const length = (body[at + 1] ?? 0) * 8
    if (length === 0 || at + length > body.length) return undefined
    if (body[at] === SOURCE_LINK_ADDRESS || body[at] === TARGET_LINK_ADDRESS) mac = macToText(body, at + 2)
    at += length
  }
  return { flags: body[0]!, target: ipv6ToText(body, 4), mac }
}

/** The body of a solicitation (flags 0) or of an advertisement. */
export function buildNeighbor(kind: 'solicitation' | 'advertisement', message: NeighborMessage): Uint8Array {
  const bytes = new Uint8Array(FIXED_BYTES + (message.mac === undefined ? 0 : OPTION_BYTES))
  bytes[0] = message.flags
  bytes.set(ipv6ToBytes(message.target), 4)
  if (message.mac === undefined) return bytes
  bytes[FIXED_BYTES] = kind === 'solicitation' ? SOURCE_LINK_ADDRESS : TARGET_LINK_ADDRESS
  bytes[FIXED_BYTES + 1] = OPTION_BYTES / 8
  bytes.set(macToBytes(message.mac).subarray(0, MAC_BYTES), FIXED_BYTES + 2)
  return bytes
}

/** The multicast address on which the owner of `address` is asked for. */
export function solicitedNodeAddress(address: string): string {
  const bytes = ipv6ToBytes('ff02::1:ff00:0')
  bytes.set(ipv6ToBytes(address).subarray(13), 13)
  return ipv6ToText(bytes)
}

/** The MAC address of an IPv6 multicast group. */
export function multicastMac(group: string): string {
  return macToText(Uint8Array.of(0x33, 0x33, ...ipv6ToBytes(group).subarray(12)))
}
