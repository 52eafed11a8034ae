import { canonicalInterfaceAddress, familyOf } from '../../model/ip.ts'
import { pooled } from '../../reconcile/pooled.ts'
import type { Handler } from '../handler.ts'
import { interfaceId, type Actual } from '../object.ts'

/** True for the address that VPP gives every interface of IPv6 by itself. */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/.test(address) && address.endsWith('/128')
}

/** Addresses of interfaces. Those of the agent's interfaces are all the agent's. */
export const address: Handler<'address'> = {
  async look({ clients, snapshot }) {
    const found: Actual<'address'>[] = []
    await pooled(Array.from(snapshot.of('interface')), async ({ key, index = 0, owned, value }) => {
      const dumps = [false, true].map((isIpv6) =>
        clients.ip.ipAddressDump({ swIfIndex: index, isIpv6 }).toArray(),
      )
      for (const { prefix } of (await Promise.all(dumps)).flat()) {
        const text = canonicalInterfaceAddress(String(prefix))
        if (text === undefined || isLinkLocal(text)) continue
        found.push({
          kind: 'address',
          key: `${key}/${text}`,
          owned,
          value: {
            interface: key,
            address: text,
            table: familyOf(text) === 4 ? value.ip4Table : value.ip6Table,
          },
          refs: [interfaceId(key)],
        })
      }
    })
    return found
  },

  async create({ clients, snapshot }, { value }) {
    const swIfIndex = snapshot.swIfIndex(value.interface) ?? 0
    await clients.interface.swInterfaceAddDelAddress({ swIfIndex, isAdd: true, prefix: value.address })
    return undefined
  },

  async remove({ clients, snapshot }, { value }) {
    const swIfIndex = snapshot.swIfIndex(value.interface) ?? 0
    await clients.interface.swInterfaceAddDelAddress({ swIfIndex, isAdd: false, prefix: value.address })
  },
}
