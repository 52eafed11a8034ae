import * as api from '@vpp-ts/binapi-nat66'
import { Nat66Client } from '@vpp-ts/binapi-nat66'
import { ifAvailable } from '../available.ts'
import { describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isMade } from '../nat44/mode.ts'
import { NAT66_ENABLE, enableNat66 } from '../nat66/index.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { derived, item, unused, uses } from '../uses.ts'
import { type Nat66StaticInput, nat66StaticSchema, type Nat66StaticItem } from './schema.ts'
import { brief } from '../brief.ts'

/** A static mapping of NAT66. */
type Nat66StaticValue = Omit<Nat66StaticItem, 'kind'>

function keyOf({ localAddress, table: id }: Nat66StaticValue): string {
  return `${localAddress}/${id}`
}

const ends = {
  localIpAddress: item('localAddress'),
  externalIpAddress: item('externalAddress'),
  vrfId: item('table'),
}

/** Static mappings of NAT66. VPP keeps no mark on them: the agent's are those that it has recorded. */
const nat66StaticObject: ObjectDescriptor<Nat66StaticValue> = {
  kind: 'nat66-static',
  messages: [
    uses(api.Nat66AddDelStaticMapping, { isAdd: derived('true to make it, false to remove it'), ...ends }),
    uses(api.Nat66StaticMappingDump, {}),
    uses(api.Nat66StaticMappingDetails, {
      ...ends,
      totalBytes: unused('a counter'),
      totalPkts: unused('a counter'),
    }),
    NAT66_ENABLE,
  ],
  plugin: () => 'nat66',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat66-static', key }],
  dependsOn: ({ table: id }) => [tableId(6, id)].filter((it) => it !== undefined),
  claims: ({ externalAddress }) => [`outside of nat66 ${externalAddress}`],
  recorded: () => true,
  usable: (wanted, has) => wanted.externalAddress === has.externalAddress,

  async look(vpp, wanted) {
    const details = await ifAvailable(() => vpp.client(Nat66Client).nat66StaticMappingDump().toArray())
    return details.map(({ localIpAddress, externalIpAddress, vrfId }) => {
      const value: Nat66StaticValue = {
        localAddress: String(localIpAddress),
        externalAddress: String(externalIpAddress),
        table: vrfId,
      }
      const key = keyOf(value)
      return { kind: 'nat66-static', key, foreign: !isMade(wanted, 'nat66-static', key), value }
    })
  },

  async create(vpp, { value }) {
    await enableNat66(vpp)
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: Nat66StaticValue, isAdd: boolean): Promise<void> {
  const { localAddress, externalAddress, table: vrfId } = value
  const ends6 = { localIpAddress: localAddress, externalIpAddress: externalAddress, vrfId }
  await vpp.client(Nat66Client).nat66AddDelStaticMapping({ isAdd, ...ends6 })
}

/** Static mappings of NAT66. */
export const nat66Static = describe<Nat66StaticItem, 'nat66-static'>({
  kind: 'nat66-static',
  schema: nat66StaticSchema,
  keyOf,
  collection: {
    path: 'nat66-statics',
    key: 'address/table of the inside',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const [localAddress, id] = key.split('/')
      return { localAddress, table: Number(id) }
    },
  },
  unmarked: true,
  objects: [table, nat66StaticObject],
  *dump(vpp) {
    for (const { value } of vpp.of<Nat66StaticValue>('nat66-static')) {
      const { localAddress, externalAddress, table: id } = value
      const more = brief({ table: id }, { table: 0 })
      yield { kind: 'nat66-static', localAddress, externalAddress, ...more } satisfies Nat66StaticInput
    }
  },
  *decompose({ localAddress, externalAddress, table: id }, key) {
    yield* tablesFor(id, [6])
    yield { kind: 'nat66-static', key, value: { localAddress, externalAddress, table: id } }
  },
})
