/**
 * The shape of a `.api.json` file, as VPP's own tool writes it. Names of types are bare (`address`), references to
 * them are not (`vl_api_address_t`). A type that is imported over two paths is listed twice, with the same content.
 */
export interface ApiJson {
  /** Base name of the file; missing in files of VPP before 26.06. */
  readonly module?: string
  readonly types: readonly ApiBlock[]
  readonly messages: readonly ApiMessage[]
  readonly unions: readonly ApiBlock[]
  readonly enums: readonly ApiEnum[]
  readonly enumflags: readonly ApiEnum[]
  readonly services: Readonly<Record<string, ApiService>>
  readonly options: ApiOptions
  readonly aliases: Readonly<Record<string, ApiAlias>>
  /** CRC of the file with its imports, `0x` and hex digits without leading zeros. */
  readonly vl_api_version: string
  /** Paths of all imports, depth first, repeats kept. */
  readonly imports: readonly string[]
  readonly counters: readonly ApiCounters[]
  readonly paths: readonly (ApiPath | readonly ApiPath[])[]
}

/** Options by name; null for one without a value. */
export type ApiOptions = Readonly<Record<string, string | number | boolean | null>>

/**
 * `[type, name]`, `[type, name, options]`, `[type, name, N]`, or `[type, name, 0, count field]`. N = 0 is a string
 * of any length, or for other types the rest of the message.
 */
export type ApiField =
  | readonly [type: string, name: string]
  | readonly [type: string, name: string, lengthOrOptions: number | ApiOptions]
  | readonly [type: string, name: string, length: 0, count: string]

/** A struct or a union: its name, then its fields; a comment may follow. */
export type ApiBlock = readonly [
  name: string,
  ...fieldsAndComment: (ApiField | { readonly comment?: string })[],
]

/** A message: its name, then its fields, then its facts. The first field is always `u16 _vl_msg_id`. */
export type ApiMessage = readonly [name: string, ...fieldsAndFacts: (ApiField | ApiMessageFacts)[]]

/** What ends a message. */
export interface ApiMessageFacts {
  /** `0x` and 8 hex digits. */
  readonly crc: string
  readonly options: ApiOptions
  readonly comment?: string
}

/** An enum: its name, then its members, then its base type. */
export type ApiEnum = readonly [
  name: string,
  ...membersAndBase: (readonly [name: string, value: number] | { readonly enumtype: string })[],
]

/** What answers a request; the reply is the text `null` when there is none. */
export interface ApiService {
  readonly reply: string
  readonly stream?: true
  readonly stream_msg?: string
  readonly events?: readonly string[]
}

/** The target of an alias; a length makes it an array. */
export interface ApiAlias {
  readonly type: string
  readonly length?: number
}

/** A set of counters. */
export interface ApiCounters {
  readonly name: string
  readonly elements: readonly {
    readonly name: string
    readonly severity?: string
    readonly type?: string
    readonly units?: string
    readonly description?: string
  }[]
}

/** Where a set of counters appears in the stats segment. */
export interface ApiPath {
  readonly path: string
  readonly counter: string
}
