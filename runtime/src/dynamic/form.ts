import type { FieldSpec, FriendlyForm, TypeRef } from '../codec/descriptor.ts'

/** Shape that an alias of a known name must have to be shown in a friendly form. */
const ALIASES: Readonly<Record<string, { type: TypeRef; length: number | undefined; form: FriendlyForm }>> = {
  ip4_address: { type: 'u8', length: 4, form: 'ip4-address' },
  ip6_address: { type: 'u8', length: 16, form: 'ip6-address' },
  mac_address: { type: 'u8', length: 6, form: 'mac-address' },
  timestamp: { type: 'f64', length: undefined, form: 'timestamp' },
  timedelta: { type: 'f64', length: undefined, form: 'timedelta' },
  interface_index: { type: 'u32', length: undefined, form: 'interface-index' },
}

/** Names of the types of the fields that a struct of a known name must have. */
const STRUCTS: Readonly<Record<string, { fields: readonly string[]; form: FriendlyForm }>> = {
  address: { fields: ['address_family', 'address_union'], form: 'address' },
  prefix: { fields: ['address', 'u8'], form: 'prefix' },
  ip4_prefix: { fields: ['ip4_address', 'u8'], form: 'ip4-prefix' },
  ip6_prefix: { fields: ['ip6_address', 'u8'], form: 'ip6-prefix' },
}

/** The friendly form of an alias, if it has one. */
export function aliasForm(name: string, type: TypeRef, length: number | undefined): FriendlyForm | undefined {
  if (!Object.hasOwn(ALIASES, name)) return undefined
  const known = ALIASES[name]
  return known?.type === type && known.length === length ? known.form : undefined
}

/** The friendly form of a struct, if it has one. */
export function structForm(name: string, fields: readonly FieldSpec[]): FriendlyForm | undefined {
  if (!Object.hasOwn(STRUCTS, name)) return undefined
  const known = STRUCTS[name]
  const fits =
    known?.fields.length === fields.length &&
    fields.every(([, , type, length], index) => length === undefined && nameOf(type) === known.fields[index])
  return fits ? known.form : undefined
}

function nameOf(type: TypeRef): string {
  return typeof type === 'string' ? type : type.descriptor.name
}
