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
import { brief, grouped } from '../brief.ts'

/** Quality of service on interfaces. */
export const qos = describe<QosItem, 'qos'>({
  kind: 'qos',
  schema: qosSchema,
  keyOf: ({ interface: name }) => name,
  collection: byInterface('qos'),
  unmarked: true,
  objects: [qosRecord, qosStore, qosMark],
  *dump(vpp) {
    const all = [
      ...vpp.of<QosRecordValue | QosStoreValue | QosMarkValue>('qos-record'),
      ...vpp.of<QosRecordValue | QosStoreValue | QosMarkValue>('qos-store'),
      ...vpp.of<QosRecordValue | QosStoreValue | QosMarkValue>('qos-mark'),
    ]
    for (const [on, values] of grouped(
      all.map(({ value }) => value),
      (value) => value.interface,
    )) {
      const record: QosHeader[] = []
      const mark: Partial<Record<QosHeader, number>> = {}
      let store: number | undefined
      for (const it of values) {
        if ('map' in it) mark[it.header] = it.map
        else if ('header' in it) record.push(it.header)
        else store = it.value
      }
      yield { kind: 'qos', interface: on, ...brief({ record, store, mark }, { record: [], mark: {} }) }
    }
  },
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
