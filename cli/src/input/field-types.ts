import type {
  EnumDescriptor,
  FieldLength,
  FriendlyForm,
  MessageDescriptor,
  ScalarType,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from '@vpp-ts/runtime/codegen/v1'
import { keyTextOf } from '@vpp-ts/runtime/dynamic'

/** What has named parts: a message, a struct or a union. */
export type Owner = MessageDescriptor | StructDescriptor | UnionDescriptor

/** A field or an arm of a union. */
export interface Part {
  /** VPP's name. */
  readonly name: string
  /** Name of the property in bindings. */
  readonly property: string
  readonly type: TypeRef
  readonly length: FieldLength | undefined
  readonly default: number | bigint | boolean | string | undefined
  readonly limit: number | undefined
  /** True for a key, which has its own text: base64 or hex digits. */
  readonly isKey: boolean
}

/** What a field takes, with aliases looked through. */
export type Kind =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'string' }
  | { readonly kind: 'bytes'; readonly isKey: boolean }
  | { readonly kind: 'form'; readonly form: FriendlyForm }
  | { readonly kind: 'enum'; readonly descriptor: EnumDescriptor }
  | { readonly kind: 'block'; readonly owner: StructDescriptor | UnionDescriptor }
  | { readonly kind: 'list'; readonly element: Kind; readonly length: FieldLength }

/** Fields that a request can set: all but those that count others. */
export function partsOf(owner: Owner): Part[] {
  if (owner.kind === 'union') {
    return owner.arms.map(([name, property, type, length]) => ({
      name,
      property,
      type,
      length,
      default: undefined,
      limit: undefined,
      isKey: false,
    }))
  }
  const counts = new Set(owner.fields.map(([, , , length]) => length))
  return owner.fields
    .filter(([name]) => !counts.has(name))
    .map(([name, property, type, length, options]) => ({
      name,
      property,
      type,
      length,
      default: options?.default,
      limit: options?.limit,
      isKey: keyTextOf(owner, name) !== undefined,
    }))
}

/** Interface indexes that are declared as plain numbers, as in the paths of a route. */
const INTERFACE_FIELD = /(?:^|_)sw_if_index$/

/** What a field takes. */
export function kindOf({ name, type, length, isKey }: Part): Kind {
  if (isKey) return { kind: 'bytes', isKey }
  const isIndex = type === 'u32' && length === undefined && INTERFACE_FIELD.test(name)
  return isIndex ? { kind: 'form', form: 'interface-index' } : kindOfType(type, length)
}

function kindOfType(type: TypeRef, length: FieldLength | undefined): Kind {
  if (type === 'string') return { kind: 'string' }
  if (length !== undefined) {
    const element = kindOfType(type, undefined)
    const isByte = element.kind === 'scalar' && element.scalar === 'u8'
    return isByte ? { kind: 'bytes', isKey: false } : { kind: 'list', element, length }
  }
  if (typeof type === 'string') return { kind: 'scalar', scalar: type }
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'alias':
      return descriptor.form === undefined
        ? kindOfType(descriptor.type, descriptor.length)
        : { kind: 'form', form: descriptor.form }
    case 'enum':
      return { kind: 'enum', descriptor }
    case 'union':
      return { kind: 'block', owner: descriptor }
    default:
      return descriptor.form === undefined
        ? { kind: 'block', owner: descriptor }
        : { kind: 'form', form: descriptor.form }
  }
}

/** The type of a field as VPP's API language writes it. */
export function typeText({ type, length }: Part): string {
  const name = typeof type === 'string' ? type : type.descriptor.name
  if (length === undefined) return name
  return `${name}[${length === '*' || length === 0 ? '' : length}]`
}
