import { RetvalError } from '../errors.ts'
import type { DhcpClient } from '../model/dhcp.ts'
import type { Model } from '../model/model.ts'
import { parseAddress } from '../model/prefix.ts'
import type { Run } from '../server/run.ts'
import type { BuiltIns } from './built-in.ts'
import { DONE } from './built-in.ts'

interface WireClient {
  readonly swIfIndex: number
  readonly hostname: string
  readonly id: Uint8Array
  readonly wantDhcpEvent: boolean
  readonly setBroadcastFlag: boolean
  readonly dscp: number
  readonly pid: number
}

/** `DHCP_CLIENT_STATE_API_…` */
const DISCOVER = 0
const BOUND = 2

function leaseOf({ config, lease }: DhcpClient, { interfaces }: Model): object {
  const { swIfIndex, hostname } = config
  const it = interfaces.find(swIfIndex)
  const state = lease === undefined ? DISCOVER : BOUND
  // VPP looks at the interface when it asks for the first time; a sub-interface has the address of its parent.
  const device = it === undefined ? undefined : interfaces.find(it.supSwIfIndex)
  const asks = it?.adminUp === true && device?.adminUp === true && device.mac !== ''
  const known = { swIfIndex, state, hostname, ...(asks ? { hostMac: device.mac } : {}) }
  if (lease === undefined) return known
  const [hostAddress = '', length] = lease.address.split('/')
  const { router: routerAddress = '0.0.0.0', servers = [] } = lease
  return {
    ...known,
    maskWidth: Number(length),
    hostAddress,
    routerAddress,
    domainServer: servers.map((address) => ({ address })),
  }
}

/** Tells the client that asked for it that its interface has a lease. */
export function announceLease(run: Run, client: DhcpClient): void {
  const { wantEvent, clientIndex, pid } = client.config
  const session = wantEvent ? run.clients.get(clientIndex) : undefined
  if (session?.alive !== true || run.table.idOf('dhcp_compl_event') === undefined) return
  const fields = { pid, lease: leaseOf(client, run.model) }
  session.output.message(run.table.byName('dhcp_compl_event'), fields, clientIndex, 0)
}

interface ProxyConfig {
  readonly rxVrfId: number
  readonly serverVrfId: number
  readonly isAdd: boolean
  readonly dhcpServer: string
  readonly dhcpSrcAddress: string
}

const NO_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::'])
/** `VSS_TYPE_API_INVALID`, which VPP forgets to put in the order of the network. */
const NO_VSS = 123 * 0x100_0000

/** VPP sends the bytes of an address of IPv6, and forgets to say that it is one. */
function asIp4(address: string): string {
  return address.includes(':') ? `af:0:${Buffer.from(parseAddress(address)).toString('hex')}` : address
}

/** DHCP clients and relays. */
export const dhcp: BuiltIns = {
  dhcp_client_config: (
    { isAdd, client }: { isAdd: boolean; client: WireClient },
    { model: { dhcp: clients } },
    { clientIndex },
  ) => {
    const { swIfIndex, hostname, id, wantDhcpEvent, setBroadcastFlag, dscp, pid } = client
    if (isAdd) {
      clients.add({
        swIfIndex,
        hostname,
        id: textOf(id),
        wantEvent: wantDhcpEvent,
        broadcast: setBroadcastFlag,
        dscp,
        pid,
        clientIndex,
      })
    } else {
      clients.remove(swIfIndex)
    }
    return DONE
  },

  dhcp_proxy_config: (request: ProxyConfig, { model: { dhcpProxies } }) => {
    const { rxVrfId, serverVrfId, isAdd, dhcpServer, dhcpSrcAddress } = request
    const family = dhcpServer.includes(':') ? 6 : 4
    if (dhcpSrcAddress.includes(':') !== (family === 6)) throw new RetvalError('INVALID_ARGUMENT')
    if (NO_ADDRESS.has(dhcpServer)) throw new RetvalError('INVALID_DST_ADDRESS')
    if (NO_ADDRESS.has(dhcpSrcAddress)) throw new RetvalError('INVALID_SRC_ADDRESS')
    const server = { address: dhcpServer, tableId: serverVrfId }
    if (isAdd) dhcpProxies.add(family, rxVrfId, server, dhcpSrcAddress)
    else dhcpProxies.remove(family, rxVrfId, server)
    return DONE
  },

  dhcp_proxy_dump: ({ isIp6 }: { isIp6: boolean }, { model: { dhcpProxies } }) =>
    dhcpProxies.of(isIp6 ? 6 : 4).map(({ family, tableId, source, servers }) => ({
      rxVrfId: tableId,
      vssType: NO_VSS,
      isIpv6: family === 6,
      dhcpSrcAddress: asIp4(source),
      servers: servers.map(({ address, tableId: serverVrfId }) => ({
        serverVrfId,
        dhcpServer: asIp4(address),
      })),
    })),

  dhcp_client_dump: (_request, { model }) =>
    [...model.dhcp].map((client) => {
      const { swIfIndex, hostname, id, wantEvent, broadcast, dscp, pid } = client.config
      return {
        client: {
          swIfIndex,
          hostname,
          id,
          wantDhcpEvent: wantEvent,
          setBroadcastFlag: broadcast,
          dscp,
          pid,
        },
        lease: leaseOf(client, model),
      }
    }),
}

/** VPP takes the identifier for text: it ends before the first zero. */
function textOf(id: Uint8Array): Uint8Array {
  const end = id.indexOf(0)
  return Uint8Array.from(id, (byte, index) => (end >= 0 && index >= end ? 0 : byte))
}
