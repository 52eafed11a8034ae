import { brief } from '../brief.ts'
import { describe } from '../descriptor.ts'
import { bindingKey, policerBinding, type PolicerBindingValue } from './binding.ts'
import { policerObject, type PolicerValue } from './object.ts'
import { policerSchema, type PolicerInput, type PolicerItem } from './schema.ts'

const DEFAULTS: Partial<PolicerInput> = {
  type: '1r2c',
  unit: 'kbps',
  round: 'closest',
  excessRate: 0,
  excessBurst: 0,
  colorAware: false,
  conform: 'transmit',
  exceed: 'drop',
  violate: 'drop',
  input: [],
  output: [],
}

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
  *dump(vpp) {
    const bound = [...vpp.of<PolicerBindingValue>('policer-binding')]
    for (const { value } of vpp.of<PolicerValue>('policer')) {
      const { name, rate, burst, ...rest } = value
      const namesOn = (direction: 'input' | 'output'): string[] =>
        bound
          .filter((it) => it.value.policer === name && it.value.direction === direction)
          .map((it) => it.value.interface)
          .sort()
      const where = { input: namesOn('input'), output: namesOn('output') }
      const item: PolicerInput = {
        kind: 'policer',
        name,
        rate,
        burst,
        ...brief<Partial<PolicerInput>>({ ...rest, ...where }, DEFAULTS),
      }
      yield item
    }
    for (const { value } of vpp.all<PolicerBindingValue>('policer-binding')) {
      if (value.policer !== undefined) continue
      const { interface: on, direction } = value
      const reason = `VPP does not tell which policer is on ${direction} of interface ${JSON.stringify(on)}; it stays there`
      vpp.leaveOut({ kind: 'policer', key: '' }, reason)
    }
    for (const { value, foreign } of vpp.all<PolicerValue>('policer')) {
      if (foreign !== true) continue
      const reason = 'the agent knows its policers by their names in VPP, which cannot be changed'
      vpp.leaveOut({ kind: 'policer', key: value.name }, reason)
    }
  },
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
