import * as fc from 'fast-check'
import { Message, Struct, Union } from '../../codec/classes.ts'
import { defineEnum } from '../../codec/define-enum.ts'
import { defineAlias, defineMessage, defineStruct, defineUnion } from '../../codec/define.ts'
import type {
  ArmSpec,
  EnumBase,
  FieldOptions,
  FieldSpec,
  HeaderKind,
  ScalarType,
  TypeRef,
  UnionDescriptor,
} from '../../codec/descriptor.ts'
import { layoutOfType } from '../../codec/layout.ts'
import { Timestamp } from '../../codec/form/timestamp.ts'
import type { TestMessage } from './cases.ts'
import { Address, Index, Ip4, Ip6, Mac, Prefix, Prefix4, Prefix6, Stamp } from './demo.ts'

/** A type with a fixed size, and values that it takes. */
interface Sample {
  readonly type: TypeRef
  /** Fixed length, for strings and arrays. */
  readonly length: number | undefined
  readonly value: fc.Arbitrary<unknown>
  /** Declared default, for a single number. */
  readonly default?: number | bigint | boolean
  /** Of a fixed array: the field before it says how many elements mean something. */
  readonly short?: true
}

const signed = (bits: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 }),
    fc.constantFrom(-(2 ** (bits - 1)), 0),
  )
const unsigned = (bits: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 0, max: 2 ** bits - 1 }), fc.constantFrom(0, 2 ** bits - 1))

const SCALAR_VALUES: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  u8: unsigned(8),
  u16: unsigned(16),
  u32: unsigned(32),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  i8: signed(8),
  i16: signed(16),
  i32: signed(32),
  i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  f64: fc.double(),
  bool: fc.boolean(),
}

const scalar: fc.Arbitrary<Sample> = fc
  .constantFrom(...(Object.keys(SCALAR_VALUES) as ScalarType[]))
  .chain((type) =>
    fc.option(SCALAR_VALUES[type] as fc.Arbitrary<number>, { nil: undefined }).map((value) => ({
      type,
      length: undefined,
      value: SCALAR_VALUES[type],
      ...(value === undefined ? {} : { default: value }),
    })),
  )

const ip4 = fc.ipV4()
const ip6 = fc
  .tuple(...Array.from({ length: 8 }, () => unsigned(16)))
  .map((groups) => groups.map((group) => group.toString(16)).join(':'))
const prefix4 = fc.tuple(ip4, fc.integer({ min: 0, max: 32 })).map((parts) => parts.join('/'))
const prefix6 = fc.tuple(ip6, fc.integer({ min: 0, max: 128 })).map((parts) => parts.join('/'))

const form: fc.Arbitrary<Sample> = fc
  .constantFrom<[TypeRef, fc.Arbitrary<unknown>]>(
    [Ip4, ip4],
    [Ip6, ip6],
    [Address, fc.oneof(ip4, ip6)],
    [Prefix, fc.oneof(prefix4, prefix6)],
    [Prefix4, prefix4],
    [Prefix6, prefix6],
    [Mac, fc.uint8Array({ minLength: 6, maxLength: 6 })],
    [Stamp, fc.double().map((seconds) => new Timestamp(seconds))],
    [Index, unsigned(32)],
  )
  .map(([type, value]) => ({ type, length: undefined, value }))

const fixedText: fc.Arbitrary<Sample> = fc.integer({ min: 1, max: 40 }).map((length) => ({
  type: 'string',
  length,
  value: textOf(length - 1),
}))

/** Text without NUL of at most `longest` bytes. */
function textOf(longest: number): fc.Arbitrary<string> {
  return fc
    .oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: longest }),
      fc.string({ unit: 'binary', maxLength: Math.floor(longest / 4) }),
    )
    .map((text) => text.replaceAll('\0', ''))
}

const enumeration: fc.Arbitrary<Sample> = fc
  .tuple(fc.constantFrom<EnumBase>('u8', 'u16', 'u32', 'i8', 'i16', 'i32'), fc.boolean())
  .map(([base, flags]) => ({
    type: defineEnum('some_enum', base, { ZERO: 0, ONE: 1, TWO: 2, BOTH: 3, FAR: 64 }, { flags }),
    length: undefined,
    value: fc.oneof(
      SCALAR_VALUES[base],
      fc.constantFrom('ONE', 'FAR'),
      flags ? fc.constant(['ONE', 8]) : fc.nat(9),
    ),
  }))

/** An object from the values of its fields; any of them may be left out. */
function objectOf(samples: readonly Sample[]): fc.Arbitrary<object> {
  const fields = Object.fromEntries(
    // Lengths follow from their arrays.
    samples.flatMap((sample, index) => (samples[index + 1]?.short ? [] : [[`p${index}`, sample.value]])),
  )
  return fc.record(fields, { requiredKeys: [] })
}

function structOf(samples: readonly Sample[]): Sample {
  class Some extends Struct<Some> {
    static readonly descriptor = defineStruct(Some, 'some_struct', fieldsOf(samples))
  }
  const value = objectOf(samples)
  return {
    type: Some,
    length: undefined,
    value: fc.oneof(
      value,
      value.map((init) => new Some(init as never)),
    ),
  }
}

function fieldsOf(samples: readonly Sample[]): FieldSpec[] {
  return samples.map((sample, index) => {
    const { type, length } = sample
    const chooser = samples[index - 1]
    const isUnion = typeof type !== 'string' && type.descriptor.kind === 'union' && length === undefined
    const options: FieldOptions = {
      ...(sample.default === undefined || length !== undefined ? {} : { default: sample.default }),
      ...(isUnion && canChoose(chooser) ? { discriminator: `w${index - 1}` } : {}),
    }
    return [wireName(samples, index), `p${index}`, type, length, options] as const
  })
}

function wireName(samples: readonly Sample[], index: number): string {
  const next = samples[index + 1]
  if (next?.short !== true) return `w${index}`
  return next.type === 'u8' ? `w${index + 1}_len` : `num_w${index + 1}`
}

/** True for a field that may be the discriminator of the union behind it. */
function canChoose(sample: Sample | undefined): boolean {
  if (sample === undefined || sample.length !== undefined) return false
  if (typeof sample.type === 'string') return /^[ui](?:8|16|32)$/.test(sample.type)
  return sample.type.descriptor.kind === 'enum'
}

function unionOf(samples: readonly Sample[]): Sample {
  const size = Math.max(...samples.map(({ type, length }) => layoutOfType(type, length).size))
  const arms: ArmSpec[] = samples.map(({ type, length }, index) => [
    `w${index}`,
    `p${index}`,
    type,
    length,
    index,
  ])
  class Some extends Union<Some> {
    static readonly descriptor: UnionDescriptor<Some> = defineUnion(Some, 'some_union', size, arms)
  }
  const value = fc.oneof(...samples.map((sample, index) => fc.record({ [`p${index}`]: sample.value })))
  const bytes = fc.uint8Array({ minLength: size, maxLength: size })
  return {
    type: Some,
    length: undefined,
    value: fc.oneof(
      value,
      value.map((init) => new Some(init as never)),
      bytes.map((each) => Some.fromBytes(each)),
    ),
  }
}

/** As many elements as `length` says: bytes for u8, an array for anything else. */
function repeat(element: Sample, least: number, most: number): fc.Arbitrary<unknown> {
  return element.type === 'u8'
    ? fc.uint8Array({ minLength: least, maxLength: most })
    : fc.array(element.value, { minLength: least, maxLength: most })
}

const lengthField: fc.Arbitrary<Sample> = fc
  .constantFrom<ScalarType>('u8', 'u16', 'u32')
  .map((type) => ({ type, length: undefined, value: fc.constant(0) }))

function shortArray({ type, value }: Sample): Sample {
  const length = 5
  return { type, length, short: true, value: repeat({ type, length: undefined, value }, 0, length) }
}

/** Types of a fixed size, nested in each other. */
const { sample, fields } = fc.letrec<{ sample: Sample; one: Sample; union: Sample; fields: Sample[] }>(
  (tie) => ({
    one: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: scalar, weight: 4 },
      { arbitrary: form, weight: 3 },
      { arbitrary: enumeration, weight: 2 },
      {
        arbitrary: tie('fields')
          .filter(({ length }) => length > 0)
          .map(structOf),
        weight: 1,
      },
      { arbitrary: tie('union'), weight: 1 },
      {
        arbitrary: tie('sample').map((target) => ({
          ...target,
          type: defineAlias('some_alias', target.type, target.length),
          length: undefined,
        })),
        weight: 1,
      },
    ),
    union: fc.array(tie('sample'), { minLength: 1, maxLength: 3 }).map(unionOf),
    /** Fields of a block; some are a union behind what may choose its arm. */
    fields: fc
      .array(
        fc.oneof(
          { maxDepth: 3 },
          { arbitrary: tie('sample').map((one) => [one]), weight: 4 },
          { arbitrary: fc.tuple(fc.oneof(scalar, enumeration), tie('union')), weight: 1 },
          { arbitrary: fc.tuple(lengthField, tie('one').map(shortArray)), weight: 1 },
        ),
        { maxLength: 4 },
      )
      .map((groups) => groups.flat()),
    sample: fc.oneof(
      { maxDepth: 3 },
      { arbitrary: tie('one'), weight: 5 },
      { arbitrary: fixedText, weight: 1 },
      {
        arbitrary: fc.tuple(tie('one'), fc.integer({ min: 1, max: 4 })).map(([element, length]) => ({
          type: element.type,
          length,
          value: repeat(element, length, length),
        })),
        weight: 2,
      },
    ),
  }),
)

/** The end of a message: nothing, or one variable field. */
interface Tail {
  readonly fields: readonly FieldSpec[]
  readonly value: fc.Arbitrary<unknown>
}

const MOST_ELEMENTS = 6

/** Integers that count elements, one as an alias. */
const counts: fc.Arbitrary<TypeRef> = fc.constantFrom<TypeRef>(
  'u8',
  'u16',
  'u32',
  'u64',
  'i8',
  'i16',
  'i32',
  'i64',
  defineAlias('some_count', 'i16'),
)

function countedTail(element: Sample, count: TypeRef): Tail {
  const target =
    element.length === undefined ? element : { ...element, type: aliasOf(element), length: undefined }
  return {
    fields: [
      ['n', 'n', count],
      ['between', 'between', 'u8'],
      ['tail', 'tail', target.type, 'n'],
    ],
    value: repeat(target, 0, MOST_ELEMENTS),
  }
}

function aliasOf({ type, length }: Sample): TypeRef {
  return defineAlias('some_alias', type, length)
}

/** A struct that ends in a variable part: an array, text, or a number of such structs. */
const { variable } = fc.letrec<{ variable: Sample }>((tie) => ({
  variable: fc
    .tuple(
      sample,
      fc.oneof(
        { maxDepth: 2 },
        fc.tuple(sample, counts).map((made) => countedTail(...made)),
        fc.constant<Tail>({ fields: [['tail', 'tail', 'string', 0]], value: textOf(20) }),
        fc.tuple(tie('variable'), counts).map((made) => countedTail(...made)),
        tie('variable').map((element): Tail => ({
          fields: [['tail', 'tail', element.type, 2]],
          value: repeat(element, 2, 2),
        })),
        tie('variable').map((element): Tail => ({
          fields: [['tail', 'tail', element.type]],
          value: element.value,
        })),
      ),
    )
    .map(([first, end]): Sample => {
      class Open extends Struct<Open> {
        static readonly descriptor = defineStruct(Open, 'open_struct', [
          ['first', 'first', first.type, first.length],
          ...end.fields,
        ])
      }
      const value = fc.record({ first: first.value, tail: end.value }, { requiredKeys: [] })
      return {
        type: Open,
        length: undefined,
        value: fc.oneof(
          value,
          value.map((init) => new Open(init as never)),
        ),
      }
    }),
}))

const tail: fc.Arbitrary<Tail> = fc.oneof(
  fc.constant<Tail>({ fields: [], value: fc.constant(undefined) }),
  fc.tuple(sample, counts).map((made) => countedTail(...made)),
  fc.tuple(variable, counts).map((made) => countedTail(...made)),
  fc.tuple(variable, fc.integer({ min: 1, max: 3 })).map(([element, length]): Tail => ({
    fields: [['tail', 'tail', element.type, length]],
    value: fc.option(repeat(element, length, length), { nil: undefined }),
  })),
  variable.map((element): Tail => ({
    fields: [['tail', 'tail', element.type, '*']],
    value: repeat(element, 0, MOST_ELEMENTS),
  })),
  fc.constant<Tail>({ fields: [['tail', 'tail', 'string', 0]], value: fc.oneof(textOf(100), fc.string()) }),
  sample.map((element) => {
    const type = element.length === undefined ? element.type : aliasOf(element)
    return {
      fields: [['tail', 'tail', type, '*']],
      value: repeat({ ...element, type }, 0, MOST_ELEMENTS),
    } as Tail
  }),
)

/** Whether the variable part stands in the message itself or in a struct at its end. */
function nest({ fields, value }: Tail): Tail {
  class Holder extends Struct<Holder> {
    static readonly descriptor = defineStruct(Holder, 'holder', [['first', 'first', 'u16'], ...fields])
  }
  return {
    fields: [['holder', 'holder', Holder]],
    value: fc.record({ first: unsigned(16), tail: value }).map(({ first, tail: content }) => ({
      holder: content === undefined ? { first } : { first, tail: content },
    })),
  }
}

/** A random message class with a random value of it, as an input of the constructor. */
export const anyMessage: fc.Arbitrary<readonly [TestMessage, object]> = fc
  .tuple(fields, tail, fc.boolean(), fc.constantFrom<HeaderKind>('request', 'reply', 'event', 'none'))
  .chain(([samples, end, nested, header]) => {
    const last = nested ? nest(end) : end
    class Some extends Message<Some> {
      static readonly descriptor = defineMessage(Some, 'some_message', '01234567', header, [
        ...fieldsOf(samples),
        ...last.fields,
      ])
    }
    return fc.tuple(
      fc.constant(Some as unknown as TestMessage),
      fc.tuple(objectOf(samples), last.value).map(([fields, content]) => ({
        ...fields,
        ...(nested ? (content as object) : content === undefined ? {} : { tail: content }),
      })),
    )
  })
