import { SetIpFlowHashV3, IpClient } from '@vpp-ts/binapi-ip'
import { AddressFamily } from '@vpp-ts/binapi-ip-types'
import { VlibClient } from '@vpp-ts/binapi-vlib'
import type { Family } from '../../model/ip.ts'
import type { Actual, ObjectDescriptor, Vpp } from '../descriptor.ts'
import { tableId, type TableValue } from '../table/object.ts'
import { CLI_MESSAGES } from '../cli-messages.ts'
import { derived, item, uses } from '../uses.ts'
import { FLOW_HASH_FIELDS } from './schema.ts'

type Field = (typeof FLOW_HASH_FIELDS)[number]

/** What packets are spread over the paths of a table's routes by. */
export interface FlowHashValue {
  readonly family: Family
  readonly table: number
  readonly fields: readonly Field[]
}

/** VPP's words for the fields, in the order of their bits. */
const WORDS: Readonly<Record<Field, string>> = {
  source: 'src',
  destination: 'dst',
  sourcePort: 'sport',
  destinationPort: 'dport',
  protocol: 'proto',
  reverse: 'reverse',
  symmetric: 'symmetric',
  flowLabel: 'flowlabel',
  gtpv1Teid: 'gtpv1teid',
}

/** What VPP begins with. */
export const DEFAULT_FLOW_HASH: readonly Field[] = [
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'protocol',
  'flowLabel',
]

/**
 * Flow hashes of tables. No message reports them, so those that are declared, or are asked for, are read from the text of `show ip fib`.
 * VPP keeps no mark on them: the agent's are those that are declared.
 */
export const flowHash: ObjectDescriptor<FlowHashValue> = {
  kind: 'flow-hash',
  messages: [
    uses(SetIpFlowHashV3, {
      tableId: item('id'),
      af: derived('both families'),
      flowHashConfig: item('flowHash'),
    }),
    ...CLI_MESSAGES,
  ],
  leaf: true,
  itemsOf: ({ value }) => [{ kind: 'vrf', key: String(value.table) }],
  dependsOn({ family, table }) {
    const id = tableId(family, table)
    return id === undefined ? [] : [id]
  },
  lookAfter: ['table'],

  async look(vpp, wanted, { foreign }) {
    const tables = [...vpp.of<TableValue>('table')].map(({ value: { family, table } }) => ({ family, table }))
    const found: Actual<FlowHashValue>[] = []
    for (const { family, table } of tables) {
      const key = `${family}/${table}`
      const isOwn = wanted.desired('flow-hash', key) !== undefined || wanted.made('flow-hash', key) === true
      if (!foreign && !isOwn) continue
      const fields = await readFields(vpp, family, table)
      const value = fields === undefined ? undefined : { family, table, fields }
      if (value !== undefined) found.push({ kind: 'flow-hash', key, foreign: !isOwn, value })
    }
    return found
  },

  async create(vpp, { value }) {
    await set(vpp, value, value.fields)
    return undefined
  },

  update: (vpp, { value }) => set(vpp, value, value.fields),

  remove: (vpp, { value }) => set(vpp, value, DEFAULT_FLOW_HASH),
}

/** @returns undefined when VPP says something else than the header of a table */
async function readFields(vpp: Vpp, family: Family, table: number): Promise<readonly Field[] | undefined> {
  const cmd = `show ${family === 4 ? 'ip' : 'ip6'} fib table ${table} summary`
  const { reply } = await vpp.client(VlibClient).cliInband({ cmd })
  const words = /flow hash:\[([^\]]*)\]/.exec(reply)?.[1]?.split(/\s+/)
  return words === undefined ? undefined : FLOW_HASH_FIELDS.filter((field) => words.includes(WORDS[field]))
}

async function set(vpp: Vpp, { family, table }: FlowHashValue, fields: readonly Field[]): Promise<void> {
  await vpp.client(IpClient).setIpFlowHashV3({
    tableId: table,
    af: family === 4 ? AddressFamily.ADDRESS_IP4 : AddressFamily.ADDRESS_IP6,
    flowHashConfig: fields.reduce<number>((sum, field) => sum | (1 << FLOW_HASH_FIELDS.indexOf(field)), 0),
  })
}
