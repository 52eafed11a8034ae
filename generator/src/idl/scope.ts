import type { TypeStatement } from './ast.ts'

/** A type that can be referred to, with what must be known of it without looking inside. */
export interface TypeEntry {
  readonly statement: TypeStatement
  /** Where it is defined, for messages: `file:line`. */
  readonly origin: string
  readonly crcText: string
  /** True when its size depends on its content: it can only stand at the end. */
  readonly variable: boolean
  /** Levels of types inside it, itself included. */
  readonly depth: number
  /** Types met when all its references are followed, itself included. */
  readonly weight: number
}

/** Types by reference (`vl_api_<name>_t`). */
export type Scope = ReadonlyMap<string, TypeEntry>

/** How fields refer to the type of a name. */
export function typeReference(name: string): string {
  return `vl_api_${name}_t`
}
