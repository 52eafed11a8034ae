import { MAC_BYTES, macToBytes, macToText } from './address.ts'

/** Numbers in an Ethernet header's type field. */
export const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd } as const

const HEADER_BYTES = 14
const VLAN_BYTES = 4

/** An Ethernet frame without preamble and check sequence. `payload` is a view of the parsed bytes. */
export interface EthernetFrame {
  readonly destination: string
  readonly source: string
  /** Of the payload, behind the VLAN tag when there is one. */
  readonly etherType: number
  /** Priority, drop bit and VLAN id as in the tag; undefined for untagged frames. */
  readonly vlan?: number | undefined
  readonly payload: Uint8Array
}

/** Reads a frame, or gives undefined when it is too short for its header. */
export function parseEthernet(bytes: Uint8Array): EthernetFrame | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const addresses = { destination: macToText(bytes), source: macToText(bytes, MAC_BYTES) }
  const etherType = view.getUint16(12)
  if (etherType !== ETHER_TYPE.vlan) return { ...addresses, etherType, payload: bytes.subarray(HEADER_BYTES) }
  if (bytes.length < HEADER_BYTES + VLAN_BYTES) return undefined
  return {
    ...addresses,
    vlan: view.getUint16(14),
    etherType: view.getUint16(16),
    payload: bytes.subarray(HEADER_BYTES + VLAN_BYTES),
  }
}

/** The frame's bytes; not padded to the 60 bytes of a real wire. */
export function buildEthernet(frame: EthernetFrame): Uint8Array {
  const tagged = frame.vlan !== undefined
  const header = HEADER_BYTES + (tagged ? VLAN_BYTES : 0)
  const bytes = new Uint8Array(header + frame.payload.length)
  const view = new DataView(bytes.buffer)
  bytes.set(macToBytes(frame.destination))
  bytes.set(macToBytes(frame.source), MAC_BYTES)
  if (frame.vlan !== undefined) {
    view.setUint16(12, ETHER_TYPE.vlan)
    view.setUint16(14, frame.vlan)
  }
  view.setUint16(header - 2, frame.etherType)
  bytes.set(frame.payload, header)
  return bytes
}
