import { VppError } from '../errors/vpp-error.ts'
import type {
  AliasDescriptor,
  Constructor,
  FieldLength,
  FieldOptions,
  FieldSpec,
  FriendlyForm,
  ScalarType,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from './descriptor.ts'
import { integerBehind, layoutOf, layoutOfFields, layoutOfType, takesTheRest } from './layout.ts'
import type { Layout } from './layout.ts'
import { expectedOf, fitsScalar } from './ranges.ts'

/** Limits far beyond VPP's (2,114 bytes, 46 fields, 4 levels), so that no schema can exhaust memory or stack. */
const MOST_BYTES = 1024 * 1024
const MOST_FIELDS = 1024
const MOST_LEVELS = 64

/** Types that a discriminator can be of, itself or as an enum. */
const DISCRIMINATOR: ReadonlySet<ScalarType | undefined> = new Set(['u8', 'u16', 'u32', 'i8', 'i16', 'i32'])

const PROPERTY_NAME = /^[A-Za-z_$][\w$]*$/

function refuse(owner: string, field: string, what: string): never {
  throw new VppError('VPP_DESCRIPTOR', `${owner}, field ${field}: ${what}`)
}

/** Checks the fields of a struct or message against each other. */
export function checkFields(
  owner: string,
  fields: readonly FieldSpec[],
  ctor: Constructor<unknown> | undefined,
): void {
  const seen = new Map<string, FieldSpec>()
  const properties = new Set<string>()
  const counts = new Set<string>()
  fields.forEach((field, index) => {
    const [wireName, property, type, length, options] = field
    if (seen.has(wireName)) refuse(owner, wireName, 'is given twice')
    if (properties.has(property)) refuse(owner, wireName, `property ${property} is given twice`)
    if (ctor !== undefined) checkProperty(owner, wireName, property, ctor)
    checkLength(owner, wireName, type, length)
    if (typeof length === 'string' && length !== '*') checkCount(owner, wireName, length, seen, counts)
    if (layoutOfType(type, length).variable && index < fields.length - 1) {
      refuse(owner, wireName, 'varies in size and must be the last field')
    }
    if (options !== undefined) checkOptions(owner, field, options, seen)
    seen.set(wireName, field)
    properties.add(property)
  })
  checkLimits(owner, layoutOfFields(fields), fields.length)
}

function checkLimits(owner: string, { size, depth }: Layout, fields = 1): void {
  const limit = (what: string, most: number): never => {
    throw new VppError('VPP_DESCRIPTOR', `${owner}: ${what}; the maximum is ${most}`)
  }
  if (size > MOST_BYTES) limit(`has ${size} bytes`, MOST_BYTES)
  if (fields > MOST_FIELDS) limit(`has ${fields} fields`, MOST_FIELDS)
  if (depth > MOST_LEVELS) limit(`is nested ${depth} levels deep`, MOST_LEVELS)
}

function checkProperty(owner: string, wireName: string, property: string, ctor: Constructor<unknown>): void {
  if (!PROPERTY_NAME.test(property)) refuse(owner, wireName, `'${property}' is not a property name`)
  if (property in (ctor.prototype as object)) {
    refuse(owner, wireName, `the class already has '${property}'; rename the property`)
  }
}

/** Checks that a type may occur as often as `length` says. */
function checkLength(owner: string, field: string, type: TypeRef, length: FieldLength | undefined): void {
  if (typeof length === 'number' && (!Number.isSafeInteger(length) || length < 0)) {
    refuse(owner, field, `${length} is not a length`)
  }
  if (type === 'string') {
    if (typeof length !== 'number')
      refuse(owner, field, 'a string needs a size in bytes, or 0 for a length prefix')
    return
  }
  if (length === undefined) return
  if (length === 0)
    refuse(owner, field, "only a string can have length 0; use '*' for the rest of the message")
  const element = layoutOfType(type, undefined)
  if (takesTheRest(type)) refuse(owner, field, 'its elements take the rest of the message each')
  if (element.size === 0) refuse(owner, field, 'elements of an array must have a size')
}

function checkCount(
  owner: string,
  field: string,
  count: string,
  seen: ReadonlyMap<string, FieldSpec>,
  counts: Set<string>,
): void {
  const found = seen.get(count)
  if (found === undefined)
    refuse(owner, field, `its count field '${count}' is not among the fields before it`)
  const [, , type, length] = found
  if (length !== undefined || integerBehind(type) === undefined) {
    refuse(owner, field, `its count field '${count}' must be an integer`)
  }
  if (counts.has(count)) refuse(owner, field, `'${count}' counts another array already`)
  counts.add(count)
}

function checkOptions(
  owner: string,
  field: FieldSpec,
  options: FieldOptions,
  seen: ReadonlyMap<string, FieldSpec>,
): void {
  const [wireName, , type, length] = field
  const { discriminator, limit } = options
  if (options.default !== undefined) checkDefault(owner, field, options.default)
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1))
    refuse(owner, wireName, `${limit} is not a limit`)
  if (discriminator === undefined) return
  if (typeof type === 'string' || type.descriptor.kind !== 'union' || length !== undefined) {
    refuse(owner, wireName, 'only a union has a discriminator')
  }
  const chooser = seen.get(discriminator)?.[2]
  if (chooser === undefined)
    refuse(owner, wireName, `its discriminator '${discriminator}' is not among the fields before it`)
  if (!DISCRIMINATOR.has(scalarOf(chooser, seen.get(discriminator)?.[3])))
    refuse(owner, wireName, `its discriminator '${discriminator}' is neither enum nor integer`)
}

/** The scalar type behind aliases and enums; undefined when there is none, or more than one of it. */
function scalarOf(type: TypeRef, length?: FieldLength): ScalarType | undefined {
  if (type === 'string' || length !== undefined) return undefined
  if (typeof type === 'string') return type
  const { descriptor } = type
  if (descriptor.kind === 'alias') return scalarOf(descriptor.type, descriptor.length)
  return descriptor.kind === 'enum' ? descriptor.base : undefined
}

function checkDefault(
  owner: string,
  [wireName, , type, length]: FieldSpec,
  value: number | bigint | boolean | string,
): void {
  if (type === 'string' && typeof value === 'string') return
  const scalar = scalarOf(type, length)
  if (scalar === undefined)
    refuse(owner, wireName, 'only a single number, boolean or string can have a default')
  if (fitsScalar(scalar, value)) return
  refuse(owner, wireName, `its default must be ${expectedOf(scalar)}, not ${typeof value} ${value}`)
}

/** Checks a type in the place of an alias' target or a union's arm: once, or a fixed array of it. */
export function checkElement(owner: string, type: TypeRef, length: number | undefined): void {
  checkLength(owner, '(target)', type, length)
  const layout = layoutOfType(type, length)
  if (layout.variable && length === 0) {
    throw new VppError('VPP_DESCRIPTOR', `${owner}: a string needs a fixed size here`)
  }
  checkLimits(owner, layout)
}

/** Checks the arms of a union, and that its size is that of the widest. */
export function checkArms({ name, size, arms, ctor }: UnionDescriptor): void {
  const owner = `union ${name}`
  const properties = new Set<string>()
  let widest = 0
  for (const [wireName, property, type, length] of arms) {
    if (properties.has(property)) refuse(owner, wireName, `property ${property} is given twice`)
    checkProperty(owner, wireName, property, ctor)
    checkLength(owner, wireName, type, length)
    const layout = layoutOfType(type, length)
    if (layout.variable) refuse(owner, wireName, 'an arm must have a fixed size')
    widest = Math.max(widest, layout.size)
    properties.add(property)
  }
  if (size !== widest || size === 0) {
    throw new VppError(
      'VPP_DESCRIPTOR',
      `${owner}: its size is given as ${size}, but its widest arm has ${widest} bytes`,
    )
  }
}

/** What a type must look like to have a friendly form: its size, and for scalars its type. */
const FORM_SHAPES: Readonly<Record<FriendlyForm, { readonly size: number; readonly scalar?: ScalarType }>> = {
  'ip4-address': { size: 4 },
  'ip6-address': { size: 16 },
  address: { size: 17 },
  'ip4-prefix': { size: 5 },
  'ip6-prefix': { size: 17 },
  prefix: { size: 18 },
  'mac-address': { size: 6 },
  timestamp: { size: 8, scalar: 'f64' },
  timedelta: { size: 8, scalar: 'f64' },
  'interface-index': { size: 4, scalar: 'u32' },
}

/** Checks that a type is of the shape that its friendly form stands for. */
export function checkForm(descriptor: AliasDescriptor | StructDescriptor, form: FriendlyForm): void {
  const shape = FORM_SHAPES[form]
  const { size, variable } = layoutOf(descriptor)
  const owner = `${descriptor.kind} ${descriptor.name}`
  if (variable || size !== shape.size) {
    throw new VppError(
      'VPP_DESCRIPTOR',
      `${owner}: the form ${form} needs ${shape.size} bytes, this has ${size}`,
    )
  }
  if (shape.scalar !== undefined && scalarOf({ descriptor }) !== shape.scalar) {
    throw new VppError('VPP_DESCRIPTOR', `${owner}: the form ${form} needs a ${shape.scalar}`)
  }
}
