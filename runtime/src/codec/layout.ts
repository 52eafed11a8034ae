import type {
  ArmSpec,
  FieldLength,
  FieldSpec,
  MessageDescriptor,
  ScalarType,
  TypeDescriptor,
  TypeRef,
} from './descriptor.ts'

/** Bytes that a type takes on the wire. */
export interface Layout {
  /** Bytes of the fixed part. */
  readonly size: number
  /** True when more bytes may follow. */
  readonly variable: boolean
  /** How many types deep it is: 0 for a built-in type. */
  readonly depth: number
}

/** Bytes of every scalar type. */
export const SCALAR_SIZE: Readonly<Record<ScalarType, 1 | 2 | 4 | 8>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f64: 8,
  bool: 1,
}

const layouts = new WeakMap<object, Layout>()

/** Layout of a described type; computed once. */
export function layoutOf(descriptor: TypeDescriptor | MessageDescriptor): Layout {
  let layout = layouts.get(descriptor)
  if (layout === undefined) {
    layout = computeLayout(descriptor)
    layouts.set(descriptor, layout)
  }
  return layout
}

function computeLayout(descriptor: TypeDescriptor | MessageDescriptor): Layout {
  switch (descriptor.kind) {
    case 'enum':
      return { size: SCALAR_SIZE[descriptor.base], variable: false, depth: 0 }
    case 'union':
      return { size: descriptor.size, variable: false, depth: 1 + depthOf(descriptor.arms) }
    case 'alias':
      return layoutOfType(descriptor.type, descriptor.length)
    default:
      return layoutOfFields(descriptor.fields)
  }
}

function depthOf(parts: readonly (FieldSpec | ArmSpec)[]): number {
  return parts.reduce((depth, [, , type, length]) => Math.max(depth, layoutOfType(type, length).depth), 0)
}

/** Layout of fields one behind the other. */
export function layoutOfFields(fields: readonly FieldSpec[]): Layout {
  let size = 0
  let variable = false
  for (const [, , type, length] of fields) {
    const layout = layoutOfType(type, length)
    size += layout.size
    variable ||= layout.variable
  }
  return { size, variable, depth: 1 + depthOf(fields) }
}

/** Layout of a type that occurs as often as `length` says. */
export function layoutOfType(type: TypeRef, length: FieldLength | undefined): Layout {
  if (type === 'string') return { size: length === 0 ? 4 : Number(length), variable: length === 0, depth: 0 }
  const element =
    typeof type === 'string'
      ? { size: SCALAR_SIZE[type], variable: false, depth: 0 }
      : layoutOf(type.descriptor)
  if (length === undefined) return element
  return typeof length === 'string'
    ? { ...element, size: 0, variable: true }
    : { ...element, size: element.size * length }
}

const INTEGERS: ReadonlySet<TypeRef> = new Set(['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'])

/** The integer type that a type is, itself or as an alias; undefined when it is another, or more than one of it. */
export function integerBehind(type: TypeRef): ScalarType | undefined {
  if (typeof type === 'string') return INTEGERS.has(type) ? (type as ScalarType) : undefined
  const { descriptor } = type
  return descriptor.kind === 'alias' && descriptor.length === undefined
    ? integerBehind(descriptor.type)
    : undefined
}

/** True for a type whose last part is the rest of the message, so that nothing can follow it. */
export function takesTheRest(type: TypeRef, length?: FieldLength): boolean {
  if (length === '*') return true
  if (typeof type === 'string') return false
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'alias':
      return takesTheRest(descriptor.type, descriptor.length)
    case 'struct': {
      const last = descriptor.fields.at(-1)
      return last !== undefined && takesTheRest(last[2], last[3])
    }
    default:
      return false
  }
}
