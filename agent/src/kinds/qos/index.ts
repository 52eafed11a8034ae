import { describe } from '../descriptor.ts'
import { byInterface } from '../setting.ts'
import {
  qosMark,
  qosRecord,
  qosStore,
  type QosMarkValue,
  type QosRecordValue,
  type QosStoreValue,
} from './objects.ts'
import { qosSchema, type QosHeader, type QosItem } from './schema.ts'

/** Quality of service on interfaces. */
export const qos = describe<QosItem, 'qos'>({
  kind: 'qos',
  schema: qosSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('qos'),
  unmarked: true,
  objects: [qosRecord, qosStore, qosMark],
  *decompose({ interface: name, record, store, mark }, key) {
    for (const header of record) {
      const value: QosRecordValue = { interface: name, header }
      yield { kind: 'qos-record', key: `${name}/${header}`, value }
    }
    if (store !== undefined) {
      const value: QosStoreValue = { interface: name, value: store }
      yield { kind: 'qos-store', key, value }
    }
    for (const [header, map] of Object.entries(mark) as [QosHeader, number | undefined][]) {
      if (map === undefined) continue
      const value: QosMarkValue = { interface: name, header, map }
      yield { kind: 'qos-mark', key: `${name}/${header}`, value }
    }
  },
})
