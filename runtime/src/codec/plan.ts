import type {
  EnumDescriptor,
  MessageDescriptor,
  ScalarType,
  StructDescriptor,
  UnionDescriptor,
} from './descriptor.ts'
import type { FormCodec } from './form/form-codec.ts'
import type { KeyText } from './form/key-text.ts'

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
  /** `length`: the sibling that says how many of the elements mean something; the others are neither read nor needed. */
  | { readonly kind: 'fixed'; readonly count: number; readonly length: CountField | undefined }
  | { readonly kind: 'counted'; readonly field: CountField }
  | { readonly kind: 'rest' }

/** The field of the same block that holds a number of elements. */
export interface CountField {
  readonly wireName: string
  /** Accepted in an input when it says what the array's length says. */
  readonly property: string
  /** From the start of the block. */
  readonly offset: number
  readonly size: 1 | 2 | 4 | 8
  /** True for an `i8` to `i64`; a negative count is more than any message holds. */
  readonly signed: boolean
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
  /** How they may also be given, if they are a key. */
  readonly text: KeyText | undefined
}

/**
 * Any other array. Elements that vary in size stand one behind the other, each with its variable part; such an array has
 * the size 0, since its length depends on its content.
 */
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
  /** The fixed array that a field says the meaningful length of, by that field: `labelStack` by `nLabels`. */
  readonly lengths: ReadonlyMap<FieldPlan, FieldPlan>
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
  /** Whether it is an interface index without a default, or a struct that holds one: a request must say it. */
  readonly required: boolean
  /** The sibling that chooses the arm, if this is a union. */
  readonly discriminator: FieldPlan | undefined
}
