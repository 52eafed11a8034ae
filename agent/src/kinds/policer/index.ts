import { describe } from '../descriptor.ts'
import { bindingKey, policerBinding, type PolicerBindingValue } from './binding.ts'
import { policerObject, type PolicerValue } from './object.ts'
import { policerSchema, type PolicerItem } from './schema.ts'

/** Limits of rates, and the interfaces that have them. */
export const policer = describe<PolicerItem, 'policer'>({
  kind: 'policer',
  schema: policerSchema,
  keyOf: ({ name }) => name,
  collection: {
    path: 'policers',
    key: 'name',
    keyOfPath: (text) => text,
    fieldsOf: (key) => ({ name: key }),
  },
  objects: [policerObject, policerBinding],
  *decompose(item, key) {
    const { name, type, unit, round, rate, burst, excessRate, excessBurst } = item
    const { colorAware, conform, exceed, violate } = item
    const limits = { name, type, unit, round, rate, burst, excessRate, excessBurst }
    const value: PolicerValue = { ...limits, colorAware, conform, exceed, violate }
    yield { kind: 'policer', key, value }
    for (const direction of ['input', 'output'] as const) {
      for (const on of item[direction]) {
        const binding: PolicerBindingValue = { interface: on, direction, policer: name }
        yield { kind: 'policer-binding', key: bindingKey(binding), value: binding }
      }
    }
  },
})
