import { InterfaceClient } from '@vpp-ts/binapi-interface'
import { IpClient } from '@vpp-ts/binapi-ip'
import type { Family } from '../../model/ip.ts'
import { NONE, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isOnAdopted, isOwnOn } from './owned.ts'
import { interfaceTableId, type InterfaceTableValue } from './table.ts'
import { UNNUMBERED_MESSAGES } from './messages.ts'

/** An interface that uses the addresses of another one. */
export interface UnnumberedValue {
  readonly interface: string
  /** The interface that has the addresses. */
  readonly of: string
}

/** Unnumbered interfaces. VPP refuses two of different tables (-74), so both are in theirs before. */
export const unnumbered: ObjectDescriptor<UnnumberedValue> = {
  kind: 'unnumbered',
  messages: UNNUMBERED_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn: ({ interface: name, of }) => [
    interfaceId(name),
    interfaceId(of),
    interfaceTableId(name, 4),
    interfaceTableId(name, 6),
  ],
  awaits: ({ of }) => [interfaceTableId(of, 4), interfaceTableId(of, 6)],
  refuse({ interface: name, of }, vpp) {
    const apart = ([4, 6] as const).find((family) => tableOf(vpp, name, family) !== tableOf(vpp, of, family))
    if (apart === undefined) return undefined
    const tables = `${JSON.stringify(of)} is in table ${tableOf(vpp, of, apart)}`
    return `it is in table ${tableOf(vpp, name, apart)} and ${tables}; put both in one`
  },
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: isOnAdopted,

  async look(vpp, wanted) {
    const details = await vpp.client(IpClient).ipUnnumberedDump({ swIfIndex: NONE }).toArray()
    return details.map(({ swIfIndex, ipSwIfIndex }) => {
      const name = vpp.interfaceName(swIfIndex)
      const value: UnnumberedValue = { interface: name, of: vpp.interfaceName(ipSwIfIndex) }
      const foreign = !isOwnOn(vpp, wanted, { interface: name, kind: 'unnumbered', key: name })
      return { kind: 'unnumbered', key: name, foreign, value }
    })
  },

  async create(vpp, { value }) {
    await set(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => set(vpp, value, false),
}

function tableOf(vpp: Pick<Vpp, 'get'>, name: string, family: Family): number | undefined {
  return vpp.get<InterfaceTableValue>('interface-table', `${name}/${family}`)?.value.table
}

async function set(vpp: Vpp, value: UnnumberedValue, isAdd: boolean): Promise<void> {
  await vpp.client(InterfaceClient).swInterfaceSetUnnumbered({
    swIfIndex: vpp.indexOf('interface', value.of),
    unnumberedSwIfIndex: vpp.indexOf('interface', value.interface),
    isAdd,
  })
}
