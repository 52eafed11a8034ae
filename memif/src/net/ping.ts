import { ARP_OPERATION, buildArp, parseArp } from './arp.ts'
import { MAC_BROADCAST } from './address.ts'
import { buildEthernet, ETHER_TYPE, parseEthernet } from './ethernet.ts'
import { buildIcmp, ICMP_TYPE, parseIcmp } from './icmp.ts'
import { buildIpv4, IP_PROTOCOL, parseIpv4 } from './ipv4.ts'

/** Who asks whom. */
export interface PingEnds {
  readonly mac: string
  readonly source: string
  readonly destination: string
}

const IDENTIFIER = 0x7674

/** An ARP request for the destination, as an Ethernet frame. */
export function arpRequest({ mac, source, destination }: PingEnds): Uint8Array {
  const payload = buildArp({
    operation: ARP_OPERATION.request,
    senderMac: mac,
    senderIp: source,
    targetMac: '00:00:00:00:00:00',
    targetIp: destination,
  })
  return buildEthernet({ destination: MAC_BROADCAST, source: mac, etherType: ETHER_TYPE.arp, payload })
}

/** The MAC address that a frame tells of the destination, when it is the answer to {@link arpRequest}. */
export function arpAnswer(frame: Uint8Array, { destination }: PingEnds): string | undefined {
  const { etherType, payload } = parseEthernet(frame) ?? {}
  const arp = etherType === ETHER_TYPE.arp && payload !== undefined ? parseArp(payload) : undefined
  return arp?.operation === ARP_OPERATION.reply && arp.senderIp === destination ? arp.senderMac : undefined
}

/** An echo request (IPv4) with this sequence number, of `bytes` bytes of payload. */
export function echoRequest(ends: PingEnds, targetMac: string, sequence: number, bytes = 56): Uint8Array {
  const body = new Uint8Array(4 + bytes)
  new DataView(body.buffer).setUint32(0, IDENTIFIER * 0x1_0000 + (sequence & 0xffff))
  const payload = buildIpv4({
    source: ends.source,
    destination: ends.destination,
    protocol: IP_PROTOCOL.icmp,
    payload: buildIcmp({ type: ICMP_TYPE.echoRequest, code: 0, body }),
  })
  return buildEthernet({ destination: targetMac, source: ends.mac, etherType: ETHER_TYPE.ipv4, payload })
}

/** The sequence number of the request that a frame answers; undefined for any other frame. */
export function echoAnswer(frame: Uint8Array, { source, destination }: PingEnds): number | undefined {
  const { etherType, payload } = parseEthernet(frame) ?? {}
  const packet = etherType === ETHER_TYPE.ipv4 && payload !== undefined ? parseIpv4(payload) : undefined
  if (packet?.protocol !== IP_PROTOCOL.icmp) return undefined
  if (packet.source !== destination || packet.destination !== source) return undefined
  const icmp = parseIcmp(packet.payload)
  if (icmp?.type !== ICMP_TYPE.echoReply || icmp.body.length < 4) return undefined
  const view = new DataView(icmp.body.buffer, icmp.body.byteOffset)
  return view.getUint16(0) === IDENTIFIER ? view.getUint16(2) : undefined
}
