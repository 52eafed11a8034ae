import { IpNeighborClient, IpNeighborFlags } from '@vpp-ts/binapi-ip-neighbor'
import { AddressFamily } from '@vpp-ts/binapi-ip-types'
import { canonicalAddress } from '../../model/ip.ts'
import { BY_ADDRESS } from '../by-address.ts'
import { NONE, describe, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { neighbourSchema, type NeighbourInput, type NeighbourItem } from './schema.ts'
import { NEIGHBOUR_MESSAGES } from './messages.ts'

/** A static neighbour. */
interface NeighbourValue {
  readonly interface: string
  readonly address: string
  readonly mac: string
}

const STATIC = IpNeighborFlags.IP_API_NEIGHBOR_FLAG_STATIC
const FAMILIES = [AddressFamily.ADDRESS_IP4, AddressFamily.ADDRESS_IP6] as const

/** Static neighbours. VPP keeps no mark on them: the agent's are those that it has recorded. */
const neighbourObject: ObjectDescriptor<NeighbourValue> = {
  kind: 'neighbour',
  messages: NEIGHBOUR_MESSAGES,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'neighbour', key }],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: () => true,
  usable: (wanted, has) => wanted.mac === has.mac,

  async look(vpp, wanted) {
    const client = vpp.client(IpNeighborClient)
    const dumps = FAMILIES.map((af) => client.ipNeighborDump({ swIfIndex: NONE, af }).toArray())
    const found = (await Promise.all(dumps)).flat().map((it) => it.neighbor)
    return found
      .filter(({ flags }) => (flags & STATIC) !== 0)
      .map(({ swIfIndex, ipAddress, macAddress }) => {
        const name = vpp.interfaceName(swIfIndex)
        const address = canonicalAddress(String(ipAddress)) ?? String(ipAddress)
        const key = `${name}/${address}`
        const foreign = !(wanted.made('neighbour', key) ?? wanted.owns({ kind: 'neighbour', key }))
        return {
          kind: 'neighbour',
          key,
          foreign,
          value: { interface: name, address, mac: String(macAddress) },
        }
      })
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  update: (vpp, { value }) => addDel(vpp, value, true),

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: NeighbourValue, isAdd: boolean): Promise<void> {
  await vpp.client(IpNeighborClient).ipNeighborAddDel({
    isAdd,
    neighbor: {
      swIfIndex: vpp.indexOf('interface', value.interface),
      flags: STATIC,
      macAddress: value.mac,
      ipAddress: value.address,
    },
  })
}

/** Static entries of the ARP and ND tables. */
export const neighbour = describe<NeighbourItem, 'neighbour'>({
  kind: 'neighbour',
  schema: neighbourSchema,
  keyOf: ({ interface: name, address }) => `${name}/${address}`,
  collection: { path: 'neighbours', ...BY_ADDRESS },
  unmarked: true,
  objects: [neighbourObject],
  *dump(vpp) {
    for (const { value } of vpp.of<NeighbourValue>('neighbour'))
      yield { kind: 'neighbour', ...value } satisfies NeighbourInput
  },
  *decompose({ interface: name, address, mac }, key) {
    yield { kind: 'neighbour', key, value: { interface: name, address, mac } satisfies NeighbourValue }
  },
})
