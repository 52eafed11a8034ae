import {
  QosEgressMapDelete,
  QosEgressMapDetails,
  QosEgressMapDump,
  QosEgressMapUpdate,
} from '@vpp-ts/binapi-qos'
import { derived, item, uses } from '../uses.ts'

const map = { id: item('id'), rows: derived('`ext`, `vlan`, `mpls` and `ip`') }

/** Messages of maps of marks. */
export const QOS_MAP_MESSAGES = [
  uses(QosEgressMapUpdate, { map }),
  uses(QosEgressMapDelete, { id: item('id') }),
  uses(QosEgressMapDump, {}),
  uses(QosEgressMapDetails, { map }),
]
