import { IpTableAddDel, IpTableDetails, IpTableDump } from '@vpp-ts/binapi-ip'
import { derived, item, uses } from '../uses.ts'

const table = {
  tableId: item('table'),
  isIp6: derived('the families that are used'),
  name: derived('the mark, and `name` of a VRF'),
}

/** Messages of tables. */
export const TABLE_MESSAGES = [
  uses(IpTableAddDel, { isAdd: derived('true to make it, false to remove it'), table }),
  uses(IpTableDump, {}),
  uses(IpTableDetails, { table }),
]
