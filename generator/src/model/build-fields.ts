import type { SchemaField, SchemaModule } from '../schema/module.ts'
import type { FileReport } from '../schema/report.ts'
import { coerceDefault } from './defaults.ts'
import { discriminatorOf } from './discriminators.ts'
import { occurrence, sizeOfField } from './layout.ts'
import type { ModelField, TypeUse } from './model.ts'
import { camelCase, propertyScope } from './names.ts'

/** Resolves the fields of a struct or message. */
export function buildFields(
  owner: string,
  fields: readonly SchemaField[],
  comments: ReadonlyMap<string, readonly string[]>,
  types: { use(name: string): TypeUse },
  context: { readonly module: SchemaModule; readonly report: FileReport },
): ModelField[] {
  const scope = propertyScope()
  const counts = new Set(fields.flatMap(({ array }) => (array?.kind === 'counted' ? [array.by] : [])))
  return fields.map((field, index) => {
    const use = types.use(field.type)
    const occurs = occurrence(field.array)
    const { limit } = field.options
    const value = coerceDefault(field.options['default'], use)
    if (field.options['default'] !== undefined && value === undefined)
      reportDefault(owner, field, context.report)
    return {
      wireName: field.name,
      name: scope.take(camelCase(field.name)),
      use,
      occurs,
      size: sizeOfField(use, occurs),
      isCount: counts.has(field.name),
      default: value,
      limit: typeof limit === 'number' ? limit : undefined,
      discriminator: discriminatorOf(owner, field, fields.slice(0, index), context.module.types),
      comment: comments.get(field.name) ?? [],
    }
  })
}

function reportDefault(owner: string, { name, path, options }: SchemaField, report: FileReport): void {
  const message = `field "${name}" of "${owner}" has the default ${String(options['default'])}, which does not fit its type`
  report.add('default', path, message, 'give a number, true or false, or a member of the enum')
}
