/**
 * What a JSON Schema is made from: the part of the runtime's descriptors that says what values look like. Descriptors of
 * generated bindings and of schemas loaded at run time are of this shape, and so is what `describe` makes of a model.
 */

/** Built-in types of a fixed size. */
export type ScalarShape = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64' | 'f64' | 'bool'

/** Types whose values are text, or a separate kind of number, instead of their raw parts. */
export type FormShape =
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
export type TypeShape = ScalarShape | 'string' | { readonly descriptor: NamedShape }

/** Facts of a field beside its type. */
export interface FieldFacts {
  readonly default?: number | bigint | boolean | string
  /** Longest value: bytes of a string with its NUL, elements of an array. */
  readonly limit?: number
}

/**
 * `[wire name, property name, type, length?, facts?]`. The length is a number, the wire name of the field that counts,
 * or `'*'` for whatever is left of the message; a `string` of length 0 has a length prefix.
 */
export type FieldShape = readonly [
  wireName: string,
  propertyName: string,
  type: TypeShape,
  length?: number | string | undefined,
  facts?: FieldFacts | undefined,
]

/** `[wire name, property name, type, length?, value of the discriminator?]`. */
export type ArmShape = readonly [
  wireName: string,
  propertyName: string,
  type: TypeShape,
  length?: number | undefined,
  discriminatorValue?: number | undefined,
]

/** An enum, or flags. */
export interface EnumShape {
  readonly kind: 'enum'
  readonly name: string
  readonly base: Exclude<ScalarShape, 'u64' | 'i64' | 'f64' | 'bool'>
  readonly flags: boolean
  readonly members: Readonly<Record<string, number>>
}

/** Another name for a type, or for an array of it. */
export interface AliasShape {
  readonly kind: 'alias'
  readonly name: string
  readonly type: TypeShape
  readonly length: number | undefined
  readonly form: FormShape | undefined
}

/** A struct. */
export interface StructShape {
  readonly kind: 'struct'
  readonly name: string
  readonly fields: readonly FieldShape[]
  readonly form: FormShape | undefined
}

/** A union. */
export interface UnionShape {
  readonly kind: 'union'
  readonly name: string
  /** Bytes on the wire. */
  readonly size: number
  readonly arms: readonly ArmShape[]
}

/** A type with a name. */
export type NamedShape = EnumShape | AliasShape | StructShape | UnionShape

/** A message. */
export interface MessageShape {
  readonly kind: 'message'
  readonly name: string
  /** Fields after the header, count fields included. */
  readonly fields: readonly FieldShape[]
}
