import type { Handler } from './handler.ts'
import { MARK } from './mark.ts'

/** Tables of routes. They come and go with what needs them. */
export const table: Handler<'table'> = {
  async look({ clients }) {
    const details = await clients.ip.ipTableDump().toArray()
    return details.map(({ table: { tableId, isIp6, name } }) => {
      const family = isIp6 ? 6 : 4
      return {
        kind: 'table',
        key: `${family}/${tableId}`,
        owned: name === MARK,
        value: { family, table: tableId },
        refs: [],
      }
    })
  },

  async create({ clients }, { value }) {
    const table = { tableId: value.table, isIp6: value.family === 6, name: MARK }
    await clients.ip.ipTableAddDel({ isAdd: true, table })
    return undefined
  },

  async remove({ clients }, { value }) {
    const table = { tableId: value.table, isIp6: value.family === 6, name: MARK }
    await clients.ip.ipTableAddDel({ isAdd: false, table })
  },
}
