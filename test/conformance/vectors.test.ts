import { beforeAll, describe, expect, it } from 'vitest'
import type { ArmSpec, FieldSpec, FriendlyForm, TypeDescriptor } from '@vpp-ts/runtime/codegen/v1'
import { apiDocuments, dynamicBindings, RELEASE, SOURCES } from './bindings.ts'
import type { Bindings } from './bindings.ts'
import { formDifference } from './form-vector.ts'
import type { FormVector } from './form-vector.ts'
import { Ledger, noteForm } from './known-differences.ts'
import { ENGINES, readVectors, Subject } from './vector.ts'
import type { Vector } from './vector.ts'

const vectors = readVectors<Vector>(RELEASE)
const forms = readVectors<FormVector>('forms')
const modules = [...new Set(vectors.map(({ module }) => module))]

describe('the committed vectors', () => {
  it('cover at least three messages of every module', () => {
    for (const { module, document } of apiDocuments()) {
      const covered = new Set(vectorsOf(module).map(({ message }) => message))
      expect(covered.size, module).toBeGreaterThanOrEqual(Math.min(3, document.messages.length))
    }
  })

  it('cover every arm of every union', () => {
    const used = new Set(vectors.flatMap(({ value }) => armNames(value)))
    const unions = apiDocuments().flatMap(({ document }) => document.unions)
    const arms = unions.flatMap(([, ...entries]) =>
      entries.filter(Array.isArray).map((entry) => String(entry[1])),
    )
    expect(arms.filter((arm) => !used.has(arm))).toEqual([])
    expect(arms.length).toBeGreaterThan(20)
  })

  it('cover every friendly form that a message of the release has', () => {
    const schema = dynamicBindings()
    const formsIn = (module: string, message: string): FriendlyForm[] =>
      formsOf(schema(module, message).descriptor.fields)
    const all = apiDocuments().flatMap(({ module, document }) =>
      document.messages.flatMap(([message]) => formsIn(module, message)),
    )
    const used = vectors.flatMap(({ module, message }) => formsIn(module, message))
    expect([...new Set(used)].sort()).toEqual([...new Set(all)].sort())
    expect(new Set(all).size).toBe(9)
  })
})

/** Forms of all fields, nested ones included. */
function formsOf(fields: readonly (FieldSpec | ArmSpec)[]): FriendlyForm[] {
  return fields.flatMap(([, , type]) => (typeof type === 'string' ? [] : formsOfType(type.descriptor)))
}

function formsOfType(descriptor: TypeDescriptor): FriendlyForm[] {
  switch (descriptor.kind) {
    case 'enum':
      return []
    case 'alias':
      return descriptor.form === undefined ? formsOf([['', '', descriptor.type]]) : [descriptor.form]
    case 'struct':
      return descriptor.form === undefined ? formsOf(descriptor.fields) : [descriptor.form]
    case 'union':
      return formsOf(descriptor.arms)
  }
}

function vectorsOf(module: string): Vector[] {
  return vectors.filter((vector) => vector.module === module)
}

/** Names of the only property of every object with one property. */
function armNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Array.isArray(value) || Object.keys(value).length !== 1 ? [] : Object.keys(value)
  return [...names, ...Object.values(value).flatMap(armNames)]
}

describe.each(SOURCES)('vpp_papi against %s', (_, load) => {
  let find: Bindings
  beforeAll(async () => {
    find = await load()
  }, 120_000)

  describe.each(ENGINES)('%s', (engine) => {
    it.each(modules)('%s', (module) => {
      const found = vectorsOf(module).flatMap((vector) =>
        new Subject(find(module, vector.message), engine).disagreements(vector),
      )
      expect(found).toEqual([])
    })

    it('addresses, prefixes and MACs as text', () => {
      const ledger = new Ledger()
      for (const vector of forms) {
        const difference = formDifference(new Subject(find(vector.module, vector.message), engine), vector)
        if (difference !== undefined) noteForm(difference, ledger)
      }
      expect(ledger.compare('forms')).toEqual([])
    })
  })
})
