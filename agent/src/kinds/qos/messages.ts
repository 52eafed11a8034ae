import {
  QosMarkDetails,
  QosMarkDump,
  QosMarkEnableDisable,
  QosRecordDetails,
  QosRecordDump,
  QosRecordEnableDisable,
  QosStoreDetails,
  QosStoreDump,
  QosStoreEnableDisable,
} from '@vpp-ts/binapi-qos'
import { derived, indexOf, item, uses } from '../uses.ts'

const enable = derived('true to make it, false to remove it')
const swIfIndex = indexOf('interface')
const record = { swIfIndex, inputSource: item('record[]') }
const store = { swIfIndex, inputSource: derived('IP: VPP knows no other'), value: item('store') }
const mark = {
  swIfIndex,
  mapId: derived('`mark.vlan`, `mark.mpls` and `mark.ip`'),
  outputSource: derived('the header whose `mark` it is'),
}

/** Messages of records. */
export const QOS_RECORD_MESSAGES = [
  uses(QosRecordEnableDisable, { enable, record }),
  uses(QosRecordDump, {}),
  uses(QosRecordDetails, { record }),
]

/** Messages of stores. */
export const QOS_STORE_MESSAGES = [
  uses(QosStoreEnableDisable, { enable, store }),
  uses(QosStoreDump, {}),
  uses(QosStoreDetails, { store }),
]

/** Messages of marks. */
export const QOS_MARK_MESSAGES = [
  uses(QosMarkEnableDisable, { enable, mark }),
  uses(QosMarkDump, { swIfIndex: derived('all interfaces') }),
  uses(QosMarkDetails, { mark }),
]
