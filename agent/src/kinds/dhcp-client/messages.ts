import { DhcpClientConfig } from '@vpp-ts/binapi-dhcp'
import { DHCP_CLIENT_LOOK, DHCP_CLIENT_USES } from '../dhcp-leases.ts'
import { derived, uses } from '../uses.ts'

/** Messages of DHCP clients. */
export const DHCP_CLIENT_MESSAGES = [
  uses(DhcpClientConfig, { isAdd: derived('true to make it, false to remove it'), client: DHCP_CLIENT_USES }),
  ...DHCP_CLIENT_LOOK,
]
