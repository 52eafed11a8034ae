import { Nat44EdClient } from '@vpp-ts/binapi-nat44-ed'
import { VppApiError } from '@vpp-ts/runtime'
import { ifAvailable } from '../available.ts'
import { NONE, describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { MARK } from '../mark.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { nat44StaticSchema, type Nat44StaticItem } from './schema.ts'
import { NAT44_STATIC_MESSAGES } from './messages.ts'

/** A static mapping of NAT44. */
type Nat44StaticValue = Omit<Nat44StaticItem, 'kind'>

const NUMBERS = { any: 0, icmp: 1, tcp: 6, udp: 17 } as const
/** `NAT_IS_ADDR_ONLY` */
const ADDRESS_ONLY = 8
/** VPP's answer when NAT44 is on already. */
const FEATURE_ALREADY_ENABLED = -170

function protocolOf(number: number): Nat44StaticValue['protocol'] | undefined {
  const names = Object.keys(NUMBERS) as Nat44StaticValue['protocol'][]
  return names.find((name) => NUMBERS[name] === number)
}

function keyOf(it: Nat44StaticValue): string {
  return `${it.protocol}/${it.externalAddress}/${it.externalPort}/${it.table}`
}

/** Static mappings of NAT44, marked by their tag. The agent turns NAT44 on when it needs it, and never off. */
const nat44StaticObject: ObjectDescriptor<Nat44StaticValue> = {
  kind: 'nat44-static',
  messages: NAT44_STATIC_MESSAGES,
  plugin: () => 'nat',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'nat44-static', key }],
  dependsOn(value) {
    const id = tableId(4, value.table)
    return id === undefined ? [] : [id]
  },
  // VPP refuses a second external address for one local address and port.
  claims: (it) => [`NAT44 of ${it.protocol} ${it.localAddress}:${it.localPort} in table ${it.table}`],

  async look(vpp) {
    const details = await ifAvailable(() => vpp.client(Nat44EdClient).nat44StaticMappingDump().toArray())
    return details.flatMap((it) => {
      const protocol = (it.flags & ADDRESS_ONLY) === 0 ? protocolOf(it.protocol) : 'any'
      if (protocol === undefined || it.externalSwIfIndex !== NONE) return []
      const value: Nat44StaticValue = {
        protocol,
        localAddress: String(it.localIpAddress),
        localPort: it.localPort,
        externalAddress: String(it.externalIpAddress),
        externalPort: it.externalPort,
        table: it.vrfId,
      }
      return [{ kind: 'nat44-static', key: keyOf(value), foreign: it.tag !== MARK, value }]
    })
  },

  async create(vpp, { value }) {
    try {
      await vpp.client(Nat44EdClient).nat44EdPluginEnableDisable({ enable: true })
    } catch (error) {
      if (!(error instanceof VppApiError && error.retval === FEATURE_ALREADY_ENABLED)) throw error
    }
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: Nat44StaticValue, isAdd: boolean): Promise<void> {
  const { protocol, localAddress, localPort, externalAddress, externalPort, table: vrfId } = value
  await vpp.client(Nat44EdClient).nat44AddDelStaticMappingV2({
    isAdd,
    flags: protocol === 'any' ? ADDRESS_ONLY : 0,
    localIpAddress: localAddress,
    externalIpAddress: externalAddress,
    protocol: NUMBERS[protocol],
    localPort,
    externalPort,
    externalSwIfIndex: NONE,
    vrfId,
    tag: MARK,
  })
}

/** Static mappings of endpoint-dependent NAT44. */
export const nat44Static = describe<Nat44StaticItem, 'nat44-static'>({
  kind: 'nat44-static',
  schema: nat44StaticSchema,
  keyOf,
  collection: {
    path: 'nat44-statics',
    key: 'protocol/address/port/table of the outside',
    keyOfPath: (text) => text,
    fieldsOf(key) {
      const [protocol, externalAddress, port, id] = key.split('/')
      return { protocol, externalAddress, externalPort: Number(port), table: Number(id) }
    },
  },
  objects: [table, nat44StaticObject],
  *decompose(item, key) {
    const { protocol, localAddress, localPort, externalAddress, externalPort, table: id } = item
    yield* tablesFor(id, [4])
    const value = { protocol, localAddress, localPort, externalAddress, externalPort, table: id }
    yield { kind: 'nat44-static', key, value: value satisfies Nat44StaticValue }
  },
})
