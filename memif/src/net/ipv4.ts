import { ipv4ToBytes, ipv4ToText } from './address.ts'
import { checksum } from './checksum.ts'

/** Numbers in IPv4's protocol and IPv6's next header field. */
export const IP_PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const

const HEADER_BYTES = 20
const MORE_FRAGMENTS = 0x2000
const DO_NOT_FRAGMENT = 0x4000

/** An IPv4 packet. `payload` is a view of the parsed bytes, cut at the packet's length: Ethernet may have padded it. */
export interface Ipv4Packet {
  readonly source: string
  readonly destination: string
  readonly protocol: number
  readonly payload: Uint8Array
  readonly ttl?: number
  readonly identification?: number
  readonly dscpAndEcn?: number
  readonly doNotFragment?: boolean
  readonly moreFragments?: boolean
  /** In bytes. */
  readonly fragmentOffset?: number
}

/** Reads a packet, or gives undefined when version, lengths or header checksum are wrong. Options are skipped. */
export function parseIpv4(bytes: Uint8Array): Required<Ipv4Packet> | undefined {
  if (bytes.length < HEADER_BYTES || bytes[0]! >> 4 !== 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = (bytes[0]! & 0xf) * 4
  const total = view.getUint16(2)
  if (header < HEADER_BYTES || total < header || total > bytes.length) return undefined
  if (checksum(bytes.subarray(0, header)) !== 0) return undefined
  const fragment = view.getUint16(6)
  return {
    dscpAndEcn: bytes[1]!,
    identification: view.getUint16(4),
    doNotFragment: (fragment & DO_NOT_FRAGMENT) !== 0,
    moreFragments: (fragment & MORE_FRAGMENTS) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    ttl: bytes[8]!,
    protocol: bytes[9]!,
    source: ipv4ToText(bytes, 12),
    destination: ipv4ToText(bytes, 16),
    payload: bytes.subarray(header, total),
  }
}

/** The packet's bytes, with length and checksum. Throws RangeError when the payload is over 65515 bytes. */
export function buildIpv4(packet: Ipv4Packet): Uint8Array {
  const { ttl = 64, identification = 0, dscpAndEcn = 0, fragmentOffset = 0 } = packet
  const total = HEADER_BYTES + packet.payload.length
  if (total > 0xffff) throw new RangeError(`an IPv4 packet has at most 65535 bytes, not ${total}`)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  bytes[0] = 0x45
  bytes[1] = dscpAndEcn
  view.setUint16(2, total)
  view.setUint16(4, identification)
  const flags =
    (packet.doNotFragment === true ? DO_NOT_FRAGMENT : 0) |
    (packet.moreFragments === true ? MORE_FRAGMENTS : 0)
  view.setUint16(6, flags | (fragmentOffset >> 3))
  bytes[8] = ttl
  bytes[9] = packet.protocol
  bytes.set(ipv4ToBytes(packet.source), 12)
  bytes.set(ipv4ToBytes(packet.destination), 16)
  view.setUint16(10, checksum(bytes.subarray(0, HEADER_BYTES)))
  bytes.set(packet.payload, HEADER_BYTES)
  return bytes
}
