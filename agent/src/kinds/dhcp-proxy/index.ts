import { DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import { describe } from '../descriptor.ts'
import { dumpRelays, relayCollection, relayObject, relayParts } from '../dhcp-relays.ts'
import { table } from '../table/object.ts'
import { dhcpProxySchema, type DhcpProxyItem } from './schema.ts'

const dhcpProxyObject = relayObject({
  kind: 'dhcp-proxy',
  family: 4,
  async read(vpp) {
    const details = await vpp.client(DhcpClientRpc).dhcpProxyDump({ isIp6: false }).toArray()
    return details.map(({ rxVrfId, dhcpSrcAddress, servers }) => ({
      table: rxVrfId,
      source: String(dhcpSrcAddress),
      servers: servers.map((it) => ({ address: String(it.dhcpServer), table: it.serverVrfId })),
    }))
  },
})

/** Relays of DHCP. */
export const dhcpProxy = describe<DhcpProxyItem, 'dhcp-proxy'>({
  kind: 'dhcp-proxy',
  schema: dhcpProxySchema,
  keyOf: ({ table: id }) => String(id),
  collection: relayCollection('dhcp-proxies'),
  unmarked: true,
  objects: [table, dhcpProxyObject],
  dump: (vpp) => dumpRelays(vpp, 'dhcp-proxy'),
  decompose: (item, key) => relayParts('dhcp-proxy', key, 4, item),
})
