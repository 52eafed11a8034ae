import type { EnumBaseName } from '../rules/scalars.ts'
import type { Flag, BuiltinType } from './words.ts'

/** A value as written. `true` and plain words are text, as in VPP's JSON; only `false` is a boolean there. */
export type Literal =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'false' }

/** Every node knows the offset of its name (or of its first token) in the text. */
interface Node {
  readonly at: number
}

/** `name` or `name = value`; of a file, a message, a field or an enum member. */
export interface Option extends Node {
  readonly name: string
  readonly value: Literal | undefined
}

/**
 * How often a field occurs.
 *
 * - `one`: once
 * - `fixed`: `x[N]`; N = 0 is the legacy form of "the rest of the message", and for `string` the same as `open`
 * - `counted`: `x[count]`, the count being an earlier field
 * - `open`: `x[]`, only for `string`: the length travels with the text
 */
export type Extent =
  | { readonly kind: 'one' }
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'counted'; readonly count: string }
  | { readonly kind: 'open' }

/** A field of a message, struct or union; also what follows `typedef` in an alias. */
export interface Field extends Node {
  /** A built-in type, or a reference `vl_api_<name>_t`. */
  readonly type: BuiltinType | (string & {})
  /** Offset of the type. */
  readonly typeAt: number
  readonly name: string
  readonly extent: Extent
  readonly options: readonly Option[]
}

/** A member of an enum. */
export interface EnumMember extends Node {
  readonly name: string
  /** The value as written; undefined means one more than the member before. */
  readonly value: bigint | undefined
  readonly options: readonly Option[]
}

/** `option name [= value];` of the file. */
export interface OptionStatement extends Option {
  readonly kind: 'option'
}

/** `import "path";` */
export interface ImportStatement extends Node {
  readonly kind: 'import'
  readonly path: string
}

/** A message. */
export interface DefineStatement extends Node {
  readonly kind: 'define'
  readonly name: string
  readonly flags: readonly Flag[]
  readonly fields: readonly Field[]
  readonly options: readonly Option[]
}

/** A struct or a union. */
export interface BlockStatement extends Node {
  readonly kind: 'typedef' | 'union'
  readonly name: string
  readonly flags: readonly Flag[]
  readonly fields: readonly Field[]
}

/** `typedef <field>`: another name for a type or for an array of it. */
export interface AliasStatement extends Node {
  readonly kind: 'alias'
  readonly name: string
  readonly flags: readonly Flag[]
  readonly field: Field
}

/** An enum of plain values or of single bits. */
export interface EnumStatement extends Node {
  readonly kind: 'enum' | 'enumflag'
  readonly name: string
  readonly base: EnumBaseName
  readonly members: readonly EnumMember[]
}

/** One line of a `service` block. */
export interface Rpc extends Node {
  readonly caller: string
  /** Undefined: the request has no reply. For `returns stream x` it is x itself. */
  readonly reply: string | undefined
  readonly stream: boolean
  /** The streamed message when the stream ends with its own reply. */
  readonly streamMessage: string | undefined
  readonly events: readonly string[]
}

/** Explicit pairs of request and reply. */
export interface ServiceStatement extends Node {
  readonly kind: 'service'
  readonly rpcs: readonly Rpc[]
}

/** One error or event counter: its properties in source order. */
export interface CounterElement extends Node {
  readonly name: string
  readonly properties: ReadonlyMap<string, string>
}

/** A named set of counters. */
export interface CountersStatement extends Node {
  readonly kind: 'counters'
  readonly name: string
  readonly elements: readonly CounterElement[]
}

/** Where counters appear in the stats segment. */
export interface PathsStatement extends Node {
  readonly kind: 'paths'
  readonly entries: readonly { readonly path: string; readonly counter: string }[]
}

/** A statement that adds a name to the types. */
export type TypeStatement = BlockStatement | AliasStatement | EnumStatement

/** A statement of a file. */
export type Statement =
  | OptionStatement
  | ImportStatement
  | DefineStatement
  | TypeStatement
  | ServiceStatement
  | CountersStatement
  | PathsStatement
