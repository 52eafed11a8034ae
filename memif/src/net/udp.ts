import { ipv4ToBytes, ipv6ToBytes } from './address.ts'
import { checksum, pseudoHeaderSum } from './checksum.ts'
import { IP_PROTOCOL } from './ipv4.ts'

const HEADER_BYTES = 8

/** A UDP datagram. `payload` is a view of the parsed bytes. */
export interface UdpDatagram {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly payload: Uint8Array
}

/** Source and destination of the IP packet around a datagram, both IPv4 or both IPv6; its checksum includes them. */
export interface IpEnds {
  readonly source: string
  readonly destination: string
}

/** Reads a datagram from a packet between `ends`, or gives undefined when its length or checksum is wrong. */
export function parseUdp(bytes: Uint8Array, ends: IpEnds): UdpDatagram | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint16(4)
  if (length < HEADER_BYTES || length > bytes.length) return undefined
  const datagram = bytes.subarray(0, length)
  // Over IPv4 a sender may leave the checksum out, as 0.
  const unchecked = view.getUint16(6) === 0 && !ends.source.includes(':')
  if (!unchecked && checksum(datagram, seed(ends, length)) !== 0) return undefined
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    payload: datagram.subarray(HEADER_BYTES),
  }
}

/** The datagram's bytes, with the checksum that a packet between `ends` needs. */
export function buildUdp(datagram: UdpDatagram, ends: IpEnds): Uint8Array {
  const length = HEADER_BYTES + datagram.payload.length
  if (length > 0xffff) throw new RangeError(`a UDP datagram has at most 65535 bytes, not ${length}`)
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, datagram.sourcePort)
  view.setUint16(2, datagram.destinationPort)
  view.setUint16(4, length)
  bytes.set(datagram.payload, HEADER_BYTES)
  // 0 means "no checksum"; its other form in one's complement is the same sum.
  view.setUint16(6, checksum(bytes, seed(ends, length)) || 0xffff)
  return bytes
}

function seed({ source, destination }: IpEnds, length: number): number {
  const toBytes = source.includes(':') ? ipv6ToBytes : ipv4ToBytes
  return pseudoHeaderSum(toBytes(source), toBytes(destination), IP_PROTOCOL.udp, length)
}
