import { InterfaceClient } from '@vpp-ts/binapi-interface'
import type { Family } from '../../model/ip.ts'
import { pooled } from '../../model/pooled.ts'
import { unlessRefused } from '../available.ts'
import {
  interfaceId,
  interfacesOf,
  type Actual,
  type ObjectDescriptor,
  type Part,
  type Vpp,
} from '../descriptor.ts'
import { tableId, tablesFor } from '../table/object.ts'
import { isConfigured, resetItem } from './configured.ts'
import { INTERFACE_TABLE_MESSAGES } from './messages.ts'

/** Table that an interface looks addresses of a family up in. */
export interface InterfaceTableValue {
  readonly interface: string
  readonly family: Family
  readonly table: number
}

/** Id of the table of an interface. */
export function interfaceTableId(name: string, family: Family): string {
  return `interface-table ${name}/${family}`
}

/** Tables of an interface as objects, with those that they need. */
export function* tablesOfInterface(name: string, table: number): Iterable<Part> {
  yield* tablesFor(table, [4, 6])
  for (const family of [4, 6] as const) {
    const value: InterfaceTableValue = { interface: name, family, table }
    yield { kind: 'interface-table', key: `${name}/${family}`, value }
  }
}

/** Tables of interfaces. VPP changes them only while the interface has no addresses, so these depend on it. */
export const interfaceTable: ObjectDescriptor<InterfaceTableValue> = {
  kind: 'interface-table',
  messages: INTERFACE_TABLE_MESSAGES,
  itemsOf: ({ value }) => [{ kind: 'interface', key: value.interface }],
  dependsOn({ interface: name, family, table }) {
    const id = tableId(family, table)
    return id === undefined ? [interfaceId(name)] : [interfaceId(name), id]
  },
  lookAfter: ['interface'],
  goesWithInterface: true,

  async look(vpp, wanted) {
    const found: Actual<InterfaceTableValue>[] = []
    await pooled([...interfacesOf(vpp)], async (it) => {
      const { key, index: swIfIndex } = it
      if (swIfIndex === undefined) return
      const client = vpp.client(InterfaceClient)
      const answers = await unlessRefused(() =>
        Promise.all([
          client.swInterfaceGetTable({ swIfIndex, isIpv6: false }),
          client.swInterfaceGetTable({ swIfIndex, isIpv6: true }),
        ]),
      )
      // Deleted since the look at interfaces; an event reports it.
      if (answers === undefined) return
      const [ip4, ip6] = answers
      const isOwn = isConfigured(it, wanted)
      const tables = [[4, ip4.vrfId] as const, [6, ip6.vrfId] as const]
      for (const [family, table] of tables) {
        const id = `${key}/${family}`
        const isMade = it.foreign !== true && it.value.type !== 'existing'
        const isDeclared =
          wanted.desired('interface-table', id) !== undefined ||
          wanted.made('interface-table', id) === true ||
          resetItem(key, wanted)?.table !== undefined
        const foreign = !isOwn || !(isMade || isDeclared)
        found.push({ kind: 'interface-table', key: id, foreign, value: { interface: key, family, table } })
      }
    })
    return found
  },

  async create(vpp, { value }) {
    await set(vpp, value, value.table)
    return undefined
  },

  async remove(vpp, { value }) {
    await set(vpp, value, 0)
  },
}

async function set(vpp: Vpp, { interface: name, family }: InterfaceTableValue, vrfId: number): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', name)
  await vpp.client(InterfaceClient).swInterfaceSetTable({ swIfIndex, isIpv6: family === 6, vrfId })
}
