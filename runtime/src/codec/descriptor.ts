/**
 * The data that generated code hands to the codec. A descriptor holds facts only; encode and decode are built
 * from it on first use. Everything here is plain and frozen, so that schemas loaded at run time and generated
 * bindings go through the same engine.
 */

/** Built-in types of VPP's API language that occupy a fixed number of bytes. */
export type ScalarType = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64' | 'f64' | 'bool'

/** Integer types an enum may be based on. */
export type EnumBase = 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32'

/**
 * Types that users see as text or as a value object instead of their raw bytes. The generator assigns a form by
 * type name and shape; the definer checks the shape once more.
 */
export type FriendlyForm =
  | 'ip4-address'
  | 'ip6-address'
  | 'address'
  | 'ip4-prefix'
  | 'ip6-prefix'
  | 'prefix'
  | 'mac-address'
  | 'timestamp'
  | 'timedelta'
  | 'interface-index'

/** Anything that can stand in the type position of a field. */
export type TypeRef = ScalarType | 'string' | { readonly descriptor: TypeDescriptor }

/**
 * How often a field's type occurs.
 *
 * - absent: once
 * - a number above 0: fixed array; for `string` a fixed size in bytes including the terminating NUL
 * - `0`: only for `string`: u32 length prefix, then that many bytes
 * - a wire name: as many elements as that earlier field of the same block says; the count field is derived from
 *   the array and is not part of the class
 * - `'*'`: all remaining bytes of the message (legacy `T x[0]`)
 */
export type FieldLength = number | string

/** Facts of a field beside its type. */
export interface FieldOptions {
  /** Declared default, already coerced to the field's type. */
  readonly default?: number | bigint | boolean | string
  /** Longest value accepted: bytes for strings (NUL included), elements for arrays. */
  readonly limit?: number
  /** Wire name of the earlier sibling that chooses the arm; only on fields of a union type. */
  readonly discriminator?: string
}

/** `[wire name, property name, type, length?, options?]`. */
export type FieldSpec = readonly [
  wireName: string,
  propertyName: string,
  type: TypeRef,
  length?: FieldLength | undefined,
  options?: FieldOptions,
]

/** `[wire name, property name, type, length?, case?]`; `case` is the value of the discriminator for this arm. */
export type ArmSpec = readonly [
  wireName: string,
  propertyName: string,
  type: TypeRef,
  length?: number | undefined,
  discriminatorValue?: number,
]

/**
 * Which header fields stand between the message id and its first own field.
 * request: client_index, context. reply: context. event: client_index. none: nothing.
 * It is a matter of layout, not of role: nine replies and details have the request layout.
 */
export type HeaderKind = 'request' | 'reply' | 'event' | 'none'

/** Constructor of a generated class. */
export type Constructor<T> = abstract new (...args: never[]) => T

export interface EnumDescriptor {
  readonly kind: 'enum'
  readonly name: string
  readonly base: EnumBase
  /** True for `enumflag`, and for enums that VPP uses as flags (name ends in `_flags`). */
  readonly flags: boolean
  /** Member name to value, in the order of the definition. */
  readonly members: Readonly<Record<string, number>>
}

export interface AliasDescriptor {
  readonly kind: 'alias'
  readonly name: string
  readonly type: TypeRef
  /** Fixed array length, if the alias names an array. */
  readonly length: number | undefined
  readonly form: FriendlyForm | undefined
}

export interface StructDescriptor<T = unknown> {
  readonly kind: 'struct'
  readonly name: string
  readonly fields: readonly FieldSpec[]
  /** A struct with a form has no class: its values are text. */
  readonly form: FriendlyForm | undefined
  readonly ctor: Constructor<T> | undefined
}

export interface UnionDescriptor<T = unknown> {
  readonly kind: 'union'
  readonly name: string
  /** Bytes on the wire: the widest arm. */
  readonly size: number
  readonly arms: readonly ArmSpec[]
  readonly ctor: Constructor<T>
}

export type TypeDescriptor = EnumDescriptor | AliasDescriptor | StructDescriptor | UnionDescriptor

export interface MessageDescriptor<T = unknown> {
  readonly kind: 'message'
  readonly name: string
  /** Eight lowercase hex digits without `0x`, as in VPP's message table. */
  readonly crc: string
  readonly header: HeaderKind
  /** Fields after the header, count fields included. */
  readonly fields: readonly FieldSpec[]
  readonly ctor: Constructor<T>
}
