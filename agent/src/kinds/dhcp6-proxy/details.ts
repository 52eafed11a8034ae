import { DhcpProxyDetails, DhcpProxyDump, DhcpServer } from '@vpp-ts/binapi-dhcp'
import type { Dump, RpcConnection } from '@vpp-ts/runtime'
import {
  Message,
  Struct,
  defineMessage,
  defineStruct,
  type MessageDescriptor,
  type StructDescriptor,
} from '@vpp-ts/runtime/codegen/v1'
import { canonicalAddress } from '../../model/ip.ts'

/** Bytes of an address: its family, and sixteen. */
const ADDRESS_SIZE = 17

/** A server, with its address as bytes. */
class ServerInBytes extends Struct<ServerInBytes> {
  declare serverVrfId: number
  declare dhcpServer: Uint8Array
  static readonly descriptor: StructDescriptor<ServerInBytes> = defineStruct(
    ServerInBytes,
    'dhcp_server',
    DhcpServer.descriptor.fields.map((field) =>
      field[0] === 'dhcp_server' ? ['dhcp_server', 'dhcpServer', 'u8', ADDRESS_SIZE] : field,
    ),
  )
}

/** `dhcp_proxy_details` with addresses as bytes. */
class DetailsInBytes extends Message<DetailsInBytes> {
  declare rxVrfId: number
  declare dhcpSrcAddress: Uint8Array
  declare servers: ServerInBytes[]
  static readonly descriptor: MessageDescriptor<DetailsInBytes> = defineMessage(
    DetailsInBytes,
    DhcpProxyDetails.descriptor.name,
    DhcpProxyDetails.descriptor.crc,
    'reply',
    DhcpProxyDetails.descriptor.fields.map((field) => {
      if (field[0] === 'dhcp_src_address') return ['dhcp_src_address', 'dhcpSrcAddress', 'u8', ADDRESS_SIZE]
      return field[0] === 'servers' ? ['servers', 'servers', ServerInBytes, 'count'] : field
    }),
  )
}

/**
 * Asks for relays of DHCPv6. VPP sends all bytes of their addresses, but says of each that it is one of IPv4, so the
 * bytes are read.
 */
export class Dhcp6Relays {
  readonly #connection: RpcConnection

  constructor(connection: RpcConnection) {
    this.#connection = connection
  }

  dump(): Dump<DetailsInBytes> {
    const method = { kind: 'dump', request: DhcpProxyDump, details: DetailsInBytes } as const
    return this.#connection.dump(method, { isIp6: true })
  }
}

/** The IPv6 address in the bytes of one, whatever family they say. */
export function ip6In(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(1)).toString('hex')
  return canonicalAddress((hex.match(/.{4}/g) ?? []).join(':')) ?? hex
}
