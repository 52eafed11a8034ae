import { DhcpClientRpc } from '@vpp-ts/binapi-dhcp'
import type { Family } from '../model/ip.ts'
import { ifAvailable } from './available.ts'
import { brief } from './brief.ts'
import type { Collection, FoundView, ObjectDescriptor, Part, Vpp } from './descriptor.ts'
import { DHCP_PROXY_MESSAGES } from './dhcp-proxy/messages.ts'
import { inOrder, textOf, type RelayServer } from './dhcp-relay-servers.ts'
import { tableId, tablesFor } from './table/object.ts'

/** A relay of DHCP: requests of clients in a table are sent on to servers. */
export interface RelayValue {
  readonly table: number
  readonly source: string
  readonly servers: readonly RelayServer[]
}

/** What is special about the relays of a family. */
interface RelayKind {
  readonly kind: string
  readonly family: Family
  /** All that VPP has, with servers in any order. */
  read(vpp: Vpp): Promise<RelayValue[]>
}

/** Relays of a family. VPP keeps no mark on them: the agent's are those that it has recorded. */
export function relayObject({ kind, family, read }: RelayKind): ObjectDescriptor<RelayValue> {
  return {
    kind,
    messages: DHCP_PROXY_MESSAGES,
    plugin: () => 'dhcp',
    leaf: true,
    itemsOf: ({ key }) => [{ kind, key }],
    dependsOn({ table, servers }) {
      const tables = new Set([table, ...servers.map((it) => it.table)])
      return [...tables].map((it) => tableId(family, it)).filter((it) => it !== undefined)
    },
    recorded: () => true,
    usable: (wanted, has) => JSON.stringify(wanted) === JSON.stringify(has),
    composite: true,

    async look(vpp, wanted) {
      return (await ifAvailable(() => read(vpp))).map(({ table, source, servers }) => {
        const key = String(table)
        const foreign = !(wanted.made(kind, key) ?? wanted.owns({ kind, key }))
        return { kind, key, foreign, value: { table, source, servers: inOrder(servers) } }
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
}

/** The objects of an item: its tables, and the relay. */
export function* relayParts(
  kind: string,
  key: string,
  family: Family,
  { table, source, servers }: RelayValue,
): Iterable<Part> {
  yield* tablesFor(table, [family])
  for (const it of servers) yield* tablesFor(it.table, [family])
  const list = servers.map(({ address, table: of }): RelayServer => ({ address, table: of }))
  yield { kind, key, value: { table, source, servers: list } satisfies RelayValue }
}

/** The relays that VPP has, as items of a kind. */
export function* dumpRelays(vpp: FoundView, kind: string): Iterable<object> {
  for (const { value } of vpp.of<RelayValue>(kind)) {
    const { table, source, servers } = value
    const list = servers.map(({ address, table: of }) => (of === 0 ? address : { address, table: of }))
    yield { kind, ...brief({ table }, { table: 0 }), source, servers: list }
  }
}

/** How relays are called in REST. */
export function relayCollection(path: string): Collection {
  return {
    path,
    key: 'table',
    keyOfPath: (text) => (/^\d+$/.test(text) ? String(Number(text)) : undefined),
    expected: 'the number of a table',
    fieldsOf: (key) => ({ table: Number(key) }),
  }
}

/** Servers that are not among others. */
function without(some: readonly RelayServer[], others: readonly RelayServer[]): RelayServer[] {
  const texts = new Set(others.map(textOf))
  return some.filter((it) => !texts.has(textOf(it)))
}

async function addDel(
  vpp: Vpp,
  { table, source }: RelayValue,
  server: RelayServer,
  isAdd: boolean,
): Promise<void> {
  await vpp.client(DhcpClientRpc).dhcpProxyConfig({
    isAdd,
    rxVrfId: table,
    serverVrfId: server.table,
    dhcpServer: server.address,
    dhcpSrcAddress: source,
  })
}
