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
  uses(DhcpProxyDump, { isIp6: derived('false: VPP does not say that addresses are of IPv6') }),
  uses(DhcpProxyDetails, {
    rxVrfId: item('table'),
    vssOui: vss,
    vssFibId: vss,
    vssType: vss,
    isIpv6: unused('only relays of IPv4 are asked for'),
    vssVpnAsciiId: vss,
    dhcpSrcAddress: item('source'),
    servers: { serverVrfId: item('servers[].table'), dhcpServer: item('servers[].address') },
  }),
]
