import { IpNeighborAddDel, IpNeighborDetails, IpNeighborDump } from '@vpp-ts/binapi-ip-neighbor'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const neighbor = {
  swIfIndex: indexOf('interface'),
  flags: derived('static'),
  macAddress: item('mac'),
  ipAddress: item('address'),
}

/** Messages of static neighbours. */
export const NEIGHBOUR_MESSAGES = [
  uses(IpNeighborAddDel, { isAdd: derived('true to make it, false to remove it'), neighbor }),
  uses(IpNeighborDump, { swIfIndex: derived('all interfaces'), af: derived('both families') }),
  uses(IpNeighborDetails, { age: unused('static entries do not age'), neighbor }),
]
