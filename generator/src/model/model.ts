/**
 * What the generator knows of an API once everything is resolved: types by reference, own and imported told apart,
 * sizes, header kinds, services, TypeScript names. Plugins get this.
 */

/** Built-in types that occupy a fixed number of bytes. */
export type Scalar = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64' | 'f64' | 'bool'

/** Integer types an enum may be based on. */
export type EnumBase = 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32'

/** Types that users see as text or as a value object instead of their raw bytes. */
export type Form =
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

/** Bytes on the wire. */
export interface Size {
  /** Bytes it has at least: exact unless `variable`. */
  readonly bytes: number
  /** True when the content tells how many there are. */
  readonly variable: boolean
}

/** What stands in the type position of a field. */
export type TypeUse =
  | { readonly kind: 'scalar'; readonly scalar: Scalar }
  | { readonly kind: 'string' }
  | { readonly kind: 'type'; readonly type: ModelType }

/** How often it occurs. */
export type Occurrence =
  | { readonly kind: 'once' }
  /** N times; for strings a size in bytes with the terminating NUL. */
  | { readonly kind: 'fixed'; readonly length: number }
  /** As often as an earlier field of the block says. */
  | { readonly kind: 'counted'; readonly by: string }
  /** `string x[]`; for other types whatever is left of the message. */
  | { readonly kind: 'open' }

/** A field of a struct or message. */
export interface ModelField {
  readonly wireName: string
  /** Property of the class. */
  readonly name: string
  readonly use: TypeUse
  readonly occurs: Occurrence
  readonly size: Size
  /** True for a field that counts a later one: it is not a property of the class. */
  readonly isCount: boolean
  /** Declared default, coerced to the field's type. */
  readonly default: number | bigint | boolean | undefined
  /** Longest value: bytes of a string with its NUL, elements of an array. */
  readonly limit: number | undefined
  /** Wire name of the earlier field that chooses the arm of this union. */
  readonly discriminator: string | undefined
  /** Lines of documentation, when the input has some. */
  readonly comment: readonly string[]
}

/** An arm of a union. */
export interface ModelArm {
  readonly wireName: string
  readonly name: string
  readonly use: TypeUse
  readonly length: number | undefined
  readonly size: Size
  /** Member of the discriminating enum that stands for this arm, and its value. */
  readonly chosenBy: { readonly member: string; readonly value: number } | undefined
}

interface ModelTypeBase {
  readonly wireName: string
  /** Exported name. */
  readonly name: string
  /** Name of the module that defines it. */
  readonly module: string
  readonly size: Size
  readonly comment: readonly string[]
}

/** An `enum` or `enumflag`. */
export interface ModelEnum extends ModelTypeBase {
  readonly kind: 'enum'
  readonly base: EnumBase
  /** True for `enumflag`, and for enums that VPP uses as flags. */
  readonly flags: boolean
  readonly members: readonly { readonly wireName: string; readonly name: string; readonly value: number }[]
}

/** Another name for a type, or for an array of it. */
export interface ModelAlias extends ModelTypeBase {
  readonly kind: 'alias'
  readonly use: TypeUse
  readonly length: number | undefined
  readonly form: Form | undefined
}

/** A struct; with a form it has no class. */
export interface ModelStruct extends ModelTypeBase {
  readonly kind: 'struct'
  readonly fields: readonly ModelField[]
  readonly form: Form | undefined
}

/** A union, as wide as its widest arm. */
export interface ModelUnion extends ModelTypeBase {
  readonly kind: 'union'
  readonly arms: readonly ModelArm[]
  /** Form of the values that stand for the whole union, such as the text of an address. */
  readonly shorthand: Form | undefined
}

/** Any type. */
export type ModelType = ModelEnum | ModelAlias | ModelStruct | ModelUnion

/** Header fields between the message id and the first field of its own; a matter of layout, not of role. */
export type HeaderKind = 'request' | 'reply' | 'event' | 'none'

/** What VPP says about the state of a message. */
export interface Status {
  readonly deprecated: boolean
  /** Text of the mark, such as a release. */
  readonly deprecation: string | undefined
  readonly inProgress: boolean
  /** Wire name of the message to use instead. */
  readonly replacedBy: string | undefined
}

/** A message. */
export interface ModelMessage {
  readonly wireName: string
  readonly name: string
  readonly module: string
  /** Eight lowercase hex digits. */
  readonly crc: string
  readonly header: HeaderKind
  /** Fields after the header. */
  readonly fields: readonly ModelField[]
  /** With header and message id. */
  readonly size: Size
  readonly status: Status
  readonly options: Readonly<Record<string, string | number | boolean | null>>
  readonly comment: readonly string[]
}

/** A method of a module's client. */
export type ModelMethod =
  | {
      readonly kind: 'unary'
      readonly name: string
      readonly request: ModelMessage
      readonly reply: ModelMessage
    }
  | { readonly kind: 'one-way'; readonly name: string; readonly request: ModelMessage }
  | {
      readonly kind: 'dump'
      readonly name: string
      /** Name of the method that finds all, where the request alone does not. */
      readonly allName?: string
      readonly request: ModelMessage
      readonly details: ModelMessage
    }
  | {
      readonly kind: 'stream'
      readonly name: string
      readonly allName?: string
      readonly request: ModelMessage
      readonly reply: ModelMessage
      readonly details: ModelMessage
    }
  | {
      readonly kind: 'event'
      readonly name: string
      readonly event: ModelMessage
      /** Request that the API declares the event for. */
      readonly announcedBy: ModelMessage
      readonly want: ModelWant | undefined
    }

/** How to subscribe to an event. */
export interface ModelWant {
  readonly request: ModelMessage
  readonly reply: ModelMessage
  /** Property that switches the subscription on and off. */
  readonly enable: string
  /** Property that takes the process id of the caller. */
  readonly pid: string | undefined
}

/** A counter of the stats segment. */
export interface ModelCounter {
  readonly name: string
  readonly severity?: string
  readonly type?: string
  readonly units?: string
  readonly description?: string
}

/** One API file. */
export interface ModelModule {
  /** Wire name, such as `ip_types`. */
  readonly name: string
  /** PascalCase name. */
  readonly typeName: string
  /** Exported name of the client class; undefined without methods. */
  readonly clientName: string | undefined
  /** Path of the definition below the root of the input. */
  readonly source: string
  /** `vl_api_version`: `0x` and hex digits. */
  readonly crc: string
  /** From the option `version`. */
  readonly version: string | undefined
  readonly options: Readonly<Record<string, string | number | boolean | null>>
  /** Own types, each after those it uses. */
  readonly types: readonly ModelType[]
  readonly messages: readonly ModelMessage[]
  readonly methods: readonly ModelMethod[]
  readonly counters: readonly { readonly name: string; readonly elements: readonly ModelCounter[] }[]
  readonly paths: readonly { readonly path: string; readonly counter: string }[]
}

/** Everything of one run. */
export interface Model {
  /** By name. */
  readonly modules: readonly ModelModule[]
  /** VPP release, when it is known. */
  readonly release: string | undefined
}
