import { armScope, camelCase, enumScope, pascalCase, type NameScope } from '../rules/names.ts'
import { isBuiltin, isFlagSet, isScalar, memberValue } from '../rules/scalars.ts'
import type { SchemaBlock, SchemaEnum, SchemaModule, SchemaType } from '../schema/module.ts'
import { buildFields } from './build-fields.ts'
import { readComment } from './comments.ts'
import { caseOf } from './discriminators.ts'
import { formOfAlias, formOfStruct, isAddressUnion } from './forms.ts'
import { occurrence, sizeOfField, sizeOfUse, sum, widest } from './layout.ts'
import type { ModelArm, ModelEnum, ModelType, ModelUnion, TypeUse } from './model.ts'

/** What resolving the types of one module needs. */
export interface TypeContext {
  readonly module: SchemaModule
  /** Exported names of the module. */
  readonly names: NameScope
  /** A type that another module defines; undefined for an own one. */
  readonly imported: (name: string) => ModelType | undefined
}

/** Resolves the types of one module, on demand and in the order of their dependencies. */
export class TypeBuilder {
  /** Own types, each after those it uses. */
  readonly own: ModelType[] = []
  readonly #context: TypeContext
  readonly #resolved = new Map<string, ModelType>()

  constructor(context: TypeContext) {
    this.#context = context
  }

  /** Resolves all types of the module. */
  buildAll(): void {
    for (const name of this.#context.module.types.keys()) this.resolve(name)
  }

  /** The type of a name; the schema has been checked, so that there is one. */
  resolve(name: string): ModelType {
    const known = this.#resolved.get(name) ?? this.#context.imported(name)
    if (known !== undefined) return known
    const schema = this.#context.module.types.get(name)
    if (schema === undefined) throw new Error(`${this.#context.module.file}: type ${name} was not checked`)
    const type = this.#build(schema)
    this.#resolved.set(name, type)
    this.own.push(type)
    return type
  }

  /** What stands in the type position of a field. */
  use(name: string): TypeUse {
    if (isScalar(name)) return { kind: 'scalar', scalar: name }
    if (isBuiltin(name)) return { kind: 'string' }
    return { kind: 'type', type: this.resolve(name) }
  }

  #build(schema: SchemaType): ModelType {
    const { module } = this.#context
    // What it uses is resolved first, so that names are given in the order of emission.
    if (schema.kind === 'alias') return this.#buildAlias(schema)
    if (schema.kind === 'enum') {
      return { ...this.#base(schema.name), kind: 'enum', ...enumFacts(schema), comment: [] }
    }
    if (schema.kind === 'union') return this.#buildUnion(schema)
    const { text, fields: fieldComments } = readComment(schema.comment)
    const fields = buildFields(schema.name, schema.fields, fieldComments, this, module)
    return {
      ...this.#base(schema.name),
      kind: 'struct',
      fields,
      size: sum(fields.map(({ size }) => size)),
      form: formOfStruct(schema, module.types),
      comment: text,
    }
  }

  #base(wireName: string): { wireName: string; name: string; module: string } {
    const name = this.#context.names.take(pascalCase(wireName), 'Type')
    return { wireName, name, module: this.#context.module.name }
  }

  #buildAlias(schema: Extract<SchemaType, { kind: 'alias' }>): ModelType {
    const { name, type, length } = schema
    const use = this.use(type)
    const size = length === undefined ? sizeOfUse(use) : sizeOfField(use, { kind: 'fixed', length })
    return { ...this.#base(name), kind: 'alias', use, length, size, form: formOfAlias(schema), comment: [] }
  }

  #buildUnion(schema: SchemaBlock): ModelUnion {
    const scope = armScope()
    const arms = schema.fields.map((field): ModelArm => {
      const use = this.use(field.type)
      return {
        wireName: field.name,
        name: scope.take(camelCase(field.name)),
        use,
        length: field.array?.kind === 'fixed' ? field.array.length : undefined,
        size: sizeOfField(use, occurrence(field.array)),
        chosenBy: caseOf(schema, field, this.#context.module.types),
      }
    })
    return {
      ...this.#base(schema.name),
      kind: 'union',
      arms,
      size: widest(arms.map(({ size }) => size)),
      shorthand: isAddressUnion(schema, this.#context.module.types) ? 'address' : undefined,
      comment: readComment(schema.comment).text,
    }
  }
}

function enumFacts({
  name,
  base,
  flags,
  members,
}: SchemaEnum): Pick<ModelEnum, 'base' | 'flags' | 'members' | 'size'> {
  const scope = enumScope()
  return {
    base,
    flags: isFlagSet(name, flags),
    members: members.map(([wireName, value]) => ({
      wireName,
      name: scope.take(wireName),
      value: memberValue(value, base) ?? value,
    })),
    size: { bytes: Number(base.slice(1)) / 8, variable: false },
  }
}
