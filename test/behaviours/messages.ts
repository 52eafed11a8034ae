import { IpTableDetails, IpTableDump } from '@vpp-ts/binapi-ip'
import { SwInterfaceEvent, WantInterfaceEvents, WantInterfaceEventsReply } from '@vpp-ts/binapi-interface'
import { LcpItfPairDetails, LcpItfPairGet, LcpItfPairGetReply } from '@vpp-ts/binapi-lcp'
import { ShowVersion, ShowVersionReply } from '@vpp-ts/binapi-vpe'
import { i32, text, u16, u32, type Handler, type Peer } from './peer.ts'

const named = ({ descriptor }: { descriptor: { name: string; crc: string } }) =>
  `${descriptor.name}_${descriptor.crc}`

/** Table entries of the messages that the tests use. */
export const MESSAGES = [
  ShowVersion,
  ShowVersionReply,
  IpTableDump,
  IpTableDetails,
  LcpItfPairGet,
  LcpItfPairGetReply,
  LcpItfPairDetails,
  WantInterfaceEvents,
  WantInterfaceEventsReply,
  SwInterfaceEvent,
].map(named)

/** Fields of show_version_reply; `program` tells replies apart. */
export const versionFields = (program: string, retval = 0) => [
  i32(retval),
  text(program, 32),
  text('26.06', 32),
  text('', 32),
  text('', 256),
]

/** Answers show_version with the context as program, so that a reply shows whose it is. */
export const echoVersion: Handler = (request) => {
  request.reply('show_version_reply', ...versionFields(String(request.context)))
}

/** Fields of ip_table_details. */
export const tableFields = (tableId: number) => [u32(tableId), Buffer.from([0]), text(`table-${tableId}`, 64)]

/** Fields of lcp_itf_pair_details. */
export const pairFields = (phy: number) => [
  u32(phy),
  u32(phy + 1000),
  u32(0),
  text('host', 16),
  Buffer.from([0]),
  text('', 32),
]

/** An sw_interface_event: id, client_index, pid, sw_if_index, flags, deleted. */
export function interfaceEvent(peer: Peer, swIfIndex: number): Buffer {
  const head = [u16(peer.id('sw_interface_event')), u32(0x80000001), u32(process.pid)]
  return Buffer.concat([...head, u32(swIfIndex), u32(1), Buffer.from([0])])
}

/** Accepts want_interface_events. */
export const acceptWant: Handler = (request) => {
  request.reply('want_interface_events_reply', i32(0))
}
