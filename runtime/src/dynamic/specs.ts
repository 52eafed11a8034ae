import type { FieldLength, FieldOptions, FieldSpec, TypeRef } from '../codec/descriptor.ts'
import type { ApiDocument } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'
import type { RawField } from './field.ts'
import { coerceDefault } from './coerce-default.ts'
import { knownDiscriminator } from './rules/discriminators.ts'
import { camelCase, propertyScope } from './rules/names.ts'

/** What turns a reference into a type. */
interface TypeResolver {
  resolve(document: ApiDocument, reference: string, path: string): TypeRef
}

/**
 * The fields of a struct or message as a descriptor has them.
 * @throws VppSchemaError when a type is missing or an option is of the wrong kind
 */
export function specsOf(
  document: ApiDocument,
  owner: string,
  fields: readonly RawField[],
  types: TypeResolver,
): FieldSpec[] {
  const scope = propertyScope()
  const specs: FieldSpec[] = []
  for (const field of fields) {
    const type = types.resolve(document, field.type, `${field.path}[0]`)
    const options = optionsOf(document.module, owner, field, type, specs)
    const length = lengthOf(field)
    const property = scope.take(camelCase(field.name))
    if (options !== undefined) specs.push([field.name, property, type, length, options])
    else
      specs.push(length === undefined ? [field.name, property, type] : [field.name, property, type, length])
  }
  return specs
}

/** `[type, name, 0]` is a string with a length prefix, or the rest of the message for any other type. */
function lengthOf({ type, length, count }: RawField): FieldLength | undefined {
  if (count !== undefined) return count
  return length === 0 && type !== 'string' ? '*' : length
}

/** The enum among the fields before a union that chooses its arm, where the definition does not say so. */
function knownChooser(owner: string, union: string, before: readonly FieldSpec[]): string | undefined {
  const known = knownDiscriminator(owner, union)
  return before.find(
    ([name, , type, length]) =>
      name === known && length === undefined && typeof type !== 'string' && type.descriptor.kind === 'enum',
  )?.[0]
}

function optionsOf(
  module: string,
  owner: string,
  field: RawField,
  type: TypeRef,
  before: readonly FieldSpec[],
): FieldOptions | undefined {
  const { default: preset, limit } = field.options
  const isUnion = typeof type !== 'string' && type.descriptor.kind === 'union' && field.length === undefined
  const discriminator =
    field.options['discriminator'] ?? (isUnion ? knownChooser(owner, field.name, before) : undefined)
  if (preset === undefined && limit === undefined && discriminator === undefined) return undefined
  const fail = (option: string, value: unknown): never => {
    const at = { module, path: `${field.path}[2].${option}` }
    throw new VppSchemaError(at, `${kindOf(value)} cannot be the ${option} of a ${field.type}`)
  }
  const value = preset === undefined ? undefined : (coerceDefault(type, preset) ?? fail('default', preset))
  if (limit !== undefined && typeof limit !== 'number') return fail('limit', limit)
  if (discriminator !== undefined && typeof discriminator !== 'string')
    return fail('discriminator', discriminator)
  return {
    ...(value === undefined ? {} : { default: value }),
    ...(limit === undefined ? {} : { limit }),
    ...(discriminator === undefined ? {} : { discriminator }),
  }
}
