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

/** What the fields of a struct of a known name must be. */
const STRUCTS: Readonly<
  Record<string, { fields: readonly ((type: TypeRef) => boolean)[]; form: FriendlyForm }>
> = {
  address: { fields: [isFamily, isAddressUnion], form: 'address' },
  prefix: { fields: [hasForm('address'), isByte], form: 'prefix' },
  ip4_prefix: { fields: [hasForm('ip4-address'), isByte], form: 'ip4-prefix' },
  ip6_prefix: { fields: [hasForm('ip6-address'), isByte], form: 'ip6-prefix' },
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
    fields.every(([, , type, length], index) => length === undefined && known.fields[index]?.(type))
  return fits ? known.form : undefined
}

function isByte(type: TypeRef): boolean {
  return type === 'u8'
}

function hasForm(form: FriendlyForm): (type: TypeRef) => boolean {
  return (type) => typeof type !== 'string' && 'form' in type.descriptor && type.descriptor.form === form
}

function isFamily(type: TypeRef): boolean {
  return typeof type !== 'string' && type.descriptor.kind === 'enum' && type.descriptor.base === 'u8'
}

function isAddressUnion(type: TypeRef): boolean {
  if (typeof type === 'string' || type.descriptor.kind !== 'union') return false
  const [ip4, ip6, ...more] = type.descriptor.arms.map(([, , arm]) => arm)
  if (ip4 === undefined || ip6 === undefined || more.length > 0) return false
  return hasForm('ip4-address')(ip4) && hasForm('ip6-address')(ip6)
}
