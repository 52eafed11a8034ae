import { ARP_OPERATION, buildArp, parseArp } from './arp.ts'
import { ETHER_TYPE, buildEthernet, parseEthernet } from './ethernet.ts'
import { ICMPV6_TYPE, ICMP_TYPE, buildIcmp, buildIcmpv6, parseIcmp, parseIcmpv6 } from './icmp.ts'
import { IP_PROTOCOL, buildIpv4, parseIpv4 } from './ipv4.ts'
import { buildIpv6, parseIpv6 } from './ipv6.ts'
import { NEIGHBOR_FLAG, buildNeighbor, parseNeighbor } from './neighbor.ts'

/** The host that a responder plays. */
export interface ResponderHost {
  readonly mac: string
  readonly ipv4: string
  /** Without it the host does not speak IPv6. */
  readonly ipv6?: string | undefined
}

/**
 * What a host answers to one Ethernet frame: ARP, neighbour solicitations, and echo requests for its addresses.
 * Undefined for anything else.
 */
export function respondToFrame(host: ResponderHost, bytes: Uint8Array): Uint8Array | undefined {
  const frame = parseEthernet(bytes)
  if (frame === undefined) return undefined
  const payload =
    frame.etherType === ETHER_TYPE.arp
      ? respondToArp(host, frame.payload)
      : respondToIp(host, frame.payload, frame.etherType)
  if (payload === undefined) return undefined
  return buildEthernet({ ...frame, destination: frame.source, source: host.mac, payload })
}

/** As `respondToFrame`, for an interface in mode ip: packets begin with the IP header, and nobody asks for a MAC. */
export function respondToPacket(host: ResponderHost, bytes: Uint8Array): Uint8Array | undefined {
  const version = (bytes[0] ?? 0) >> 4
  return respondToIp(host, bytes, version === 4 ? ETHER_TYPE.ipv4 : version === 6 ? ETHER_TYPE.ipv6 : 0)
}

function respondToArp({ mac, ipv4 }: ResponderHost, bytes: Uint8Array): Uint8Array | undefined {
  const arp = parseArp(bytes)
  if (arp?.operation !== ARP_OPERATION.request || arp.targetIp !== ipv4) return undefined
  return buildArp({
    operation: ARP_OPERATION.reply,
    senderMac: mac,
    senderIp: ipv4,
    targetMac: arp.senderMac,
    targetIp: arp.senderIp,
  })
}

function respondToIp(host: ResponderHost, bytes: Uint8Array, etherType: number): Uint8Array | undefined {
  if (etherType === ETHER_TYPE.ipv4) return respondToIpv4(host, bytes)
  return etherType === ETHER_TYPE.ipv6 ? respondToIpv6(host, bytes) : undefined
}

function respondToIpv4({ ipv4 }: ResponderHost, bytes: Uint8Array): Uint8Array | undefined {
  const packet = parseIpv4(bytes)
  if (packet?.destination !== ipv4 || packet.protocol !== IP_PROTOCOL.icmp) return undefined
  if (packet.moreFragments || packet.fragmentOffset > 0) return undefined
  const icmp = parseIcmp(packet.payload)
  if (icmp?.type !== ICMP_TYPE.echoRequest) return undefined
  return buildIpv4({
    source: ipv4,
    destination: packet.source,
    protocol: IP_PROTOCOL.icmp,
    identification: packet.identification,
    payload: buildIcmp({ ...icmp, type: ICMP_TYPE.echoReply }),
  })
}

function respondToIpv6(host: ResponderHost, bytes: Uint8Array): Uint8Array | undefined {
  const packet = parseIpv6(bytes)
  if (host.ipv6 === undefined || packet?.nextHeader !== IP_PROTOCOL.icmpv6) return undefined
  const icmp = parseIcmpv6(packet.payload, packet)
  const ends = { source: host.ipv6, destination: packet.source }
  if (icmp?.type === ICMPV6_TYPE.echoRequest && packet.destination === host.ipv6) {
    const payload = buildIcmpv6({ ...icmp, type: ICMPV6_TYPE.echoReply }, ends)
    return buildIpv6({ ...ends, nextHeader: IP_PROTOCOL.icmpv6, payload })
  }
  if (icmp?.type !== ICMPV6_TYPE.neighborSolicitation) return undefined
  if (parseNeighbor(icmp.body)?.target !== host.ipv6) return undefined
  const flags = NEIGHBOR_FLAG.solicited | NEIGHBOR_FLAG.override
  const body = buildNeighbor('advertisement', { flags, target: host.ipv6, mac: host.mac })
  const payload = buildIcmpv6({ type: ICMPV6_TYPE.neighborAdvertisement, code: 0, body }, ends)
  return buildIpv6({ ...ends, nextHeader: IP_PROTOCOL.icmpv6, payload, hopLimit: 255 })
}
