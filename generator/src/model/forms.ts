import type { SchemaAlias, SchemaBlock, SchemaType } from '../schema/module.ts'
import type { Form } from './model.ts'

type Types = ReadonlyMap<string, SchemaType>

/** Shape of an alias: its type, and its length if it is an array. */
const ALIAS_FORMS: Readonly<Record<string, readonly [form: Form, type: string, length: number | undefined]>> =
  {
    ip4_address: ['ip4-address', 'u8', 4],
    ip6_address: ['ip6-address', 'u8', 16],
    mac_address: ['mac-address', 'u8', 6],
    timestamp: ['timestamp', 'f64', undefined],
    timedelta: ['timedelta', 'f64', undefined],
    interface_index: ['interface-index', 'u32', undefined],
  }

/** Shape of a struct: the types of its fields. */
const STRUCT_FORMS: Readonly<Record<string, readonly [form: Form, ...fields: string[]]>> = {
  address: ['address', 'address_family', 'address_union'],
  prefix: ['prefix', 'address', 'u8'],
  ip4_prefix: ['ip4-prefix', 'ip4_address', 'u8'],
  ip6_prefix: ['ip6-prefix', 'ip6_address', 'u8'],
}

/** An entry of a table; a type may be called `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Friendly form of an alias: by its name, if it has the shape that goes with it. */
export function formOfAlias({ name, type, length }: SchemaAlias): Form | undefined {
  const [form, wantedType, wantedLength] = own(ALIAS_FORMS, name) ?? []
  return type === wantedType && length === wantedLength ? form : undefined
}

/** Friendly form of a struct: by its name, if it has the shape that goes with it, all the way down. */
export function formOfStruct({ name, fields }: SchemaBlock, types: Types): Form | undefined {
  const known = own(STRUCT_FORMS, name)
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
  return ['ip4_address', 'ip6_address'].every(
    (wanted, i) => fields[i] !== undefined && fits(fields[i], wanted, types),
  )
}
