import { DhcpClientDetails, DhcpClientDump, DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import { ifAvailable } from './available.ts'
import type { Vpp } from './descriptor.ts'
import { derived, indexOf, item, unused, uses } from './uses.ts'

/** An address that is none. */
export const NOWHERE = '0.0.0.0'

/** The DHCP clients that VPP has. */
export async function dhcpClientsOf(vpp: Vpp): Promise<DhcpClientDetails[]> {
  return await ifAvailable(() => vpp.client(DhcpClientRpc).dhcpClientDump().toArray())
}

/** The address that VPP has set for a lease, with its length. */
export function leasedAddress({ hostAddress, maskWidth }: DhcpClientDetails['lease']): string | undefined {
  return String(hostAddress) === NOWHERE ? undefined : `${String(hostAddress)}/${maskWidth}`
}

/** What the fields of a DHCP client mean. */
export const DHCP_CLIENT_USES = {
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
    client: DHCP_CLIENT_USES,
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
