import { describe } from '../descriptor.ts'
import { table, tablesFor } from '../table/object.ts'
import { abfAttachment, type AbfAttachmentValue } from './attachment.ts'
import { abfPolicy, pathsOf, type AbfValue } from './policy.ts'
import { abfSchema, type AbfItem } from './schema.ts'

/** Forwarding by access list. */
export const abf = describe<AbfItem, 'abf'>({
  kind: 'abf',
  schema: abfSchema,
  keyOf: ({ id }) => String(id),
  collection: {
    path: 'abf',
    key: 'id',
    keyOfPath: (text) => (/^\d+$/.test(text) ? String(Number(text)) : undefined),
    expected: 'the number of a policy',
    fieldsOf: (key) => ({ id: Number(key) }),
  },
  unmarked: true,
  objects: [table, abfPolicy, abfAttachment],
  *decompose({ id, acl, family, paths, interfaces }, key) {
    for (const { table: of } of paths) if (of !== undefined) yield* tablesFor(of, [family])
    yield { kind: 'abf', key, value: { id, acl, family, paths: pathsOf(paths) } satisfies AbfValue }
    for (const { interface: on, priority } of interfaces) {
      const value: AbfAttachmentValue = { interface: on, policy: id, family, priority }
      yield { kind: 'abf-attachment', key: `${id}/${on}`, value }
    }
  },
})
