import { FibClient } from '@vpp-ts/binapi-fib'
import { IpClient } from '@vpp-ts/binapi-ip'
import { Ip6NdClient } from '@vpp-ts/binapi-ip6-nd'
import { canonicalAddress } from '../../model/ip.ts'
import { BY_ADDRESS } from '../by-address.ts'
import { describe, interfaceId, type Actual, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import type { InterfaceValue } from '../interface/value.ts'
import { interfaceTableId } from '../interface/table.ts'
import type { TableValue } from '../table/object.ts'
import { PROXY_ND_MESSAGES } from './messages.ts'
import { type ProxyNdInput, proxyNdSchema, type ProxyNdItem } from './schema.ts'

/** An address that neighbour discovery is answered for. */
interface ProxyNdValue {
  readonly interface: string
  readonly address: string
}

/** VPP's name of the source of routes that such addresses have. */
const SOURCE = 'IPv6-proxy-nd'
const HOST = '/128'

function keyOf({ interface: name, address }: ProxyNdValue): string {
  return `${name}/${address}`
}

/**
 * Addresses that neighbour discovery is answered for, looked at where any are declared, or asked for. VPP keeps no mark on them: the
 * agent's are those that it has recorded.
 */
const proxyNdObject: ObjectDescriptor<ProxyNdValue> = {
  kind: 'proxy-nd',
  messages: PROXY_ND_MESSAGES,
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'proxy-nd', key }],
  // The route of such an address is in the table that the interface had.
  dependsOn: ({ interface: name }) => [interfaceId(name), interfaceTableId(name, 6)],
  refuse({ interface: name }, vpp) {
    const device = vpp.get<InterfaceValue>('interface', name)?.value
    const isLoopback = device?.type === 'loopback' || device?.seen?.device === 'Loopback'
    return isLoopback ? `VPP crashes of it on loopbacks, such as ${JSON.stringify(name)}` : undefined
  },
  lookAfter: ['interface', 'table'],
  goesWithInterface: true,
  recorded: () => true,
  usable: () => true,

  async look(vpp, wanted, { foreign: all }) {
    const items = [...wanted.items<ProxyNdItem>('proxy-nd'), ...wanted.gone<ProxyNdItem>('proxy-nd')]
    if (items.length === 0 && !all && !wanted.hasMade('proxy-nd')) return []
    const sources = await vpp.client(FibClient).fibSourceDump().toArray()
    const source = sources.find(({ src }) => src.name === SOURCE)?.src.id
    if (source === undefined) return []
    const found: Actual<ProxyNdValue>[] = []
    for (const { value } of vpp.of<TableValue>('table')) {
      if (value.family !== 6) continue
      const table = { tableId: value.table, isIp6: true }
      for await (const { route } of vpp.client(IpClient).ipRouteV2Dump({ table, src: source })) {
        const text = String(route.prefix)
        const [path] = route.paths
        if (!text.endsWith(HOST) || path === undefined || route.src !== source) continue
        const address = canonicalAddress(text.slice(0, -HOST.length)) ?? ''
        const it: ProxyNdValue = { interface: vpp.interfaceName(path.swIfIndex), address }
        const ref = { kind: 'proxy-nd', key: keyOf(it) }
        const foreign = !(wanted.made('proxy-nd', ref.key) ?? wanted.owns(ref))
        found.push({ ...ref, foreign, value: it })
      }
    }
    return found
  },

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

async function addDel(vpp: Vpp, value: ProxyNdValue, isAdd: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', value.interface)
  await vpp.client(Ip6NdClient).ip6ndProxyAddDel({ isAdd, swIfIndex, ip: value.address })
}

/** Addresses that VPP answers neighbour discovery for. */
export const proxyNd = describe<ProxyNdItem, 'proxy-nd'>({
  kind: 'proxy-nd',
  schema: proxyNdSchema,
  keyOf,
  collection: { path: 'proxy-nd', ...BY_ADDRESS },
  unmarked: true,
  objects: [proxyNdObject],
  *dump(vpp) {
    for (const { value } of vpp.of<ProxyNdValue>('proxy-nd'))
      yield { kind: 'proxy-nd', ...value } satisfies ProxyNdInput
  },
  *decompose({ interface: name, address }, key) {
    yield { kind: 'proxy-nd', key, value: { interface: name, address } satisfies ProxyNdValue }
  },
})
