import { ipv6ToBytes, ipv6ToText } from './address.ts'

const HEADER_BYTES = 40

/** An IPv6 packet. `payload` is a view of the parsed bytes and begins with what `nextHeader` says. */
export interface Ipv6Packet {
  readonly source: string
  readonly destination: string
  readonly nextHeader: number
  readonly payload: Uint8Array
  readonly hopLimit?: number
  readonly trafficClass?: number
  readonly flowLabel?: number
}

/** Reads a packet, or gives undefined when version or lengths are wrong. Extension headers stay in the payload. */
export function parseIpv6(bytes: Uint8Array): Required<Ipv6Packet> | undefined {
  if (bytes.length < HEADER_BYTES || bytes[0]! >> 4 !== 6) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = HEADER_BYTES + view.getUint16(4)
  if (end > bytes.length) return undefined
  const first = view.getUint32(0)
  return {
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    nextHeader: bytes[6]!,
    hopLimit: bytes[7]!,
    source: ipv6ToText(bytes, 8),
    destination: ipv6ToText(bytes, 24),
    payload: bytes.subarray(HEADER_BYTES, end),
  }
}

/** The packet's bytes. Throws RangeError when the payload is over 65535 bytes. */
export function buildIpv6(packet: Ipv6Packet): Uint8Array {
  const { hopLimit = 64, trafficClass = 0, flowLabel = 0, payload } = packet
  if (payload.length > 0xffff)
    throw new RangeError(`an IPv6 payload has at most 65535 bytes, not ${payload.length}`)
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, (6 << 28) | ((trafficClass & 0xff) << 20) | (flowLabel & 0xfffff))
  view.setUint16(4, payload.length)
  bytes[6] = packet.nextHeader
  bytes[7] = hopLimit
  bytes.set(ipv6ToBytes(packet.source), 8)
  bytes.set(ipv6ToBytes(packet.destination), 24)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}
