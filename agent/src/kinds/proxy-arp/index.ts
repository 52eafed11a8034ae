import { ArpClient } from '@vpp-ts/binapi-arp'
import { canonicalAddress } from '../../model/ip.ts'
import { describe, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { isOwnSetting, isRecordedSetting, lostSetting, type Setting } from '../setting.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { PROXY_ARP_INTERFACE_MESSAGES, PROXY_ARP_MESSAGES } from './messages.ts'
import { type ProxyArpInput, proxyArpSchema, type ProxyArpItem } from './schema.ts'
import { brief } from '../brief.ts'

/** A range that ARP is answered for. */
interface ProxyArpValue {
  readonly table: number
  readonly low: string
  readonly high: string
}

/** An interface that ARP is answered on. */
interface ProxyArpInterfaceValue extends Setting {
  /** Keys of the items that ask for it; none of actual ones. */
  readonly ranges: readonly string[]
}

function keyOf({ table: id, low, high }: ProxyArpValue): string {
  return `${id}/${low}-${high}`
}

/** Ranges. VPP keeps no mark on them: the agent's are those that it has recorded. */
const proxyArpObject: ObjectDescriptor<ProxyArpValue> = {
  kind: 'proxy-arp',
  messages: PROXY_ARP_MESSAGES,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'proxy-arp', key }],
  dependsOn({ table: id }) {
    const needs = tableId(4, id)
    return needs === undefined ? [] : [needs]
  },
  recorded: () => true,
  usable: () => true,

  async look(vpp, wanted) {
    const details = await vpp.client(ArpClient).proxyArpDump().toArray()
    return details.map(({ proxy }) => {
      const value: ProxyArpValue = { table: proxy.tableId, low: String(proxy.low), high: String(proxy.hi) }
      const key = keyOf(value)
      const foreign = !(wanted.made('proxy-arp', key) ?? wanted.owns({ kind: 'proxy-arp', key }))
      return { kind: 'proxy-arp', key, foreign, value }
    })
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: ProxyArpValue, isAdd: boolean): Promise<void> {
  const proxy = { tableId: value.table, low: value.low, hi: value.high }
  await vpp.client(ArpClient).proxyArpAddDel({ isAdd, proxy })
}

/** Interfaces that ARP is answered on, for the ranges of all. */
const proxyArpInterface: ObjectDescriptor<ProxyArpInterfaceValue> = {
  kind: 'proxy-arp-interface',
  messages: PROXY_ARP_INTERFACE_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => value.ranges.map((key) => ({ kind: 'proxy-arp', key })),
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  merge: (parts) => ({
    interface: parts[0]?.interface ?? '',
    ranges: parts.flatMap(({ ranges }) => ranges).sort(),
  }),
  lookAfter: ['interface'],
  lost: lostSetting,
  recorded: isRecordedSetting,
  usable: () => true,
  compare: (_wanted, has) => (has.dead === true ? 'replace' : 'same'),

  async look(vpp, wanted) {
    const details = await vpp.client(ArpClient).proxyArpIntfcDump().toArray()
    const declaring = [...wanted.items<ProxyArpItem>('proxy-arp'), ...wanted.gone<ProxyArpItem>('proxy-arp')]
    return details.map(({ swIfIndex }) => {
      const key = vpp.interfaceName(swIfIndex)
      const of = declaring.find(({ interfaces }) => interfaces.includes(key))
      const item = { kind: 'proxy-arp', key: of === undefined ? '' : keyOf(of) }
      const object = { kind: 'proxy-arp-interface', key, item }
      return {
        kind: 'proxy-arp-interface',
        key,
        foreign: !isOwnSetting(vpp, wanted, key, object),
        value: { interface: key, ranges: [] },
      }
    })
  },

  async create(vpp, { value }) {
    // What the last interface of the index had keeps VPP from turning it on.
    await answer(vpp, value, false)
    await answer(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => answer(vpp, value, false),
}

async function answer(vpp: Vpp, value: ProxyArpInterfaceValue, enable: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', value.interface)
  await vpp.client(ArpClient).proxyArpIntfcEnableDisable({ swIfIndex, enable })
}

const PATH = /^(\d+)\/([^-]+)-([^-]+)$/

/** Ranges of addresses that VPP answers ARP for, and where. */
export const proxyArp = describe<ProxyArpItem, 'proxy-arp'>({
  kind: 'proxy-arp',
  schema: proxyArpSchema,
  keyOf,
  collection: {
    path: 'proxy-arp',
    key: 'table/low-high',
    expected: 'table%2Flow-high, such as 0%2F10.0.0.5-10.0.0.9',
    keyOfPath(text) {
      const [, id = '', low = '', high = ''] = PATH.exec(text) ?? []
      const first = canonicalAddress(low)
      const last = canonicalAddress(high)
      return first === undefined || last === undefined ? undefined : `${Number(id)}/${first}-${last}`
    },
    fieldsOf(key) {
      const [, id, low, high] = PATH.exec(key) ?? []
      return { table: Number(id), low, high }
    },
  },
  unmarked: true,
  objects: [table, proxyArpObject, proxyArpInterface],
  *dump(vpp) {
    let interfaces = Array.from(
      vpp.of<ProxyArpInterfaceValue>('proxy-arp-interface'),
      ({ key }) => key,
    ).sort()
    for (const { value } of vpp.of<ProxyArpValue>('proxy-arp')) {
      const { table: id, low, high } = value
      const more = brief({ table: id }, { table: 0 })
      // VPP answers on an interface for all ranges: the first one names them.
      const on = brief({ interfaces }, { interfaces: [] })
      yield { kind: 'proxy-arp', ...more, low, high, ...on } satisfies ProxyArpInput
      interfaces = []
    }
    for (const key of interfaces)
      vpp.leaveOut(
        { kind: 'proxy-arp', key },
        'VPP answers ARP on an interface, and has no range to answer for',
      )
  },
  *decompose({ table: id, low, high, interfaces }, key) {
    yield* tablesFor(id, [4])
    yield { kind: 'proxy-arp', key, value: { table: id, low, high } satisfies ProxyArpValue }
    for (const name of interfaces) {
      const value: ProxyArpInterfaceValue = { interface: name, ranges: [key] }
      yield { kind: 'proxy-arp-interface', key: name, value }
    }
  },
})
