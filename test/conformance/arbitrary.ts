import * as fc from 'fast-check'
import type {
  EnumBase,
  EnumDescriptor,
  FieldLength,
  FieldSpec,
  FriendlyForm,
  ScalarType,
  TypeRef,
  UnionDescriptor,
} from '@vpp-ts/runtime/codegen/v1'
import { numberToNeutral, valueFields } from './neutral.ts'
import type { Neutral, NeutralBlock } from './neutral.ts'

const LONGEST = 6

const INTEGERS: Readonly<Record<EnumBase, readonly [number, number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
}

/** Neutral values for the fields of a message, which need not make sense to VPP. Text is what vpp_papi can read. */
export function blocks(fields: readonly FieldSpec[]): fc.Arbitrary<NeutralBlock> {
  const entries = valueFields(fields).map(
    ([wireName, , type, length]) => [wireName, field(type, length)] as const,
  )
  return fc.record(Object.fromEntries(entries))
}

function field(type: TypeRef, length: FieldLength | undefined): fc.Arbitrary<Neutral> {
  if (type === 'string') return text(length)
  if (length === undefined) return value(type)
  const size = typeof length === 'number' ? { minLength: length, maxLength: length } : { maxLength: LONGEST }
  if (type === 'u8') return fc.uint8Array(size).map((bytes) => Buffer.from(bytes).toString('hex'))
  return fc.array(value(type), size)
}

/** Printable ASCII: vpp_papi refuses everything else. */
function text(length: FieldLength | undefined): fc.Arbitrary<string> {
  const most = typeof length === 'number' && length > 0 ? length - 1 : 40
  return fc.string({ maxLength: most, unit: 'grapheme-ascii' })
}

function value(type: TypeRef): fc.Arbitrary<Neutral> {
  if (type === 'string') return text(0)
  if (typeof type === 'string') return scalar(type)
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'enum':
      return enumValue(descriptor)
    case 'union':
      return arm(descriptor)
    case 'struct':
      return descriptor.form === undefined ? blocks(descriptor.fields) : form(descriptor.form)
    case 'alias':
      return descriptor.form === undefined ? field(descriptor.type, descriptor.length) : form(descriptor.form)
  }
}

function scalar(type: ScalarType): fc.Arbitrary<Neutral> {
  switch (type) {
    case 'bool':
      return fc.boolean()
    case 'f64':
      return fc.double().map(numberToNeutral)
    case 'u64':
      return fc.bigInt(0n, 2n ** 64n - 1n).map(String)
    case 'i64':
      return fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String)
    default:
      return integer(type)
  }
}

function integer(base: EnumBase): fc.Arbitrary<number> {
  const [min, max] = INTEGERS[base]
  return fc.integer({ min, max })
}

function enumValue({ base, members }: EnumDescriptor): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(...Object.values(members)), integer(base))
}

function arm({ arms }: UnionDescriptor): fc.Arbitrary<NeutralBlock> {
  return fc.oneof(
    ...arms.map(([wireName, , type, length]) =>
      field(type, length).map((content) => ({ [wireName]: content })),
    ),
  )
}

function hex(size: number): fc.Arbitrary<string> {
  return fc
    .uint8Array({ minLength: size, maxLength: size })
    .map((bytes) => Buffer.from(bytes).toString('hex'))
}

const address: fc.Arbitrary<NeutralBlock> = fc.oneof(
  hex(4).map((ip4) => ({ af: 0, un: { ip4 } })),
  hex(16).map((ip6) => ({ af: 1, un: { ip6 } })),
  fc.tuple(fc.integer({ min: 2, max: 255 }), hex(16)).map(([af, ip6]) => ({ af, un: { ip6 } })),
)

function form(name: FriendlyForm): fc.Arbitrary<Neutral> {
  const len = integer('u8')
  switch (name) {
    case 'ip4-address':
      return hex(4)
    case 'ip6-address':
      return hex(16)
    case 'address':
      return address
    case 'ip4-prefix':
      return fc.record({ address: hex(4), len })
    case 'ip6-prefix':
      return fc.record({ address: hex(16), len })
    case 'prefix':
      return fc.record({ address, len })
    case 'mac-address':
      return hex(6)
    case 'timestamp':
    case 'timedelta':
      return scalar('f64')
    case 'interface-index':
      return integer('u32')
  }
}
