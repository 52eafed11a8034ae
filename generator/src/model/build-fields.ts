import type { SchemaField, SchemaModule } from '../schema/module.ts'
import { coerceDefault } from '../schema/defaults.ts'
import { discriminatorOf } from './discriminators.ts'
import { occurrence, sizeOfField } from './layout.ts'
import type { ModelField, TypeUse } from './model.ts'
import { camelCase, propertyScope } from '../rules/names.ts'

/** Resolves the fields of a struct or message. */
export function buildFields(
  owner: string,
  fields: readonly SchemaField[],
  comments: ReadonlyMap<string, readonly string[]>,
  types: { use(name: string): TypeUse },
  module: SchemaModule,
): ModelField[] {
  const scope = propertyScope()
  const counts = new Set(fields.flatMap(({ array }) => (array?.kind === 'counted' ? [array.by] : [])))
  return fields.map((field, index) => {
    const use = types.use(field.type)
    const occurs = occurrence(field.array)
    const { limit } = field.options
    return {
      wireName: field.name,
      name: scope.take(camelCase(field.name)),
      use,
      occurs,
      size: sizeOfField(use, occurs),
      isCount: counts.has(field.name),
      default: coerceDefault(field.options['default'], field.type, module.types),
      limit: typeof limit === 'number' ? limit : undefined,
      discriminator: discriminatorOf(owner, field, fields.slice(0, index), module.types),
      comment: comments.get(field.name) ?? [],
    }
  })
}
