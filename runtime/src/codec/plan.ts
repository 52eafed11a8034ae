import type {
  EnumDescriptor,
  FieldLength,
  FieldOptions,
  MessageDescriptor,
  ScalarType,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from './descriptor.ts'
import { FORMS } from './form/forms.ts'
import type { FormCodec } from './form/forms.ts'
import { SCALAR_SIZE } from './layout.ts'

/**
 * What both engines work from: every alias resolved, every offset computed. Only the last member of a block may vary
 * in size, so all offsets are constants and one check covers all of a block's fixed part.
 */
export type Plan = ScalarPlan | StringPlan | BytesPlan | ArrayPlan | BlockPlan | UnionPlan | FormPlan

/** A number, bigint or boolean. */
export interface ScalarPlan {
  readonly kind: 'scalar'
  readonly size: number
  readonly variable: false
  readonly type: ScalarType
  /** Names for values, if it is an enum. */
  readonly enum: EnumDescriptor | undefined
  /** True for an interface index, where -1 may be written for "none" (0xffffffff). */
  readonly minusOne: boolean
}

/** Text: fixed in `size` bytes with a NUL, or with a u32 length in front. */
export interface StringPlan {
  readonly kind: 'string'
  readonly size: number
  readonly variable: boolean
  /** Most bytes of text, NUL not counted. */
  readonly longest: number
}

/** How many elements there are. */
export type Extent =
  | { readonly kind: 'fixed'; readonly count: number }
  | { readonly kind: 'counted'; readonly field: CountField }
  | { readonly kind: 'rest' }

/** The field of the same block that holds the number of elements. */
export interface CountField {
  readonly wireName: string
  /** Accepted in an input when it says what the array's length says. */
  readonly property: string
  /** From the start of the block. */
  readonly offset: number
  readonly size: 1 | 2 | 4
  /** Largest count that fits. */
  readonly most: number
}

/** `u8 x[...]`. */
export interface BytesPlan {
  readonly kind: 'bytes'
  readonly size: number
  readonly variable: boolean
  readonly extent: Extent
  /** Most elements accepted on the way out. */
  readonly longest: number
}

/** Any other array. */
export interface ArrayPlan {
  readonly kind: 'array'
  readonly size: number
  readonly variable: boolean
  readonly extent: Extent
  readonly longest: number
  readonly element: Plan
}

/** A union: raw bytes as wide as the widest arm. */
export interface UnionPlan {
  readonly kind: 'union'
  readonly size: number
  readonly variable: false
  readonly descriptor: UnionDescriptor
  readonly arms: readonly ArmPlan[]
}

/** One reading of a union's bytes. */
export interface ArmPlan {
  readonly wireName: string
  readonly property: string
  readonly plan: Plan
  /** Value of the discriminator that stands for this arm. */
  readonly discriminatorValue: number | undefined
}

/** A type that users see as text or as a value object. */
export interface FormPlan {
  readonly kind: 'form'
  readonly size: number
  readonly variable: false
  readonly form: FormCodec
}

/** Fields of a struct or message, one behind the other. */
export interface BlockPlan {
  readonly kind: 'block'
  readonly descriptor: StructDescriptor | MessageDescriptor
  /** Bytes of the fixed part; the header of a message is not counted. */
  readonly size: number
  readonly variable: boolean
  /** Fields that are properties of the class, in wire order. */
  readonly fields: readonly FieldPlan[]
  /** Count fields, which are not. */
  readonly counts: readonly CountField[]
  /** The union that a discriminator chooses the arm of, by the discriminator. */
  readonly chosen: ReadonlyMap<FieldPlan, FieldPlan>
  /** Every property that an input may have, count fields included. */
  readonly names: ReadonlySet<string>
}

/** A property. */
export interface FieldPlan {
  readonly wireName: string
  readonly property: string
  /** From the start of the block. */
  readonly offset: number
  readonly plan: Plan
  /** Value of the API's `default`. */
  readonly default: number | bigint | boolean | string | undefined
  /** The sibling that chooses the arm, if this is a union. */
  readonly discriminator: FieldPlan | undefined
}

const blocks = new WeakMap<object, BlockPlan>()
const unions = new WeakMap<object, UnionPlan>()

/** The plan of a message or struct; made once. */
export function planBlock(descriptor: StructDescriptor | MessageDescriptor): BlockPlan {
  let plan = blocks.get(descriptor)
  if (plan === undefined) {
    plan = makeBlock(descriptor)
    blocks.set(descriptor, plan)
  }
  return plan
}

/** The plan of a union; made once. */
export function planUnion(descriptor: UnionDescriptor): UnionPlan {
  let plan = unions.get(descriptor)
  if (plan === undefined) {
    const arms = descriptor.arms.map(([wireName, property, type, length, discriminatorValue]) => ({
      wireName,
      property,
      plan: planField(type, length, undefined, undefined),
      discriminatorValue,
    }))
    plan = { kind: 'union', size: descriptor.size, variable: false, descriptor, arms }
    unions.set(descriptor, plan)
  }
  return plan
}

function makeBlock(descriptor: StructDescriptor | MessageDescriptor): BlockPlan {
  const countNames = new Set(descriptor.fields.map(([, , , length]) => length))
  const counts = new Map<string, CountField>()
  const fields: FieldPlan[] = []
  let offset = 0
  for (const [wireName, property, type, length, options] of descriptor.fields) {
    if (countNames.has(wireName)) {
      const size = countSize(type)
      counts.set(wireName, { wireName, property, offset, size, most: 2 ** (8 * size) - 1 })
      offset += size
      continue
    }
    const plan = planField(type, length, options, (name) => counts.get(name))
    const discriminator = fields.find((field) => field.wireName === options?.discriminator)
    fields.push({ wireName, property, offset, plan, default: options?.default, discriminator })
    offset += plan.size
  }
  return {
    kind: 'block',
    descriptor,
    size: offset,
    variable: fields.at(-1)?.plan.variable ?? false,
    fields,
    counts: [...counts.values()],
    chosen: new Map(fields.flatMap((field) => (field.discriminator ? [[field.discriminator, field]] : []))),
    names: new Set(descriptor.fields.map(([, property]) => property)),
  }
}

function countSize(type: TypeRef): 1 | 2 | 4 {
  return type === 'u8' ? 1 : type === 'u16' ? 2 : 4
}

type FindCount = (wireName: string) => CountField | undefined

function planField(
  type: TypeRef,
  length: FieldLength | undefined,
  options: FieldOptions | undefined,
  findCount: FindCount | undefined,
): Plan {
  if (type === 'string') return planString(Number(length), options?.limit)
  const element = planType(type)
  if (length === undefined) return element
  const extent = planExtent(length, findCount)
  const fixed = extent.kind === 'fixed'
  const shared = {
    size: fixed ? extent.count * element.size : 0,
    variable: !fixed,
    extent,
    longest: Math.min(options?.limit ?? Infinity, extent.kind === 'counted' ? extent.field.most : Infinity),
  }
  return type === 'u8' ? { kind: 'bytes', ...shared } : { kind: 'array', ...shared, element }
}

function planExtent(length: FieldLength, findCount: FindCount | undefined): Extent {
  if (typeof length === 'number') return { kind: 'fixed', count: length }
  const field = findCount?.(length)
  return field === undefined ? { kind: 'rest' } : { kind: 'counted', field }
}

function planString(size: number, limit: number | undefined): StringPlan {
  const room = size === 0 ? 0xffffffff : size - 1
  const longest = limit === undefined ? room : Math.min(room, limit - 1)
  return { kind: 'string', size: size === 0 ? 4 : size, variable: size === 0, longest }
}

function planScalar(type: ScalarType, minusOne = false): ScalarPlan {
  return { kind: 'scalar', size: SCALAR_SIZE[type], variable: false, type, enum: undefined, minusOne }
}

/** Plan of one element of a type. */
function planType(type: TypeRef): Plan {
  if (typeof type === 'string') return type === 'string' ? planString(0, undefined) : planScalar(type)
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'enum':
      return { ...planScalar(descriptor.base), enum: descriptor }
    case 'union':
      return planUnion(descriptor)
    case 'struct':
      return descriptor.form === undefined ? planBlock(descriptor) : planForm(descriptor.form)
    case 'alias':
      if (descriptor.form !== undefined) return planForm(descriptor.form)
      return planField(descriptor.type, descriptor.length, undefined, undefined)
  }
}

function planForm(name: NonNullable<StructDescriptor['form']>): Plan {
  if (name === 'timedelta') return planScalar('f64')
  if (name === 'interface-index') return planScalar('u32', true)
  const form = FORMS[name]
  return { kind: 'form', size: form.size, variable: false, form }
}
