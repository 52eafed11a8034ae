import {
  MssClampDetails,
  MssClampEnableDisable,
  MssClampGet,
  MssClampGetReply,
} from '@vpp-ts/binapi-mss-clamp'
import { derived, indexOf, item, unused, uses } from '../uses.ts'

const clamp = {
  swIfIndex: indexOf('interface'),
  ipv4Mss: item('ip4.mss'),
  ipv6Mss: item('ip6.mss'),
  ipv4Direction: item('ip4.direction'),
  ipv6Direction: item('ip6.direction'),
}

/** Messages of MSS clamps. */
export const MSS_CLAMP_MESSAGES = [
  uses(MssClampEnableDisable, clamp),
  uses(MssClampGet, { cursor: derived('where an answer goes on'), swIfIndex: derived('all interfaces') }),
  uses(MssClampGetReply, {
    retval: unused('what follows the details says nothing more'),
    cursor: derived('where an answer goes on'),
  }),
  uses(MssClampDetails, clamp),
]
