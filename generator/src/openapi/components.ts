import type { JsonSchema } from './json-schema.ts'
import { keyText } from './key-text.ts'
import { hasLengthBeside } from './length-beside.ts'
import {
  bytesSchema,
  enumSchema,
  formSchema,
  keySchema,
  mostOf,
  scalarSchema,
  shortBytesSchema,
  textSchema,
} from './plain-schemas.ts'
import type { FieldFacts, FieldShape, MessageShape, NamedShape, StructShape, TypeShape } from './shape.ts'

/**
 * `output`: what `toJSON` gives, with every property. `input`: what a request may be; properties left out take the API's
 * default, or zero.
 */
export type Direction = 'input' | 'output'

type Named = NamedShape | MessageShape

/** The schema of a message or type, in one direction or both. */
export interface Component {
  readonly schema: JsonSchema
  readonly of: Named
  readonly direction: Direction
}

const REF = '#/components/schemas/'

/** Name of the component that a reference leads to. */
export function componentOf(ref: string): string {
  return ref.slice(REF.length)
}

/** Options of components. */
export interface ComponentOptions {
  /** Names that no message or type may get. */
  readonly reserved?: Iterable<string>
  /** Whether types of one name that several modules define alike become one component. Default: not. */
  readonly joinsAlike?: boolean
}

/** JSON Schemas of messages and of the types in them, by name, each made when it is first referred to. */
export class Components {
  readonly #components = new Map<string, Component>()
  readonly #names = { input: new Map<Named, string>(), output: new Map<Named, string>() }
  readonly #splits = new Map<Named, boolean>()
  readonly #reserved: ReadonlySet<string>
  readonly #joinsAlike: boolean

  constructor({ reserved = [], joinsAlike = false }: ComponentOptions = {}) {
    this.#reserved = new Set(reserved)
    this.#joinsAlike = joinsAlike
  }

  /** All that have been referred to, sorted by name. */
  schemas(): Record<string, JsonSchema> {
    const sorted = [...this.#components].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([name, { schema }]) => [name, schema]))
  }

  /** All that have been referred to, each behind those that it refers to. */
  inOrder(): Iterable<readonly [name: string, component: Component]> {
    return this.#components
  }

  /** A reference to the schema of a message. */
  message(message: MessageShape, direction: Direction): JsonSchema {
    return this.#reference(message, direction, () => this.object(message.fields, direction))
  }

  /** An object with these fields; count fields are none of its properties. */
  object(fields: readonly FieldShape[], direction: Direction): JsonSchema {
    const counts = new Map(fields.map(([wireName, , type]) => [wireName as number | string, type]))
    const counted = new Set(fields.map(([, , , length]) => length))
    const own = fields.filter(([wireName]) => !counted.has(wireName))
    const entries = own.map((field) => {
      const [, property, type, length, facts] = field
      const isShort = typeof length === 'number' && type !== 'string' && hasLengthBeside(fields, field)
      const key = keyText(field, fields)
      if (key !== undefined) return [property, keySchema(key, Number(length))]
      if (isShort && type === 'u8') return [property, shortBytesSchema(length)]
      const most = isShort ? length : typeof length === 'string' ? mostOf(counts.get(length)) : undefined
      const schema = this.#field(type, isShort ? '*' : length, most, facts?.limit, direction)
      return [property, direction === 'input' ? { ...schema, ...defaultOf(facts) } : schema]
    })
    return {
      type: 'object',
      properties: Object.fromEntries(entries) as Readonly<Record<string, JsonSchema>>,
      ...(direction === 'output' && own.length > 0 ? { required: own.map(([, property]) => property) } : {}),
      additionalProperties: false,
    }
  }

  #field(
    type: TypeShape,
    length: number | string | undefined,
    countMost: number | undefined,
    limit: number | undefined,
    direction: Direction,
  ): JsonSchema {
    if (type === 'string') return textSchema(Number(length ?? 0), limit)
    if (length === undefined) return this.#type(type, direction)
    const most = Math.min(limit ?? Infinity, countMost ?? Infinity)
    if (type === 'u8') return bytesSchema(typeof length === 'number' ? { exactly: length } : { most })
    const items = this.#type(type, direction)
    if (typeof length === 'number') return { type: 'array', items, minItems: length, maxItems: length }
    return { type: 'array', items, ...(most < 0xffffffff ? { maxItems: most } : {}) }
  }

  #type(type: TypeShape, direction: Direction): JsonSchema {
    if (type === 'string') return textSchema(0, undefined)
    if (typeof type === 'string') return scalarSchema(type)
    const { descriptor } = type
    return this.#reference(descriptor, direction, () => this.#named(descriptor, direction))
  }

  #named(type: NamedShape, direction: Direction): JsonSchema {
    switch (type.kind) {
      case 'enum':
        return enumSchema(type)
      case 'alias':
        if (type.form !== undefined) return formSchema(type.form)
        return this.#field(type.type, type.length, undefined, undefined, direction)
      case 'struct':
        return type.form === undefined ? this.object(type.fields, direction) : formSchema(type.form)
      case 'union': {
        const arms = type.arms.map(([, property, armType, length]) =>
          single(property, this.#field(armType, length, undefined, undefined, direction)),
        )
        return { anyOf: [...arms, single('bytes', bytesSchema({ exactly: type.size }))] }
      }
    }
  }

  #reference(named: Named, direction: Direction, make: () => JsonSchema): JsonSchema {
    const isType = named.kind !== 'message'
    const side = isType && !this.#differs(named) ? 'output' : direction
    const names = this.#names[side]
    let name = names.get(named)
    if (name === undefined) {
      const suffix = isType && side === 'input' ? '.input' : ''
      name = this.#add(`${named.name}${suffix}`, { schema: make(), of: named, direction: side })
      names.set(named, name)
    }
    return { $ref: `${REF}${name}` }
  }

  /** Adds a component under a name that is free; gives back the name. */
  #add(wanted: string, component: Component): string {
    const text = JSON.stringify(component.schema)
    for (let number = 1; ; number++) {
      const name = number === 1 ? wanted : `${wanted}_${number}`
      const other = this.#components.get(name)
      if (other === undefined && !this.#reserved.has(name)) {
        this.#components.set(name, component)
        return name
      }
      if (this.#joinsAlike && other !== undefined && JSON.stringify(other.schema) === text) return name
    }
  }

  /** True for a type that has properties which a request may leave out. */
  #differs(type: NamedShape): boolean {
    let known = this.#splits.get(type)
    if (known === undefined) {
      known = partsOf(type).some((part) => typeof part !== 'string' && this.#differs(part.descriptor))
      known ||= isBlock(type)
      this.#splits.set(type, known)
    }
    return known
  }
}

function isBlock(type: NamedShape): type is StructShape {
  return type.kind === 'struct' && type.form === undefined
}

function partsOf(type: NamedShape): TypeShape[] {
  if (type.kind === 'union') return type.arms.map(([, , arm]) => arm)
  return type.kind === 'alias' && type.form === undefined ? [type.type] : []
}

function single(property: string, schema: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { [property]: schema },
    required: [property],
    additionalProperties: false,
  }
}

function defaultOf(facts: FieldFacts | undefined): { readonly default?: number | boolean | string } {
  const value = facts?.default
  if (value === undefined) return {}
  return { default: typeof value === 'bigint' ? String(value) : value }
}
