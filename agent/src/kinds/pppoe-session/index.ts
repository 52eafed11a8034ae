import { PppoeClient } from '@vpp-ts/binapi-pppoe'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import { unlessRefused } from '../available.ts'
import { brief } from '../brief.ts'
import { describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { table, tableId, tablesFor, type TableValue } from '../table/object.ts'
import { PPPOE_SESSION_MESSAGES } from './messages.ts'
import { pppoeSessionSchema, type PppoeSessionInput, type PppoeSessionItem } from './schema.ts'

interface PppoeSessionValue {
  readonly mac: string
  readonly session: number
  readonly address: string
  /** Undefined: of a table that has gone. */
  readonly table: number | undefined
}

const SESSION =
  /^\[\d+\] sw-if-index \d+ client-ip (\S+) session-id (\d+) encap-if-index \d+ decap-fib-index (\d+)\s+local-mac \S+\s+client-mac (\S+)/gm

/** Sessions of clients. VPP keeps no mark on them: the agent's are those that it has recorded. */
const pppoeSession: ObjectDescriptor<PppoeSessionValue> = {
  kind: 'pppoe-session',
  messages: PPPOE_SESSION_MESSAGES,
  plugin: () => 'pppoe',
  leaf: true,
  itemsOf: ({ key }) => [{ kind: 'pppoe-session', key }],
  dependsOn({ table: id = 0 }) {
    const inTable = tableId(4, id)
    return inTable === undefined ? [] : [inTable]
  },
  lookAfter: ['table'],
  recorded: () => true,

  async look(vpp, wanted) {
    const text = await ask(vpp, 'show pppoe session')
    const found = [...text.matchAll(SESSION)]
    if (found.length === 0) return []
    const tables = await tablesByIndex(vpp)
    return found.map(([, address = '', session = '', index = '', mac = '']) => {
      const key = `${mac}/${session}`
      const foreign = !(wanted.made('pppoe-session', key) ?? wanted.owns({ kind: 'pppoe-session', key }))
      const value = { mac, session: Number(session), address, table: tables.get(Number(index)) }
      return { kind: 'pppoe-session', key, foreign, value }
    })
  },

  compare: (wanted, has) =>
    wanted.address === has.address && wanted.table === has.table ? 'same' : 'replace',

  async create(vpp, { value }) {
    await addDel(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp, value, false),
}

/** Tables of IPv4 by VPP's index. */
async function tablesByIndex(vpp: Vpp): Promise<ReadonlyMap<number, number>> {
  const others = [...vpp.of<TableValue>('table')].filter(({ value }) => value.family === 4)
  const indexes = new Map<number, number>()
  for (const id of new Set([0, ...others.map(({ value }) => value.table)])) {
    const index = /fib_index:(\d+)/.exec(await ask(vpp, `show ip fib table ${id} summary`))?.[1]
    if (index !== undefined) indexes.set(Number(index), id)
  }
  return indexes
}

async function ask(vpp: Vpp, cmd: string): Promise<string> {
  return (await unlessRefused(() => vpp.client(VlibClient).cliInband({ cmd })))?.reply ?? ''
}

async function addDel(vpp: Vpp, value: PppoeSessionValue, isAdd: boolean): Promise<void> {
  await vpp.client(PppoeClient).pppoeAddDelSession({
    isAdd,
    sessionId: value.session,
    clientIp: value.address,
    decapVrfId: value.table ?? 0,
    clientMac: value.mac,
  })
}

/** Sessions of PPPoE clients. */
export const pppoeSessions = describe<PppoeSessionItem, 'pppoe-session'>({
  kind: 'pppoe-session',
  schema: pppoeSessionSchema,
  keyOf: ({ mac, session }) => `${mac}/${session}`,
  collection: {
    path: 'pppoe-sessions',
    key: 'MAC address/number of the session',
    expected: 'a MAC address and the number of a session, such as 02:00:00:00:00:01/7',
    keyOfPath: (text) => (/^[\da-f]{2}(:[\da-f]{2}){5}\/\d+$/.test(text) ? text : undefined),
    fieldsOf(key) {
      const [mac, session] = key.split('/')
      return { mac, session: Number(session) }
    },
  },
  unmarked: true,
  objects: [table, pppoeSession],
  *dump(vpp) {
    for (const { value } of vpp.of<PppoeSessionValue>('pppoe-session')) {
      const { mac, session, address, table: id } = value
      const more = brief({ table: id }, { table: 0 })
      yield { kind: 'pppoe-session', mac, session, address, ...more } satisfies PppoeSessionInput
    }
  },
  *decompose({ mac, session, address, table: id }, key) {
    yield* tablesFor(id, [4])
    yield {
      kind: 'pppoe-session',
      key,
      value: { mac, session, address, table: id } satisfies PppoeSessionValue,
    }
  },
})
