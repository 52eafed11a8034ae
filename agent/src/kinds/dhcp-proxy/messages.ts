import { DhcpProxyConfig, DhcpProxyDetails, DhcpProxyDump } from '@vpp-ts/binapi-dhcp'
import { derived, item, unused, uses } from '../uses.ts'

const vss = unused('the suboption that names the network of clients is not configured')

/** Messages of relays of DHCP. */
export const DHCP_PROXY_MESSAGES = [
  uses(DhcpProxyConfig, {
    rxVrfId: item('table'),
    serverVrfId: item('servers[].table'),
    isAdd: derived('true to add a server, false to remove it'),
    dhcpServer: item('servers[].address'),
    dhcpSrcAddress: item('source'),
  }),
  uses(DhcpProxyDump, { isIp6: derived('the family of the kind') }),
  uses(DhcpProxyDetails, {
    rxVrfId: item('table'),
    vssOui: vss,
    vssFibId: vss,
    vssType: vss,
    isIpv6: unused('only those of one family are asked for'),
    vssVpnAsciiId: vss,
    // Addresses of IPv6 are told as of IPv4, and read from their bytes.
    dhcpSrcAddress: item('source'),
    servers: { serverVrfId: item('servers[].table'), dhcpServer: item('servers[].address') },
  }),
]
