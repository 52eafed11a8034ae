import { QosClient } from '@vpp-ts/binapi-qos'
import { NONE, describe, type ObjectDescriptor, type Vpp } from '../descriptor.ts'
import { QOS_MAP_MESSAGES } from './messages.ts'
import { type QosMapInput, QOS_SOURCES, qosMapSchema, type QosMapItem } from './schema.ts'
import { brief } from '../brief.ts'

type QosMapValue = Omit<QosMapItem, 'kind'>

/** Maps of marks. VPP keeps no mark of the agent on them: its own are those that it has recorded. */
const qosMapObject: ObjectDescriptor<QosMapValue> = {
  kind: 'qos-map',
  messages: QOS_MAP_MESSAGES,
  itemsOf: ({ key }) => [{ kind: 'qos-map', key }],
  dependsOn: () => [],
  recorded: () => true,
  usable: (wanted, has) => JSON.stringify(wanted) === JSON.stringify(has),

  async look(vpp, wanted) {
    const details = await vpp.client(QosClient).qosEgressMapDump().toArray()
    return details.map(({ map: { id, rows } }) => {
      const key = String(id)
      const foreign = !(wanted.made('qos-map', key) ?? wanted.owns({ kind: 'qos-map', key }))
      const [ext = {}, vlan = {}, mpls = {}, ip = {}] = rows.map(({ outputs }) => readRow(outputs))
      return { kind: 'qos-map', key, foreign, value: { id, ext, vlan, mpls, ip } }
    })
  },

  async create(vpp, { value }) {
    await write(vpp, value)
    return undefined
  },

  update: (vpp, { value }) => write(vpp, value),

  async remove(vpp, { value: { id } }) {
    const marks = await vpp.client(QosClient).qosMarkDump({ swIfIndex: NONE }).toArray()
    const used = marks.find(({ mark }) => mark.mapId === id)
    if (used !== undefined) {
      const name = JSON.stringify(vpp.interfaceName(used.mark.swIfIndex))
      throw new Error(`interface ${name} marks packets by map ${id}; VPP would go on with its memory`)
    }
    await vpp.client(QosClient).qosEgressMapDelete({ id })
  },
}

function readRow(outputs: Uint8Array): Readonly<Record<string, number>> {
  return Object.fromEntries([...outputs].flatMap((to, from) => (to === 0 ? [] : [[from, to]])))
}

async function write(vpp: Vpp, value: QosMapValue): Promise<void> {
  const rows = QOS_SOURCES.map((source) => {
    const outputs = new Uint8Array(256)
    for (const [from, to] of Object.entries(value[source])) outputs[Number(from)] = to
    return { outputs }
  })
  await vpp.client(QosClient).qosEgressMapUpdate({ map: { id: value.id, rows } })
}

/** Maps of marks. */
export const qosMap = describe<QosMapItem, 'qos-map'>({
  kind: 'qos-map',
  schema: qosMapSchema,
  keyOf: ({ id }) => String(id),
  collection: {
    path: 'qos-maps',
    key: 'id',
    keyOfPath: (text) => (/^\d+$/.test(text) ? String(Number(text)) : undefined),
    expected: 'the number of a map',
    fieldsOf: (key) => ({ id: Number(key) }),
  },
  unmarked: true,
  objects: [qosMapObject],
  *dump(vpp) {
    for (const { value } of vpp.of<QosMapValue>('qos-map')) {
      const { id, ...rows } = value
      const said = brief<Partial<QosMapInput>>(rows, { ext: {}, vlan: {}, mpls: {}, ip: {} })
      yield { kind: 'qos-map', id, ...said } satisfies QosMapInput
    }
  },
  *decompose({ id, ext, vlan, mpls, ip }, key) {
    yield { kind: 'qos-map', key, value: { id, ext, vlan, mpls, ip } satisfies QosMapValue }
  },
})
