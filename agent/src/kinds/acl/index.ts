import { describe } from '../descriptor.ts'
import { aclBinding, type AclBindingValue } from './binding.ts'
import { dumpAcls } from './dump.ts'
import { aclObject, rulesOf, type AclValue } from './object.ts'
import { aclSchema, type AclItem } from './schema.ts'

/** Access lists, and where they apply. */
export const acl = describe<AclItem, 'acl'>({
  kind: 'acl',
  schema: aclSchema,
  keyOf: ({ name }) => name,
  collection: { path: 'acls', key: 'name', keyOfPath: (text) => text, fieldsOf: (key) => ({ name: key }) },
  objects: [aclObject, aclBinding],
  dump: dumpAcls,
  *decompose({ name, rules, ingress, egress }, key) {
    const value = { name, rules: rules.flatMap((rule) => [...rulesOf(rule)]) }
    yield { kind: 'acl', key, value: value satisfies AclValue }
    for (const on of new Set([...ingress, ...egress])) {
      const part: AclBindingValue = {
        interface: on,
        ingress: ingress.includes(on) ? [name] : [],
        egress: egress.includes(on) ? [name] : [],
      }
      yield { kind: 'acl-binding', key: on, value: part }
    }
  },
})
