import { QosClient, QosSource } from '@vpp-ts/binapi-qos'
import { NONE, interfaceId, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { unlessRefused } from '../available.ts'
import { isOwnSetting, isRecordedSetting, lostSetting, type Setting } from '../setting.ts'
import { QOS_MARK_MESSAGES, QOS_RECORD_MESSAGES, QOS_STORE_MESSAGES } from './messages.ts'
import type { QosHeader } from './schema.ts'

const HEADERS = {
  vlan: QosSource.QOS_API_SOURCE_VLAN,
  mpls: QosSource.QOS_API_SOURCE_MPLS,
  ip: QosSource.QOS_API_SOURCE_IP,
} as const

function headerOf(source: number): QosHeader | undefined {
  return (Object.keys(HEADERS) as QosHeader[]).find((it) => HEADERS[it] === source)
}

function itemOf(name: string) {
  return { kind: 'qos', key: name }
}

/** A header that is recorded. */
export interface QosRecordValue extends Setting {
  readonly header: QosHeader
}

/** What is recorded of packets that come. */
export const qosRecord: ObjectDescriptor<QosRecordValue> = {
  kind: 'qos-record',
  messages: QOS_RECORD_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [itemOf(value.interface)],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: isRecordedSetting,
  usable: () => true,

  async look(vpp, wanted) {
    const details = await vpp.client(QosClient).qosRecordDump().toArray()
    return details.flatMap(({ record }) => {
      const header = headerOf(record.inputSource)
      if (header === undefined) return []
      const name = vpp.interfaceName(record.swIfIndex)
      const ref = { kind: 'qos-record', key: `${name}/${header}` }
      const foreign = !isOwnSetting(vpp, wanted, name, { ...ref, item: itemOf(name) })
      return [{ ...ref, foreign, value: { interface: name, header } }]
    })
  },

  async create(vpp, { value }) {
    await setRecord(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => setRecord(vpp, value, false),
}

async function setRecord(vpp: Vpp, value: QosRecordValue, enable: boolean): Promise<void> {
  const record = {
    swIfIndex: vpp.indexOf('interface', value.interface),
    inputSource: HEADERS[value.header],
  }
  await vpp.client(QosClient).qosRecordEnableDisable({ enable, record })
}

/** What is recorded whatever packets have. */
export interface QosStoreValue extends Setting {
  readonly value: number
}

/** Value recorded for incoming IP packets, whatever their mark. */
export const qosStore: ObjectDescriptor<QosStoreValue> = {
  kind: 'qos-store',
  messages: QOS_STORE_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [itemOf(value.interface)],
  dependsOn: ({ interface: name }) => [interfaceId(name)],
  lookAfter: ['interface'],
  goesWithInterface: true,
  recorded: isRecordedSetting,
  usable: (wanted, has) => wanted.value === has.value,

  async look(vpp, wanted) {
    const details = await vpp.client(QosClient).qosStoreDump().toArray()
    return details.map(({ store: { swIfIndex, value } }) => {
      const key = vpp.interfaceName(swIfIndex)
      const foreign = !isOwnSetting(vpp, wanted, key, { kind: 'qos-store', key, item: itemOf(key) })
      return { kind: 'qos-store', key, foreign, value: { interface: key, value } }
    })
  },

  async create(vpp, { value }) {
    await setStore(vpp, value, true)
    return undefined
  },

  remove: (vpp, { value }) => setStore(vpp, value, false),
}

async function setStore(vpp: Vpp, it: QosStoreValue, enable: boolean): Promise<void> {
  const swIfIndex = vpp.indexOf('interface', it.interface)
  const store = { swIfIndex, inputSource: HEADERS.ip, value: it.value }
  await vpp.client(QosClient).qosStoreEnableDisable({ enable, store })
}

/** A header that is written by a map. */
export interface QosMarkValue extends Setting {
  readonly header: QosHeader
  readonly map: number
}

/** What is written to packets that go. */
export const qosMark: ObjectDescriptor<QosMarkValue> = {
  kind: 'qos-mark',
  messages: QOS_MARK_MESSAGES,
  leaf: true,
  itemsOf: ({ value }) => [itemOf(value.interface)],
  dependsOn: ({ interface: name, map }) => [interfaceId(name), `qos-map ${map}`],
  lookAfter: ['interface', 'qos-map'],
  lost: lostSetting,
  recorded: isRecordedSetting,
  usable: (wanted, has) => wanted.map === has.map,

  async look(vpp, wanted) {
    const details = await vpp.client(QosClient).qosMarkDump({ swIfIndex: NONE }).toArray()
    return details.flatMap(({ mark }) => {
      const header = headerOf(mark.outputSource)
      if (header === undefined) return []
      const name = vpp.interfaceName(mark.swIfIndex)
      const ref = { kind: 'qos-mark', key: `${name}/${header}` }
      const foreign = !isOwnSetting(vpp, wanted, name, { ...ref, item: itemOf(name) })
      return [{ ...ref, foreign, value: { interface: name, header, map: mark.mapId } }]
    })
  },

  compare(wanted, has) {
    if (has.dead === true) return 'replace'
    return wanted.map === has.map ? 'same' : 'update'
  },

  async create(vpp, { value }) {
    // What the last interface of the index had keeps VPP from turning it on.
    await unlessRefused(() => setMark(vpp, value, false))
    await setMark(vpp, value, true)
    return undefined
  },

  update: (vpp, { value }) => setMark(vpp, value, true),

  remove: (vpp, { value }) => setMark(vpp, value, false),
}

async function setMark(vpp: Vpp, { interface: name, header, map }: QosMarkValue, enable: boolean) {
  const mark = {
    swIfIndex: vpp.indexOf('interface', name),
    mapId: map,
    outputSource: HEADERS[header],
  }
  await vpp.client(QosClient).qosMarkEnableDisable({ enable, mark })
}
