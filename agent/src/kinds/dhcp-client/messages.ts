import { DhcpClientConfig, DhcpClientDetails, DhcpClientDump } from '@vpp-ts/binapi-dhcp'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const client = {
  swIfIndex: indexOf('interface'),
  hostname: item('hostname'),
  id: item('clientId'),
  wantDhcpEvent: unused('leases are looked at'),
  setBroadcastFlag: item('broadcast'),
  dscp: item('dscp'),
  pid: derived('the mark'),
}

/** Messages that DHCP clients and their leases are looked at with. */
export const DHCP_CLIENT_LOOK = [
  uses(DhcpClientDump, {}),
  uses(DhcpClientDetails, {
    client,
    lease: {
      swIfIndex: unused('that of the client'),
      state: derived('shown with what VPP has'),
      isIpv6: unused('always false'),
      hostname: unused('that of the client'),
      maskWidth: derived('shown with what VPP has'),
      hostAddress: derived('shown with what VPP has; never the address of an item'),
      routerAddress: derived('shown with what VPP has'),
      hostMac: unused('that of the interface'),
      domainServer: { address: derived('shown with what VPP has') },
    },
  }),
]

/** Messages of DHCP clients. */
export const DHCP_CLIENT_MESSAGES = [
  uses(DhcpClientConfig, { isAdd: derived('true to make it, false to remove it'), client }),
  ...DHCP_CLIENT_LOOK,
]
