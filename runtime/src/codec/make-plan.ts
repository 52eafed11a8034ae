import type {
  FieldLength,
  FieldOptions,
  MessageDescriptor,
  ScalarType,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from './descriptor.ts'
import { FORMS } from './form/forms.ts'
import { SCALAR_SIZE } from './layout.ts'
import type { KeyText } from './form/key-text.ts'
import type {
  ArrayPlan,
  BlockPlan,
  BytesPlan,
  CountField,
  Extent,
  FieldPlan,
  Plan,
  ScalarPlan,
  StringPlan,
  UnionPlan,
} from './plan.ts'

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
      const count = countField({ wireName, property, offset, plan: planType(type) })
      counts.set(wireName, count)
      offset += count.size
      continue
    }
    const plan = named(
      wireName,
      planField(type, length, options, (name) => counts.get(name)),
    )
    const discriminator = fields.find((field) => field.wireName === options?.discriminator)
    const required =
      options?.default === undefined && length === undefined && isRequired(wireName, type, plan)
    fields.push({ wireName, property, offset, plan, default: options?.default, required, discriminator })
    offset += plan.size
  }
  const lengths = shortened(fields)
  return {
    kind: 'block',
    descriptor,
    size: offset,
    variable: fields.at(-1)?.plan.variable ?? false,
    fields,
    counts: [...counts.values()],
    chosen: new Map(fields.flatMap((field) => (field.discriminator ? [[field.discriminator, field]] : []))),
    lengths,
    names: new Set(descriptor.fields.map(([, property]) => property)),
  }
}

/** A u32 that is an index though its type does not say so: `sw_if_index`, `policer_index`. */
const INDEX_NAME = /(?:^|_)index$/

/** What the name of a field says in addition to its type. */
function named(wireName: string, plan: Plan): Plan {
  if (plan.kind === 'bytes') return asKey(wireName, plan)
  const isIndex = plan.kind === 'scalar' && plan.type === 'u32' && plan.enum === undefined
  return isIndex && INDEX_NAME.test(wireName) ? { ...plan, minusOne: true } : plan
}

/** Keys of wireguard. */
const BASE64_NAME = /(?:^|_)(?:private|public|preshared)_key$/
const BASE64_BYTES = 32

/** Keys of IPsec, which have a `length`, and of BFD. */
const HEX_NAMES: ReadonlySet<string> = new Set(['data', 'key'])

function asKey<P extends ArrayPlan | BytesPlan>(wireName: string, plan: P): P {
  return plan.kind === 'bytes' ? { ...plan, text: keyText(wireName, plan) } : plan
}

function keyText(wireName: string, { extent, size }: BytesPlan): KeyText | undefined {
  if (extent.kind !== 'fixed') return undefined
  if (size === BASE64_BYTES && BASE64_NAME.test(wireName)) return 'base64'
  return extent.length !== undefined && HEX_NAMES.has(wireName) ? 'hex' : undefined
}

/** A u32 that is an interface index though its type does not say so. */
const INTERFACE_NAME = /(?:^|_)sw_if_index$/

function isRequired(wireName: string, type: TypeRef, plan: Plan): boolean {
  if (plan.kind === 'block') return plan.fields.some(({ required }) => required)
  return isInterfaceIndex(type) || (type === 'u32' && INTERFACE_NAME.test(wireName))
}

function isInterfaceIndex(type: TypeRef): boolean {
  if (typeof type === 'string' || type.descriptor.kind !== 'alias') return false
  const { form, type: target, length } = type.descriptor
  return form === 'interface-index' || (length === undefined && isInterfaceIndex(target))
}

/** `n_labels`, `num_sids`, `rx_count`; what else is there is how the array's name begins. */
const LENGTH_NAME = /^(?:(?:n|num)_(\w+?)s?|(\w+)_count)$/

/** The same of bytes: `key_len`, `match_length`. */
const SIZE_NAME = /^(\w+)_len(?:gth)?$/

/** Finds the fixed arrays that another field says the meaningful length of, and lets them be given short. */
function shortened(fields: FieldPlan[]): Map<FieldPlan, FieldPlan> {
  const lengths = new Map<FieldPlan, FieldPlan>()
  for (const [index, field] of fields.entries()) {
    const { plan } = field
    if ((plan.kind !== 'array' && plan.kind !== 'bytes') || plan.extent.kind !== 'fixed') continue
    if (plan.variable) continue
    const length = fields.find((each) => saysLengthOf(each, field))
    if (length === undefined) continue
    const short = {
      ...field,
      plan: asKey(field.wireName, { ...plan, extent: { ...plan.extent, length: countField(length) } }),
    }
    fields[index] = short
    lengths.set(length, short)
  }
  return lengths
}

function saysLengthOf({ plan, wireName }: FieldPlan, array: FieldPlan): boolean {
  const isCount = plan.kind === 'scalar' && plan.enum === undefined && /^u(?:8|16|32)$/.test(plan.type)
  if (!isCount) return false
  const isBytes = array.plan.kind === 'bytes'
  // The key of IPsec: `length` and `data`.
  if (isBytes && wireName === 'length') return array.wireName === 'data'
  const [, before, after] = (isBytes ? SIZE_NAME : LENGTH_NAME).exec(wireName) ?? []
  const stem = before ?? after
  return stem !== undefined && array.wireName.startsWith(stem)
}

function countField({
  wireName,
  property,
  offset,
  plan,
}: Pick<FieldPlan, 'wireName' | 'property' | 'offset' | 'plan'>): CountField {
  const size = plan.size as CountField['size']
  const signed = plan.kind === 'scalar' && plan.type.startsWith('i')
  // No array is longer than 32 bits can say.
  const most = 2 ** Math.min(32, signed ? 8 * size - 1 : 8 * size) - 1
  return { wireName, property, offset, size, signed, most }
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
  const isFixed = extent.kind === 'fixed' && !element.variable
  const shared = {
    size: isFixed ? extent.count * element.size : 0,
    variable: !isFixed,
    extent,
    longest: Math.min(options?.limit ?? Infinity, extent.kind === 'counted' ? extent.field.most : Infinity),
  }
  return type === 'u8' ? { kind: 'bytes', ...shared, text: undefined } : { kind: 'array', ...shared, element }
}

function planExtent(length: FieldLength, findCount: FindCount | undefined): Extent {
  if (typeof length === 'number') return { kind: 'fixed', count: length, length: undefined }
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
