import { DhcpClientRpc, type DhcpClientDetails } from '@vpp-ts/binapi-dhcp'
import { ifAvailable } from '../available.ts'
import type { Vpp } from '../descriptor.ts'

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
