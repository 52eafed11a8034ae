import { describe, expect, it } from 'vitest'
import type { MessageDescriptor, TypeDescriptor, TypeRef } from '@vpp-ts/runtime/codegen/v1'
import { Schema } from '@vpp-ts/runtime/dynamic'
import { apiDocuments, generatedBindings, NEWEST } from '../conformance/bindings.ts'

/** A descriptor without its classes, so that two can be compared. */
function plain(descriptor: MessageDescriptor | TypeDescriptor): unknown {
  switch (descriptor.kind) {
    case 'enum':
      return { ...descriptor, members: Object.entries(descriptor.members) }
    case 'alias':
      return { ...descriptor, type: plainType(descriptor.type) }
    case 'union':
      return { ...descriptor, ctor: undefined, arms: descriptor.arms.map(plainField) }
    default:
      return { ...descriptor, ctor: undefined, fields: descriptor.fields.map(plainField) }
  }
}

function plainType(type: TypeRef): unknown {
  return typeof type === 'string' ? type : plain(type.descriptor)
}

function plainField([wireName, property, type, length, last]: readonly [
  string,
  string,
  TypeRef,
  (string | number | undefined)?,
  unknown?,
]): unknown {
  return [wireName, property, plainType(type), length, last]
}

describe('a schema made at run time', () => {
  const documents = apiDocuments(NEWEST)
  const schema = Schema.fromApiJson(documents.map(({ document }) => document))

  it('describes every message as the generated packages do', async () => {
    const bindings = await generatedBindings(NEWEST)
    let compared = 0
    for (const { module, document } of documents) {
      for (const [name] of document.messages) {
        const generated = bindings(module, name).descriptor
        expect(plain(schema.message(name).descriptor), name).toEqual(plain(generated))
        compared++
      }
    }
    expect(compared).toBe(documents.reduce((sum, { document }) => sum + document.messages.length, 0))
  })

  it('offers the calls and events of the generated clients', async () => {
    interface Described {
      readonly descriptor: MessageDescriptor
    }
    type Method = Readonly<Record<string, unknown>> & { readonly kind: string }
    const nameOf = (part: unknown): string | undefined => (part as Described | undefined)?.descriptor.name
    const plainMethod = (method: Method): unknown => ({
      kind: method.kind,
      request: nameOf(method['request']),
      reply: nameOf(method['reply']),
      details: nameOf(method['details']),
      event: nameOf(method['event']),
      want: method['want'] && {
        ...(method['want'] as object),
        request: nameOf((method['want'] as Method)['request']),
        reply: nameOf((method['want'] as Method)['reply']),
      },
    })
    let compared = 0
    for (const { module } of documents) {
      if (schema.services(module).length === 0) continue
      const { methods } = (await import(`@vpp-ts/binapi-${module.replaceAll('_', '-')}`)) as {
        methods: Readonly<Record<string, Method>>
      }
      for (const method of Object.values(methods)) {
        const made =
          method.kind === 'event'
            ? schema.event(nameOf(method['event']) ?? '')
            : schema.method(nameOf(method['request']) ?? '')
        expect(plainMethod(made as unknown as Method), module).toEqual(plainMethod(method))
        compared++
      }
    }
    expect(compared).toBeGreaterThan(1000)
  })
})
