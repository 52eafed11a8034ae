import { DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import { ifAvailable } from '../available.ts'
import { describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { table, tableId, tablesFor } from '../table/object.ts'
import { DHCP_PROXY_MESSAGES } from './messages.ts'
import { dhcpProxySchema, type DhcpProxyItem } from './schema.ts'

type DhcpProxyValue = Omit<DhcpProxyItem, 'kind'>
type Server = DhcpProxyItem['servers'][number]

/** Relays of DHCP. VPP keeps no mark on them: the agent's are those that it has written down. */
const dhcpProxyObject: ObjectDescriptor<DhcpProxyValue> = {
  kind: 'dhcp-proxy',
  messages: DHCP_PROXY_MESSAGES,
  plugin: () => 'dhcp',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'dhcp-proxy', key }],
  dependsOn({ table: id, servers }) {
    const tables = new Set([id, ...servers.map((it) => it.table)])
    return [...tables].map((it) => tableId(4, it)).filter((it) => it !== undefined)
  },
  recorded: () => true,
  usable: (wanted, has) => JSON.stringify(wanted) === JSON.stringify(has),
  composite: true,

  async look(vpp, wanted) {
    const client = vpp.client(DhcpClientRpc)
    const details = await ifAvailable(() => client.dhcpProxyDump({ isIp6: false }).toArray())
    return details.map(({ rxVrfId, dhcpSrcAddress, servers }) => {
      const key = String(rxVrfId)
      const foreign = !(wanted.made('dhcp-proxy', key) ?? wanted.owns({ kind: 'dhcp-proxy', key }))
      const value: DhcpProxyValue = {
        table: rxVrfId,
        source: String(dhcpSrcAddress),
        servers: servers
          .map((it): Server => ({ address: String(it.dhcpServer), table: it.serverVrfId }))
          .sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1)),
      }
      return { kind: 'dhcp-proxy', key, foreign, value }
    })
  },

  compare(wanted, has) {
    // The source is that of the first server, for good.
    if (wanted.source !== has.source) return 'replace'
    return JSON.stringify(wanted.servers) === JSON.stringify(has.servers) ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    for (const server of value.servers) await addDel(vpp, value, server, true)
    return undefined
  },

  async update(vpp, { value }, { value: has }) {
    // The last server would take the relay with it: those that are new come first.
    for (const server of without(value.servers, has.servers)) await addDel(vpp, value, server, true)
    for (const server of without(has.servers, value.servers)) await addDel(vpp, value, server, false)
  },

  async remove(vpp, { value }) {
    for (const server of value.servers) await addDel(vpp, value, server, false)
  },
}

function textOf({ address, table: id }: Server): string {
  return `${id} ${address}`
}

/** Servers that are not among others. */
function without(some: readonly Server[], others: readonly Server[]): Server[] {
  const texts = new Set(others.map(textOf))
  return some.filter((it) => !texts.has(textOf(it)))
}

async function addDel(vpp: Vpp, { table: id, source }: DhcpProxyValue, server: Server, isAdd: boolean) {
  await vpp.client(DhcpClientRpc).dhcpProxyConfig({
    isAdd,
    rxVrfId: id,
    serverVrfId: server.table,
    dhcpServer: server.address,
    dhcpSrcAddress: source,
  })
}

/** Relays of DHCP. */
export const dhcpProxy = describe<DhcpProxyItem, 'dhcp-proxy'>({
  kind: 'dhcp-proxy',
  schema: dhcpProxySchema,
  keyOf: ({ table: id }) => String(id),
  collection: {
    path: 'dhcp-proxies',
    key: 'table',
    keyOfPath: (text) => (/^\d+$/.test(text) ? String(Number(text)) : undefined),
    expected: 'the number of a table',
    fieldsOf: (key) => ({ table: Number(key) }),
  },
  unmarked: true,
  objects: [table, dhcpProxyObject],
  *decompose({ table: id, source, servers }, key) {
    yield* tablesFor(id, [4])
    for (const { table: of } of servers) yield* tablesFor(of, [4])
    const list = servers.map(({ address, table: of }): Server => ({ address, table: of }))
    yield { kind: 'dhcp-proxy', key, value: { table: id, source, servers: list } satisfies DhcpProxyValue }
  },
})
