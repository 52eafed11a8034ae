import { IpTableAddDel, IpTableDetails, IpTableDump } from '@vpp-ts/binapi-ip'
import { derived, item, older, uses } from '../uses.ts'

const table = {
  tableId: item('table'),
  isIp6: derived('the families that are used'),
  name: derived('the mark, and `name` of a VRF'),
}

/** Messages of tables. */
export const TABLE_MESSAGES = [
  older(
    uses(IpTableAddDel, { isAdd: derived('true to make it, false to remove it'), table }),
    'it can leave out the table of multicast, which VPP makes along with the other by default',
  ),
  uses(IpTableDump, {}),
  uses(IpTableDetails, { table }),
]
