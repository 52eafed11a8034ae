import { AddressFamily } from '@vpp-ts/binapi-ip-types'
import { IpNeighborFlags } from '@vpp-ts/binapi-ip-neighbor'
import { canonicalAddress } from '../../model/ip.ts'
import { NONE, type Handler, type Vpp } from '../handler.ts'
import { interfaceId, type NeighbourValue } from '../object.ts'

const STATIC = IpNeighborFlags.IP_API_NEIGHBOR_FLAG_STATIC

/** Static neighbours. VPP keeps no mark on them: the agent's are those that it is, or was, to make. */
export const neighbour: Handler<'neighbour'> = {
  async look({ clients, snapshot }, wanted) {
    const names = snapshot.interfaceNames()
    const dumps = [AddressFamily.ADDRESS_IP4, AddressFamily.ADDRESS_IP6].map((af) =>
      clients.neighbour.ipNeighborDump({ swIfIndex: NONE, af }).toArray(),
    )
    const found = (await Promise.all(dumps)).flat().map((it) => it.neighbor)
    return found
      .filter(({ flags }) => (flags & STATIC) !== 0)
      .map(({ swIfIndex, ipAddress, macAddress }) => {
        const name = names.get(swIfIndex) ?? `~${swIfIndex}`
        const address = canonicalAddress(String(ipAddress)) ?? String(ipAddress)
        const key = `${name}/${address}`
        return {
          kind: 'neighbour',
          key,
          owned: wanted.owns({ kind: 'neighbour', key }),
          value: { interface: name, address, mac: String(macAddress) },
          refs: [interfaceId(name)],
        }
      })
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  async update(vpp, { value }) {
    await addDel(vpp, value, true)
  },

  async remove(vpp, { value }) {
    await addDel(vpp, value, false)
  },
}

async function addDel({ clients, snapshot }: Vpp, value: NeighbourValue, isAdd: boolean): Promise<void> {
  await clients.neighbour.ipNeighborAddDel({
    isAdd,
    neighbor: {
      swIfIndex: snapshot.swIfIndex(value.interface) ?? 0,
      flags: STATIC,
      macAddress: value.mac,
      ipAddress: value.address,
    },
  })
}
