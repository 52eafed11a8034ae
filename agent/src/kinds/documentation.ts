import { z } from 'zod'
import type { ItemDescriptor } from './descriptor.ts'
import type { Kinds } from './kinds.ts'

/** A JSON Schema, of the parts that those of items have. */
export interface JsonSchema {
  readonly description?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: boolean | JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
}

/** Documentation of a kind of item for people and editors. */
export interface KindDocumentation {
  readonly kind: string
  /** Path of its REST collection, as `routes`. */
  readonly collection: string
  /** Fields that form the key; none for a kind with at most one item. */
  readonly keyFields: readonly string[]
  readonly description: string
  /** Fields that never appear in responses. */
  readonly secrets: readonly string[]
  /** Example items. */
  readonly examples: readonly unknown[]
  /** Of an item as it is written. */
  readonly schema: JsonSchema
}

/** Dialect of the schemas. */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

function schemaOf({ schema }: ItemDescriptor): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  // zod leaves them out of what is read into another form.
  const { examples } = schema.meta() ?? {}
  return { ...(json as JsonSchema), ...(Array.isArray(examples) ? { examples } : {}) }
}

/** Fields of an item that make its key, as its first example has them. */
function keyFieldsOf({ schema, keyOf, collection }: ItemDescriptor, examples: readonly unknown[]): string[] {
  const [example] = examples
  if (example === undefined) return []
  return Object.keys(collection.fieldsOf(keyOf(schema.parse(example))))
}

/** What there is to say of a kind. */
export function documentationOf(descriptor: ItemDescriptor): KindDocumentation {
  const { kind, collection, secrets = [] } = descriptor
  const schema = schemaOf(descriptor)
  const { description = '', examples = [] } = schema
  const keyFields = keyFieldsOf(descriptor, examples)
  return { kind, collection: collection.path, keyFields, description, secrets, examples, schema }
}

/** The same of all kinds. */
export function documentationOfAll({ items }: Pick<Kinds, 'items'>): KindDocumentation[] {
  return Array.from(items.values(), documentationOf)
}

/**
 * JSON Schema of a document in a file of items: an item, a list of them, or `items` with such a list. Editors complete
 * and check by it.
 */
export function fileSchema({ items }: Pick<Kinds, 'items'>): Readonly<Record<string, unknown>> {
  const kinds = Array.from(items.values(), (descriptor) => [descriptor.kind, schemaOf(descriptor)] as const)
  const list = { type: 'array', items: { $ref: '#/$defs/item' } }
  return {
    $schema: DIALECT,
    title: 'Items of vpp-ts-agent',
    anyOf: [
      { $ref: '#/$defs/item' },
      list,
      { type: 'object', properties: { items: list }, required: ['items'], additionalProperties: false },
    ],
    $defs: {
      item: {
        type: 'object',
        properties: { kind: { enum: kinds.map(([kind]) => kind), description: 'Kind of the item.' } },
        required: ['kind'],
        // By kind, so that an editor reports errors of this item's kind and not of all others.
        allOf: kinds.map(([kind]) => ({
          if: { properties: { kind: { not: { const: kind } } } },
          else: { $ref: `#/$defs/${kind}` },
        })),
      },
      ...Object.fromEntries(kinds),
    },
  }
}
