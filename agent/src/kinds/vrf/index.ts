import { describe, type FoundView } from '../descriptor.ts'
import { table, tablesFor, type TableValue } from '../table/object.ts'
import { brief, grouped } from '../brief.ts'
import { DEFAULT_FLOW_HASH, flowHash, type FlowHashValue } from './flow-hash.ts'
import { vrfSchema, type VrfInput, type VrfItem } from './schema.ts'

/** Tables of both families; one of a single family comes with what uses it. */
function* dump(vpp: FoundView): Iterable<VrfInput> {
  const tables = grouped(vpp.all<TableValue>('table'), ({ value }) => value.table)
  for (const [id, found] of tables) {
    if (found.length < 2) continue
    const name = found.map(({ value }) => value.name).find((it) => it !== undefined)
    const flowHash = hashOf(vpp, id)
    if (id !== 0 || flowHash !== undefined) yield { kind: 'vrf', id, ...brief({ name, flowHash }) }
  }
}

/** What packets are spread by; undefined for what VPP begins with, and where the families differ. */
function hashOf(vpp: FoundView, id: number): VrfInput['flowHash'] {
  const [ip4, ip6] = ([4, 6] as const).map(
    (family) => vpp.get<FlowHashValue>('flow-hash', `${family}/${id}`)?.value.fields,
  )
  const texts = [ip4, ip6, DEFAULT_FLOW_HASH].map((it) => JSON.stringify(it))
  return ip4 === undefined || texts[0] !== texts[1] || texts[0] === texts[2] ? undefined : [...ip4]
}

/** Tables of routes, which are there as long as they are declared. */
export const vrf = describe<VrfItem, 'vrf'>({
  kind: 'vrf',
  schema: vrfSchema,
  keyOf: ({ id }) => String(id),
  collection: {
    path: 'vrfs',
    key: 'id',
    keyOfPath: (text) => (/^\d+$/.test(text) ? String(Number(text)) : undefined),
    expected: 'the number of a table',
    fieldsOf: (key) => ({ id: Number(key) }),
  },
  objects: [table, flowHash],
  dump,
  *decompose({ id, name, flowHash: fields }) {
    yield* tablesFor(id, [4, 6], name)
    if (fields === undefined) return
    for (const family of [4, 6] as const) {
      const value: FlowHashValue = { family, table: id, fields }
      yield { kind: 'flow-hash', key: `${family}/${id}`, value }
    }
  },
})
