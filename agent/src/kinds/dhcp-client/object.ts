import { DhcpClientRpc, type DhcpClientDetails } from '@vpp-ts/binapi-dhcp'
import { VppApiError } from '@vpp-ts/runtime'
import { interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { NOWHERE, dhcpClientsOf, leasedAddress } from '../dhcp-leases.ts'
import { interfaceTableId } from '../interface/table.ts'
import { MARK_NUMBER } from '../mark.ts'
import { DHCP_CLIENT_MESSAGES } from './messages.ts'

/** What a server gave. */
export interface Lease {
  readonly state: 'discover' | 'request' | 'bound'
  /** With its length; undefined while there is none. */
  readonly address: string | undefined
  readonly router: string | undefined
  readonly domainServers: readonly string[]
}

/** A DHCP client. */
export interface DhcpClientValue {
  readonly interface: string
  readonly hostname: string | undefined
  readonly clientId: string | undefined
  readonly broadcast: boolean
  readonly dscp: number
  /** Of actual ones. */
  readonly lease?: Lease
  /** True when its interface was deleted: VPP keeps it on an index that another interface may have. */
  readonly dead?: boolean
}

/** By VPP's numbers. */
const STATES = ['discover', 'request', 'bound'] as const
/** "Invalid value": there is no client on the interface, or there is one already. */
const INVALID_VALUE = -7

/** DHCP clients, marked by the number that VPP keeps for who wants events. */
export const dhcpClientObject: ObjectDescriptor<DhcpClientValue> = {
  kind: 'dhcp-client',
  messages: DHCP_CLIENT_MESSAGES,
  plugin: () => 'dhcp',
  adoptable: true,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'dhcp-client', key }],
  dependsOn: ({ interface: name }) => [interfaceId(name), interfaceTableId(name, 4)],
  lookAfter: ['interface'],
  lost: (value) => ({ ...value, dead: true }),
  compare: (wanted, has) => (isSame(wanted, has) ? 'same' : 'replace'),

  async look(vpp, wanted) {
    return (await dhcpClientsOf(vpp)).map((it) => {
      const name = vpp.interfaceName(it.client.swIfIndex)
      // One whose interface has gone cannot be removed before its index is another's.
      const isMade = it.client.pid === MARK_NUMBER || wanted.made('dhcp-client', name) === true
      const foreign = !isMade || vpp.get('interface', name) === undefined
      return { kind: 'dhcp-client', key: name, foreign, value: readClient(name, it) }
    })
  },

  async create(vpp, { value }) {
    const index = vpp.indexOf('interface', value.interface)
    const left = (await dhcpClientsOf(vpp)).some(
      ({ client }) => client.swIfIndex === index && client.pid === MARK_NUMBER,
    )
    // The interface has the index of one that was deleted with a client on it.
    if (left) await configure(vpp, value, false)
    await configure(vpp, value, true)
    return undefined
  },

  async remove(vpp, { value }) {
    try {
      await configure(vpp, value, false)
    } catch (error) {
      // It is not there any more; one whose interface was deleted and made again stays on the old index.
      if (!(error instanceof VppApiError && error.retval === INVALID_VALUE)) throw error
    }
  },
}

function isSame(wanted: DhcpClientValue, has: DhcpClientValue): boolean {
  return (
    has.dead !== true &&
    wanted.hostname === has.hostname &&
    wanted.clientId === has.clientId &&
    wanted.broadcast === has.broadcast &&
    wanted.dscp === has.dscp
  )
}

function readClient(name: string, { client, lease }: DhcpClientDetails): DhcpClientValue {
  const end = client.id.indexOf(0)
  const id = Buffer.from(end < 0 ? client.id : client.id.subarray(0, end)).toString('latin1')
  return {
    interface: name,
    hostname: client.hostname === '' ? undefined : client.hostname,
    clientId: id === '' ? undefined : id,
    broadcast: client.setBroadcastFlag,
    dscp: client.dscp,
    lease: {
      state: STATES[lease.state] ?? 'discover',
      address: leasedAddress(lease),
      router: String(lease.routerAddress) === NOWHERE ? undefined : String(lease.routerAddress),
      domainServers: lease.domainServer.map(({ address }) => String(address)),
    },
  }
}

async function configure(vpp: Vpp, value: DhcpClientValue, isAdd: boolean): Promise<void> {
  const id = Buffer.alloc(64)
  id.write(value.clientId ?? '', 'latin1')
  await vpp.client(DhcpClientRpc).dhcpClientConfig({
    isAdd,
    client: {
      swIfIndex: vpp.indexOf('interface', value.interface),
      hostname: value.hostname ?? '',
      id,
      setBroadcastFlag: value.broadcast,
      dscp: value.dscp,
      pid: MARK_NUMBER,
    },
  })
}
