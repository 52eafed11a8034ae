import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import { canonicalInterfaceAddress, familyOf, isLinkLocal } from '../../model/ip.ts'
import { pooled } from '../../model/pooled.ts'
import { unlessRefused } from '../available.ts'
import { interfaceId, interfacesOf, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isConfigured, resetItem } from './configured.ts'
import type { InterfaceItem } from './schema.ts'
import { dhcpClientsOf, leasedAddress } from '../dhcp-leases.ts'
import { isOnAdopted } from './owned.ts'
import { interfaceTableId, type InterfaceTableValue } from './table.ts'
import { ADDRESS_MESSAGES } from './messages.ts'

/** An address of an interface. */
export interface AddressValue {
  readonly interface: string
  readonly address: string
  /** Table of the interface, where it is known. */
  readonly table: number | undefined
}

/** Addresses of interfaces. Those of the agent's interfaces are all the agent's; of adopted ones, those that are declared or that it made; never those that DHCP gave. */
export const address: ObjectDescriptor<AddressValue> = {
  kind: 'address',
  messages: ADDRESS_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn: ({ interface: name, address: text }) => [
    interfaceId(name),
    interfaceTableId(name, familyOf(text)),
  ],
  claims({ address: text, table }) {
    if (table === undefined) return []
    return [`address ${text.slice(0, text.lastIndexOf('/'))} in table ${table}`]
  },
  lookAfter: ['interface', 'interface-table'],
  goesWithInterface: true,
  recorded: isOnAdopted,
  compare: () => 'same',

  async look(vpp, wanted) {
    const found: Actual<AddressValue>[] = []
    const client = vpp.client(IpClient)
    await pooled([...interfacesOf(vpp)], async (it) => {
      const { key, index: swIfIndex } = it
      if (swIfIndex === undefined) return
      const dumps = [false, true].map((isIpv6) => client.ipAddressDump({ swIfIndex, isIpv6 }).toArray())
      const isOwn = isConfigured(it, wanted)
      const item = wanted.item<InterfaceItem>({ kind: 'interface', key })
      const isMade =
        isOwn && it.foreign !== true && it.value.type !== 'existing' && item?.addresses !== 'external'
      const reset = isOwn ? resetItem(key, wanted) : undefined
      for (const { prefix } of ((await unlessRefused(() => Promise.all(dumps))) ?? []).flat()) {
        const text = canonicalInterfaceAddress(String(prefix))
        // VPP gives every interface of IPv6 a link-local address.
        if (text === undefined || isLinkLocal(text)) continue
        const id = `${key}/${text}`
        const isDeclared =
          wanted.desired('address', id) !== undefined ||
          wanted.made('address', id) === true ||
          (reset !== undefined && reset.addresses !== 'external' && reset.addresses.includes(text))
        const foreign = !(isMade || (isOwn && isDeclared))
        const tableOf = vpp.get<InterfaceTableValue>('interface-table', `${key}/${familyOf(text)}`)
        const value = { interface: key, address: text, table: tableOf?.value.table }
        found.push({ kind: 'address', key: id, foreign, value })
      }
    })
    // Asked for after the addresses: one that came meanwhile is not taken for the agent's.
    const leased = await leasesOf(vpp)
    return found.map((it) => (leased.has(it.key) ? { ...it, foreign: true } : it))
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

/** Addresses that VPP has from DHCP, by key. */
async function leasesOf(vpp: Vpp): Promise<ReadonlySet<string>> {
  const clients = await dhcpClientsOf(vpp)
  return new Set(
    clients.map(
      ({ client, lease }) => `${vpp.interfaceName(client.swIfIndex)}/${leasedAddress(lease) ?? ''}`,
    ),
  )
}

async function addDel(vpp: Vpp, value: AddressValue, isAdd: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', value.interface)
  const request = { swIfIndex, isAdd, prefix: value.address }
  await vpp.client(InterfaceClient).swInterfaceAddDelAddress(request)
}
