import { ADDRESS_ARMS, ALIAS_FORMS, entryOf, STRUCT_FORMS } from '../rules/forms.ts'
import type { SchemaAlias, SchemaBlock, SchemaType } from '../schema/module.ts'
import type { Form } from './model.ts'

type Types = ReadonlyMap<string, SchemaType>
type AliasForm = readonly [form: Form, type: string, length: number | undefined]
type StructForm = readonly [form: Form, ...fields: string[]]

/** Friendly form of an alias: by its name, if it has the shape that goes with it. */
export function formOfAlias({ name, type, length }: SchemaAlias): Form | undefined {
  const [form, wantedType, wantedLength] = entryOf<AliasForm>(ALIAS_FORMS, name) ?? []
  return type === wantedType && length === wantedLength ? form : undefined
}

/** Friendly form of a struct: by its name, if it has the shape that goes with it, all the way down. */
export function formOfStruct({ name, fields }: SchemaBlock, types: Types): Form | undefined {
  const known = entryOf<StructForm>(STRUCT_FORMS, name)
  if (known === undefined) return undefined
  const [form, ...wanted] = known
  const same = fields.length === wanted.length && fields.every((field, i) => fits(field, wanted[i], types))
  return same ? form : undefined
}

function fits(field: SchemaBlock['fields'][number], wanted: string | undefined, types: Types): boolean {
  if (field.type !== wanted || field.array !== undefined) return false
  const type = types.get(wanted)
  switch (wanted) {
    case 'address_family':
      return type?.kind === 'enum' && type.base === 'u8'
    case 'address_union':
      return type?.kind === 'union' && isAddressUnion(type, types)
    case 'address':
      return type?.kind === 'struct' && formOfStruct(type, types) !== undefined
    default:
      return type === undefined || (type.kind === 'alias' && formOfAlias(type) !== undefined)
  }
}

/** True for the union of an IPv4 and an IPv6 address: its text stands for the whole. */
export function isAddressUnion({ name, fields }: SchemaBlock, types: Types): boolean {
  if (name !== 'address_union' || fields.length !== 2) return false
  return ADDRESS_ARMS.every((wanted, i) => fields[i] !== undefined && fits(fields[i], wanted, types))
}
