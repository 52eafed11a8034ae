import { byInterface } from '../setting.ts'
import { describe } from '../descriptor.ts'
import { dhcpClientObject, type DhcpClientValue } from './object.ts'
import { dhcpClientSchema, type DhcpClientItem } from './schema.ts'

/** DHCP clients of interfaces. */
export const dhcpClient = describe<DhcpClientItem, 'dhcp-client'>({
  kind: 'dhcp-client',
  schema: dhcpClientSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('dhcp-clients'),
  objects: [dhcpClientObject],
  *decompose({ interface: name, hostname, clientId, broadcast, dscp }, key) {
    const value: DhcpClientValue = { interface: name, hostname, clientId, broadcast, dscp }
    yield { kind: 'dhcp-client', key, value }
  },
})
