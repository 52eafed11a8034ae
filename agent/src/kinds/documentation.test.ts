import { describe, expect, it } from 'vitest'
import { BUILT_IN, KINDS } from './built-in.ts'
import { documentationOf, documentationOfAll, fileSchema, type JsonSchema } from './documentation.ts'
import type { ItemDescriptor } from './descriptor.ts'
import { parseItem } from './item.ts'

/** Paths of all fields of a schema that say nothing of themselves. */
function* undocumented(node: JsonSchema, path: string): Iterable<string> {
  for (const choice of [...(node.oneOf ?? []), ...(node.anyOf ?? [])]) yield* undocumented(choice, path)
  if (node.items !== undefined) yield* undocumented(node.items, `${path}[]`)
  for (const [name, field] of Object.entries(node.properties ?? {})) {
    // What can be one thing only says that: `kind`, and the types of a choice.
    if (field.description === undefined && field.const === undefined) yield `${path}.${name}`
    yield* undocumented(field, `${path}.${name}`)
  }
}

describe('documentation of kinds', () => {
  it.each(BUILT_IN.map((it) => [it.kind, it as unknown as ItemDescriptor] as const))(
    '%s says what it is for, has examples, and every field is documented',
    (kind, descriptor) => {
      const { description, examples, schema } = documentationOf(descriptor)
      expect(description).not.toBe('')
      expect(examples.length).toBeGreaterThan(0)
      for (const example of examples) expect(parseItem(example).kind).toBe(kind)
      expect([...undocumented(schema, kind)]).toEqual([])
    },
  )

  it('names the fields that make a key', () => {
    const keys = Object.fromEntries(documentationOfAll(KINDS).map((it) => [it.kind, it.keyFields]))
    expect(keys).toMatchObject({
      interface: ['name'],
      route: ['table', 'prefix'],
      neighbour: ['interface', 'address'],
      nat64: [],
    })
    const fields = Object.fromEntries(documentationOfAll(KINDS).map((it) => [it.kind, it.schema]))
    for (const [kind, names] of Object.entries(keys)) {
      const { properties, oneOf = [] } = fields[kind] ?? {}
      const known = [properties, ...oneOf.map((it) => it.properties)].flatMap((it) => Object.keys(it ?? {}))
      for (const name of names) expect(known).toContain(name)
    }
  })

  it('the schema of a file has every kind', () => {
    const { $defs } = fileSchema(KINDS) as { $defs: Record<string, JsonSchema> }
    expect(Object.keys($defs).sort()).toEqual(['item', ...KINDS.items.keys()].sort())
  })
})
