import { describe } from '../descriptor.ts'
import { dumpRelays, relayCollection, relayObject, relayParts } from '../dhcp-relays.ts'
import { table } from '../table/object.ts'
import { Dhcp6Relays, ip6In } from './details.ts'
import { dhcp6ProxySchema, type Dhcp6ProxyItem } from './schema.ts'

const dhcp6ProxyObject = relayObject({
  kind: 'dhcp6-proxy',
  family: 6,
  async read(vpp) {
    const details = await vpp.client(Dhcp6Relays).dump().toArray()
    return details.map(({ rxVrfId, dhcpSrcAddress, servers }) => ({
      table: rxVrfId,
      source: ip6In(dhcpSrcAddress),
      servers: servers.map((it) => ({ address: ip6In(it.dhcpServer), table: it.serverVrfId })),
    }))
  },
})

/** Relays of DHCPv6. */
export const dhcp6Proxy = describe<Dhcp6ProxyItem, 'dhcp6-proxy'>({
  kind: 'dhcp6-proxy',
  schema: dhcp6ProxySchema,
  keyOf: ({ table: id }) => String(id),
  collection: relayCollection('dhcp6-proxies'),
  unmarked: true,
  objects: [table, dhcp6ProxyObject],
  dump: (vpp) => dumpRelays(vpp, 'dhcp6-proxy'),
  decompose: (item, key) => relayParts('dhcp6-proxy', key, 6, item),
})
