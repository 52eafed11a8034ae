import { BondClient } from '@vpp-ts/binapi-bond'
import { ifAvailable } from '../available.ts'
import { interfaceId, interfacesOf, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { BOND_MEMBER_MESSAGES } from './messages.ts'

/** A member of a bond. */
export interface BondMemberValue {
  readonly bond: string
  readonly interface: string
  readonly passive: boolean
  readonly longTimeout: boolean
  readonly weight: number
}

/** Members of bonds. Those of the agent's bonds are all the agent's. */
export const bondMember: ObjectDescriptor<BondMemberValue> = {
  kind: 'bond-member',
  messages: BOND_MEMBER_MESSAGES,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.bond }],
  dependsOn: ({ bond, interface: name }) => [interfaceId(bond), interfaceId(name)],
  claims: ({ interface: name }) => [`place of interface ${JSON.stringify(name)} in a bond`],
  lookAfter: ['interface'],
  goesWithInterface: true,
  composite: true,

  async look(vpp) {
    const found: Actual<BondMemberValue>[] = []
    for (const { key: bond, index: swIfIndex, foreign, value } of interfacesOf(vpp)) {
      if (value.seen?.isBond !== true || swIfIndex === undefined) continue
      const dump = (): Promise<Member[]> =>
        vpp.client(BondClient).swMemberInterfaceDump({ swIfIndex }).toArray()
      for (const { swIfIndex: member, isPassive, isLongTimeout, weight } of await ifAvailable(dump)) {
        const name = vpp.interfaceName(member)
        found.push({
          kind: 'bond-member',
          key: `${bond}/${name}`,
          foreign: foreign === true || value.type !== 'bond',
          value: { bond, interface: name, passive: isPassive, longTimeout: isLongTimeout, weight },
        })
      }
    }
    return found
  },

  compare(wanted, has) {
    if (wanted.passive !== has.passive || wanted.longTimeout !== has.longTimeout) return 'replace'
    return wanted.weight === has.weight ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    await vpp.client(BondClient).bondAddMember({
      swIfIndex: vpp.indexOf('interface', value.interface),
      bondSwIfIndex: vpp.indexOf('interface', value.bond),
      isPassive: value.passive,
      isLongTimeout: value.longTimeout,
    })
    if (value.weight !== 0) await setWeight(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => setWeight(vpp, value),

  async remove(vpp, { value }) {
    const swIfIndex = vpp.indexOf('interface', value.interface)
    await vpp.client(BondClient).bondDetachMember({ swIfIndex })
  },
}

async function setWeight(vpp: Vpp, { interface: name, weight }: BondMemberValue): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', name)
  await vpp.client(BondClient).swInterfaceSetBondWeight({ swIfIndex, weight })
}

interface Member {
  readonly swIfIndex: number
  readonly isPassive: boolean
  readonly isLongTimeout: boolean
  readonly weight: number
}
