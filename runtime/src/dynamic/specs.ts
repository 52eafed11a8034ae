import type { FieldLength, FieldOptions, FieldSpec, TypeRef } from '../codec/descriptor.ts'
import type { ApiDocument } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'
import type { RawField } from './field.ts'
import { knownDiscriminator } from './discriminators.ts'
import { propertyName } from './names.ts'
import { coerceDefault } from './scalar.ts'

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
  return fields.map((field) => {
    const type = types.resolve(document, field.type, `${field.path}[0]`)
    const options = optionsOf(document.module, owner, field, type)
    const length = lengthOf(field)
    const property = propertyName(field.name)
    if (options !== undefined) return [field.name, property, type, length, options]
    return length === undefined ? [field.name, property, type] : [field.name, property, type, length]
  })
}

/** `[type, name, 0]` is a string with a length prefix, or the rest of the message for any other type. */
function lengthOf({ type, length, count }: RawField): FieldLength | undefined {
  if (count !== undefined) return count
  return length === 0 && type !== 'string' ? '*' : length
}

function optionsOf(module: string, owner: string, field: RawField, type: TypeRef): FieldOptions | undefined {
  const { default: preset, limit } = field.options
  const isUnion = typeof type !== 'string' && type.descriptor.kind === 'union' && field.length === undefined
  const discriminator =
    field.options['discriminator'] ?? (isUnion ? knownDiscriminator(owner, field.name) : undefined)
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
