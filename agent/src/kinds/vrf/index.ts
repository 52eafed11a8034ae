import { describe } from '../descriptor.ts'
import { table, tablesFor } from '../table/object.ts'
import { flowHash, type FlowHashValue } from './flow-hash.ts'
import { vrfSchema, type VrfItem } from './schema.ts'

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
  *decompose({ id, name, flowHash: fields }) {
    yield* tablesFor(id, [4, 6], name)
    if (fields === undefined) return
    for (const family of [4, 6] as const) {
      const value: FlowHashValue = { family, table: id, fields }
      yield { kind: 'flow-hash', key: `${family}/${id}`, value }
    }
  },
})
