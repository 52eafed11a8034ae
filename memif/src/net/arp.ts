import { ipv4ToBytes, ipv4ToText, macToBytes, macToText } from './address.ts'

/** Values of an ARP packet's operation field. */
export const ARP_OPERATION = { request: 1, reply: 2 } as const

const BYTES = 28
const FIXED = Uint8Array.of(0, 1, 8, 0, 6, 4)

/** An ARP packet for IPv4 on Ethernet (RFC 826). */
export interface ArpPacket {
  readonly operation: number
  readonly senderMac: string
  readonly senderIp: string
  readonly targetMac: string
  readonly targetIp: string
}

/** Reads an ARP packet, or gives undefined when it is too short or not for IPv4 on Ethernet. */
export function parseArp(bytes: Uint8Array): ArpPacket | undefined {
  if (bytes.length < BYTES || FIXED.some((byte, at) => bytes[at] !== byte)) return undefined
  return {
    operation: (bytes[6]! << 8) | bytes[7]!,
    senderMac: macToText(bytes, 8),
    senderIp: ipv4ToText(bytes, 14),
    targetMac: macToText(bytes, 18),
    targetIp: ipv4ToText(bytes, 24),
  }
}

/** The packet's bytes. */
export function buildArp(packet: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(BYTES)
  bytes.set(FIXED)
  bytes[6] = packet.operation >> 8
  bytes[7] = packet.operation
  bytes.set(macToBytes(packet.senderMac), 8)
  bytes.set(ipv4ToBytes(packet.senderIp), 14)
  bytes.set(macToBytes(packet.targetMac), 18)
  bytes.set(ipv4ToBytes(packet.targetIp), 24)
  return bytes
}
