import { SCALAR_SIZE } from '../rules/scalars.ts'
import type { HeaderKind, ModelType, Occurrence, Size, TypeUse } from './model.ts'
import type { SchemaArray, SchemaField } from '../schema/module.ts'

/** Bytes of the message id. */
const MESSAGE_ID_SIZE = 2
/** Bytes of the length before a `string x[]`. */
const STRING_LENGTH_SIZE = 4

const HEADER_SIZE: Readonly<Record<HeaderKind, number>> = { request: 8, reply: 4, event: 4, none: 0 }

/** How often a field occurs. */
export function occurrence(array: SchemaArray | undefined): Occurrence {
  return array ?? { kind: 'once' }
}

/** Bytes of one value of a type; a bare string has none. */
export function sizeOfUse(use: TypeUse): Size {
  if (use.kind === 'scalar') return { bytes: SCALAR_SIZE[use.scalar], variable: false }
  return use.kind === 'string' ? { bytes: 1, variable: false } : use.type.size
}

/** Bytes of a field. */
export function sizeOfField(use: TypeUse, occurs: Occurrence): Size {
  const element = sizeOfUse(use)
  switch (occurs.kind) {
    case 'once':
      return element
    case 'fixed':
      return { bytes: element.bytes * occurs.length, variable: element.variable }
    case 'counted':
      return { bytes: 0, variable: true }
    case 'open':
      return { bytes: use.kind === 'string' ? STRING_LENGTH_SIZE : 0, variable: true }
  }
}

/** Bytes of fields one after the other: VPP packs them, with no space between. */
export function sum(sizes: readonly Size[]): Size {
  return {
    bytes: sizes.reduce((total, { bytes }) => total + bytes, 0),
    variable: sizes.some(({ variable }) => variable),
  }
}

/** Bytes of the widest. */
export function widest(sizes: readonly Size[]): Size {
  return {
    bytes: Math.max(...sizes.map(({ bytes }) => bytes)),
    variable: sizes.some(({ variable }) => variable),
  }
}

/** Bytes of a message with its id and header. */
export function sizeOfMessage(header: HeaderKind, fields: readonly Size[]): Size {
  const { bytes, variable } = sum(fields)
  return { bytes: MESSAGE_ID_SIZE + HEADER_SIZE[header] + bytes, variable }
}

/** Header of a message, and its fields behind it. Nine replies and details have the layout of a request. */
export function splitHeader(fields: readonly SchemaField[]): {
  readonly header: HeaderKind
  readonly own: readonly SchemaField[]
} {
  const is = (index: number, name: string): boolean => {
    const field = fields[index]
    return field?.name === name && field.type === 'u32' && field.array === undefined
  }
  if (is(0, 'client_index') && is(1, 'context')) return { header: 'request', own: fields.slice(2) }
  if (is(0, 'context')) return { header: 'reply', own: fields.slice(1) }
  if (is(0, 'client_index')) return { header: 'event', own: fields.slice(1) }
  return { header: 'none', own: fields }
}

/** The type behind an alias of a single value. */
export function behindAlias(type: ModelType): TypeUse {
  if (type.kind !== 'alias' || type.length !== undefined) return { kind: 'type', type }
  return type.use.kind === 'type' ? behindAlias(type.use.type) : type.use
}
