import { brief, grouped } from '../brief.ts'
import { describe } from '../descriptor.ts'
import { pathsIn } from '../route/dump.ts'
import { table, tablesFor } from '../table/object.ts'
import { abfAttachment, type AbfAttachmentValue } from './attachment.ts'
import { abfPolicy, pathsOf, type AbfValue } from './policy.ts'
import { abfSchema, type AbfInput, type AbfItem } from './schema.ts'

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
  *dump(vpp) {
    const on = grouped(vpp.of<AbfAttachmentValue>('abf-attachment'), ({ value }) => value.policy)
    for (const { value } of vpp.of<AbfValue>('abf')) {
      const { id, acl, family, paths } = value
      const interfaces = (on.get(id) ?? [])
        .map(({ value: { interface: name, priority } }) => ({
          interface: name,
          ...brief({ priority }, { priority: 0 }),
        }))
        .sort((a, b) => (a.interface < b.interface ? -1 : 1))
      const more = brief({ family, interfaces }, { family: 4, interfaces: [] })
      yield { kind: 'abf', id, acl, paths: pathsIn(paths), ...more } satisfies AbfInput
    }
  },
  *decompose({ id, acl, family, paths, interfaces }, key) {
    for (const { table: of } of paths) if (of !== undefined) yield* tablesFor(of, [family])
    yield { kind: 'abf', key, value: { id, acl, family, paths: pathsOf(paths) } satisfies AbfValue }
    for (const { interface: on, priority } of interfaces) {
      const value: AbfAttachmentValue = { interface: on, policy: id, family, priority }
      yield { kind: 'abf-attachment', key: `${id}/${on}`, value }
    }
  },
})
