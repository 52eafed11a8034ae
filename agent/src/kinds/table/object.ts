import { IpClient } from '@vpp-ts/binapi-ip'
import type { Family } from '../../model/ip.ts'
import type { ObjectDescriptor, Part } from '../descriptor.ts'
import { MARK, readTableName, tableName } from '../mark.ts'
import { TABLE_MESSAGES } from './messages.ts'

/** A table of routes. */
export interface TableValue {
  readonly family: Family
  readonly table: number
  /** Name that people gave it; VPP keeps the one that it was made with. */
  readonly name?: string
}

/** Tables that items use, as objects; table 0 is always there. */
export function* tablesFor(table: number, families: readonly Family[], name?: string): Iterable<Part> {
  if (table === 0) return
  for (const family of families) {
    const value: TableValue = name === undefined ? { family, table } : { family, table, name }
    yield { kind: 'table', key: `${family}/${table}`, value }
  }
}

/** Id of a table; undefined for table 0. */
export function tableId(family: Family, table: number): string | undefined {
  return table === 0 ? undefined : `table ${family}/${table}`
}

/** Tables of routes, marked by their name. They come and go with what needs them; those of others may be used. */
export const table: ObjectDescriptor<TableValue> = {
  kind: 'table',
  messages: TABLE_MESSAGES,
  usable: () => true,
  itemsOf: () => [],
  dependsOn: () => [],
  uniform: (one, other) => (other.name === undefined ? one : other),
  compare: () => 'same',

  async look(vpp) {
    const details = await vpp.client(IpClient).ipTableDump().toArray()
    return details.map(({ table: { tableId: id, isIp6, name } }) => {
      const family = isIp6 ? 6 : 4
      const own = readTableName(name)
      const value: TableValue = own === undefined ? { family, table: id } : { family, table: id, name: own }
      return { kind: 'table', key: `${family}/${id}`, foreign: name !== MARK && own === undefined, value }
    })
  },

  async create(vpp, { value }) {
    await addDel(vpp.client(IpClient), value, true)
    return undefined
  },

  remove: (vpp, { value }) => addDel(vpp.client(IpClient), value, false),
}

async function addDel(client: IpClient, value: TableValue, isAdd: boolean): Promise<void> {
  const name = value.name === undefined ? MARK : tableName(value.name)
  const wire = { tableId: value.table, isIp6: value.family === 6, name }
  await client.ipTableAddDel({ isAdd, table: wire })
}
