/**
 * API definitions as they were read: checked for their shape, repeats removed, nothing resolved. Names of types are
 * bare (`address`, not `vl_api_address_t`). `path` is the JSON Pointer of the item in its file.
 */
import type { Problem } from '../problem.ts'
import type { EnumBaseName } from '../rules/scalars.ts'

/** Value of an option. */
export type SchemaValue = string | number | boolean | null

/** Options by name; null for one without a value. */
export type SchemaOptions = Readonly<Record<string, SchemaValue>>

/** How often a field's type occurs. */
export type SchemaArray =
  /** `T x[N]`, N above 0; for `string` a size in bytes with the terminating NUL. */
  | { readonly kind: 'fixed'; readonly length: number }
  /** `T x[count]`. */
  | { readonly kind: 'counted'; readonly by: string }
  /** `string x[]`, or all remaining bytes for another type. */
  | { readonly kind: 'open' }

/** A field of a message, struct or union. */
export interface SchemaField {
  readonly name: string
  /** Built-in type, or the bare name of a defined one. */
  readonly type: string
  readonly array: SchemaArray | undefined
  readonly options: SchemaOptions
  readonly path: string
}

/** What every definition has. */
export interface SchemaDefinition {
  readonly name: string
  readonly path: string
}

/** A `typedef` with fields, or a `union`. */
export interface SchemaBlock extends SchemaDefinition {
  readonly kind: 'struct' | 'union'
  readonly fields: readonly SchemaField[]
  /** Text of the comment, with its marks. */
  readonly comment: string | undefined
}

/** An `enum` or `enumflag`. */
export interface SchemaEnum extends SchemaDefinition {
  readonly kind: 'enum'
  readonly flags: boolean
  readonly base: EnumBaseName
  /** Values as declared; `memberValue` tells what is on the wire. */
  readonly members: readonly (readonly [name: string, value: number])[]
}

/** A `typedef` of another type. */
export interface SchemaAlias extends SchemaDefinition {
  readonly kind: 'alias'
  readonly type: string
  readonly length: number | undefined
}

/** Any type that a module defines, or has from its imports. */
export type SchemaType = SchemaBlock | SchemaEnum | SchemaAlias

/** A message; `_vl_msg_id` is not among the fields. */
export interface SchemaMessage extends SchemaDefinition {
  readonly fields: readonly SchemaField[]
  /** Eight lowercase hex digits. */
  readonly crc: string
  readonly options: SchemaOptions
  readonly comment: string | undefined
}

/** What answers a request. */
export interface SchemaService {
  readonly request: string
  /** Undefined when VPP never answers. */
  readonly reply: string | undefined
  readonly stream: boolean
  /** Details that come before the reply. */
  readonly streamMessage: string | undefined
  readonly events: readonly string[]
  readonly path: string
}

/** A counter of VPP's stats segment. */
export interface SchemaCounter {
  readonly name: string
  readonly severity?: string
  readonly type?: string
  readonly units?: string
  readonly description?: string
}

/** A set of counters. */
export interface SchemaCounterSet {
  readonly name: string
  readonly elements: readonly SchemaCounter[]
}

/** Where a set of counters is in the stats segment. */
export interface SchemaPath {
  readonly path: string
  readonly counter: string
}

/** One API file. */
export interface SchemaModule {
  /** Base name of the file without `.api.json`. */
  readonly name: string
  /** Where it was read from, for people. */
  readonly file: string
  /** Path below the root of the input with forward slashes, such as `core/ip.api.json`. */
  readonly source: string
  /** `vl_api_version`: the CRC of the file with its imports, `0x` and hex digits. */
  readonly crc: string
  /** Paths of all imported files, repeats removed. */
  readonly imports: readonly string[]
  readonly options: SchemaOptions
  /** Types, those of imported files included, repeats removed. */
  readonly types: ReadonlyMap<string, SchemaType>
  readonly messages: readonly SchemaMessage[]
  readonly services: readonly SchemaService[]
  readonly counters: readonly SchemaCounterSet[]
  readonly paths: readonly SchemaPath[]
}

/** A message, service or module that cannot be supported, and why. */
export interface LeftOut {
  readonly kind: 'message' | 'service' | 'module'
  readonly name: string
  readonly module: string
  readonly problems: readonly Problem[]
}

/** Everything that was read in one run. */
export interface Schema {
  /** By name. */
  readonly modules: ReadonlyMap<string, SchemaModule>
  /** VPP release, when it is known. */
  readonly release: string | undefined
  /** What was read, for people. */
  readonly source: string
  /** Things worth knowing that are not errors, such as an imported file that is not there. */
  readonly notes: readonly string[]
  /** What cannot be supported and is not among the modules; empty when everything had to be. */
  readonly leftOut: readonly LeftOut[]
}

/** Module that an import path names. */
export function moduleOfImport(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.api$/, '')
    .replaceAll('.', '_')
}
