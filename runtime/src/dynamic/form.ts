import type { FieldSpec, FriendlyForm, TypeRef } from '../codec/descriptor.ts'
import { ADDRESS_ARMS, ALIAS_FORMS, entryOf, STRUCT_FORMS } from './rules/forms.ts'

type AliasForm = readonly [form: FriendlyForm, type: string, length: number | undefined]
type StructForm = readonly [form: FriendlyForm, ...fields: string[]]

/** The friendly form of an alias: by its name, if it has the shape that goes with it. */
export function aliasForm(name: string, type: TypeRef, length: number | undefined): FriendlyForm | undefined {
  const [form, wantedType, wantedLength] = entryOf<AliasForm>(ALIAS_FORMS, name) ?? []
  return type === wantedType && length === wantedLength ? form : undefined
}

/** The friendly form of a struct: by its name, if it has the shape that goes with it. */
export function structForm(name: string, fields: readonly FieldSpec[]): FriendlyForm | undefined {
  const [form, ...wanted] = entryOf<StructForm>(STRUCT_FORMS, name) ?? []
  const fits =
    fields.length === wanted.length &&
    fields.every(([, , type, length], index) => length === undefined && isA(type, wanted[index]))
  return fits ? form : undefined
}

function isA(type: TypeRef, wanted: string | undefined): boolean {
  if (typeof type === 'string') return type === wanted
  const { descriptor } = type
  if (descriptor.name !== wanted) return false
  switch (descriptor.kind) {
    case 'enum':
      return descriptor.base === 'u8'
    case 'union':
      return (
        descriptor.arms.length === ADDRESS_ARMS.length &&
        ADDRESS_ARMS.every((name, index) => {
          const [, , arm, length] = descriptor.arms[index] ?? []
          return arm !== undefined && length === undefined && isA(arm, name)
        })
      )
    default:
      return descriptor.form !== undefined
  }
}
