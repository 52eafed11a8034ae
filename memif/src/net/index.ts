export {
  ipv4ToBytes,
  ipv4ToText,
  ipv6ToBytes,
  ipv6ToText,
  MAC_BROADCAST,
  MAC_BYTES,
  macToBytes,
  macToText,
} from './address.ts'
export { ARP_OPERATION, buildArp, parseArp, type ArpPacket } from './arp.ts'
export { checksum } from './checksum.ts'
export { buildEthernet, ETHER_TYPE, parseEthernet, type EthernetFrame } from './ethernet.ts'
export {
  buildIcmp,
  buildIcmpv6,
  ICMP_TYPE,
  ICMPV6_TYPE,
  parseIcmp,
  parseIcmpv6,
  type IcmpMessage,
  type Ipv6Ends,
} from './icmp.ts'
export { buildIpv4, IP_PROTOCOL, parseIpv4, type Ipv4Packet } from './ipv4.ts'
export { buildIpv6, parseIpv6, type Ipv6Packet } from './ipv6.ts'
export {
  buildNeighbor,
  multicastMac,
  NEIGHBOR_FLAG,
  parseNeighbor,
  solicitedNodeAddress,
  type NeighborMessage,
} from './neighbor.ts'
export { parsePcap, type Capture, type CapturedPacket } from './pcap-reader.ts'
export { arpAnswer, arpRequest, echoAnswer, echoRequest, type PingEnds } from './ping.ts'
export { PcapStream, pcapHeader, pcapRecord, type PcapOptions } from './pcap.ts'
export { respondToFrame, respondToPacket, type ResponderHost } from './responder.ts'
export { buildUdp, parseUdp, type IpEnds, type UdpDatagram } from './udp.ts'
