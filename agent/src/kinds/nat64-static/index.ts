import * as api from '@vpp-ts/binapi-nat64'
import { Nat64Client } from '@vpp-ts/binapi-nat64'
import { ifAvailable } from '../available.ts'
import { describe, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isMade } from '../nat44/mode.ts'
import { numberOfProtocol, protocolOf } from '../nat44/protocol.ts'
import { enableNat64, nat64AddressId } from '../nat64/index.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { derived, item, unused, uses } from '../uses.ts'
import { type Nat64StaticInput, nat64StaticSchema, type Nat64StaticItem } from './schema.ts'
import { brief } from '../brief.ts'

/** A fixed binding of NAT64. */
type Nat64StaticValue = Omit<Nat64StaticItem, 'kind'>

/** `NAT_IS_STATIC` */
const STATIC = 0x40
/** Bindings of all protocols. */
const ALL = 255

function keyOf({ protocol, insideAddress, insidePort, table: id }: Nat64StaticValue): string {
  return `${protocol}/${insideAddress}/${insidePort}/${id}`
}

const ends = {
  iAddr: item('insideAddress'),
  oAddr: item('outsideAddress'),
  iPort: item('insidePort'),
  oPort: item('outsidePort'),
  vrfId: item('table'),
  proto: item('protocol'),
}
const chosen = unused('VPP does not tell it; the agent takes the defaults')

/** Fixed bindings. VPP keeps no mark on them: the agent's are those that it has recorded. */
const nat64StaticObject: ObjectDescriptor<Nat64StaticValue> = {
  kind: 'nat64-static',
  messages: [
    uses(api.Nat64AddDelStaticBib, { ...ends, isAdd: derived('true to make it, false to remove it') }),
    uses(api.Nat64BibDump, { proto: derived('all protocols') }),
    uses(api.Nat64BibDetails, {
      ...ends,
      flags: derived('those that are static'),
      sesNum: unused('a counter'),
    }),
    uses(api.Nat64PluginEnableDisable, {
      bibBuckets: chosen,
      bibMemorySize: chosen,
      stBuckets: chosen,
      stMemorySize: chosen,
      enable: derived('true'),
    }),
  ],
  plugin: () => 'nat64',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat64-static', key }],
  dependsOn: ({ table: id }) => [tableId(6, id)].filter((it) => it !== undefined),
  // An address that leaves the pool takes its bindings with it.
  awaits: ({ outsideAddress }) => [nat64AddressId(outsideAddress)],
  claims: ({ protocol, outsideAddress, outsidePort }) => [
    `outside of nat64 ${protocol} ${outsideAddress}:${outsidePort}`,
  ],
  recorded: () => true,
  usable: (wanted, has) => JSON.stringify(wanted) === JSON.stringify(has),

  async look(vpp, wanted) {
    const dump = () => vpp.client(Nat64Client).nat64BibDump({ proto: ALL }).toArray()
    return (await ifAvailable(dump)).flatMap((it): Actual<Nat64StaticValue>[] => {
      const protocol = protocolOf(it.proto)
      if ((it.flags & STATIC) === 0 || protocol === undefined || protocol === 'any') return []
      const value: Nat64StaticValue = {
        protocol,
        insideAddress: String(it.iAddr),
        insidePort: it.iPort,
        outsideAddress: String(it.oAddr),
        outsidePort: it.oPort,
        table: it.vrfId,
      }
      const key = keyOf(value)
      return [{ kind: 'nat64-static', key, foreign: !isMade(wanted, 'nat64-static', key), value }]
    })
  },

  async create(vpp, { value }) {
    // VPP crashes when it is off.
    await enableNat64(vpp)
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: Nat64StaticValue, isAdd: boolean): Promise<void> {
  await vpp.client(Nat64Client).nat64AddDelStaticBib({
    isAdd,
    iAddr: value.insideAddress,
    iPort: value.insidePort,
    oAddr: value.outsideAddress,
    oPort: value.outsidePort,
    vrfId: value.table,
    proto: numberOfProtocol(value.protocol),
  })
}

/** Hosts that speak IPv6 and that are reached by IPv4. */
export const nat64Static = describe<Nat64StaticItem, 'nat64-static'>({
  kind: 'nat64-static',
  schema: nat64StaticSchema,
  keyOf,
  collection: {
    path: 'nat64-statics',
    key: 'protocol/address/port/table of the inside',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const [protocol, insideAddress, port, id] = key.split('/')
      return { protocol, insideAddress, insidePort: Number(port), table: Number(id) }
    },
  },
  unmarked: true,
  objects: [table, nat64StaticObject],
  *dump(vpp) {
    for (const { value } of vpp.of<Nat64StaticValue>('nat64-static')) {
      const { insideAddress, insidePort, outsideAddress, outsidePort, ...rest } = value
      const ends6 = { insideAddress, insidePort, outsideAddress, outsidePort }
      const more = brief(rest, { protocol: 'tcp', table: 0 })
      yield { kind: 'nat64-static', ...ends6, ...more } satisfies Nat64StaticInput
    }
  },
  *decompose({ protocol, insideAddress, insidePort, outsideAddress, outsidePort, table: id }, key) {
    yield* tablesFor(id, [6])
    const value = { protocol, insideAddress, insidePort, outsideAddress, outsidePort, table: id }
    yield { kind: 'nat64-static', key, value }
  },
})
