import { byInterface } from '../setting.ts'
import { describe } from '../descriptor.ts'
import { dhcpClientObject, type DhcpClientValue } from './object.ts'
import { type DhcpClientInput, dhcpClientSchema, type DhcpClientItem } from './schema.ts'
import { brief } from '../brief.ts'

/** DHCP clients of interfaces. */
export const dhcpClient = describe<DhcpClientItem, 'dhcp-client'>({
  kind: 'dhcp-client',
  schema: dhcpClientSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('dhcp-clients'),
  objects: [dhcpClientObject],
  *dump(vpp) {
    for (const { value } of vpp.of<DhcpClientValue>('dhcp-client')) {
      const { interface: on, hostname, clientId, broadcast, dscp } = value
      const said = brief({ hostname, clientId, broadcast, dscp }, { broadcast: true, dscp: 0 })
      yield { kind: 'dhcp-client', interface: on, ...said } satisfies DhcpClientInput
    }
  },
  *decompose({ interface: name, hostname, clientId, broadcast, dscp }, key) {
    const value: DhcpClientValue = { interface: name, hostname, clientId, broadcast, dscp }
    yield { kind: 'dhcp-client', key, value }
  },
})
