import type { DhcpClient } from '../model/dhcp.ts'
import type { Model } from '../model/model.ts'
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
  // VPP looks at the interface when it asks for the first time.
  const known = { swIfIndex, state, hostname, ...(it?.adminUp === true ? { hostMac: it.mac } : {}) }
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

/** DHCP clients. */
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
