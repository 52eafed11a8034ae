import type { ModelField, TypeUse } from './model.ts'

/** A u32 that is an interface index though its type does not say so. */
const INDEX_NAME = /(?:^|_)sw_if_index$/

/**
 * Properties that a request must have: interface indexes without a default, and structs that hold such. Left out they
 * would mean interface 0, and nobody means `local0` by saying nothing.
 */
export function requiredProperties(fields: readonly ModelField[]): string[] {
  return fields.filter(isRequired).map(({ name }) => name)
}

function isRequired({ use, wireName, occurs, isCount, default: fallback }: ModelField): boolean {
  if (occurs.kind !== 'once' || isCount || fallback !== undefined) return false
  if (use.kind === 'scalar') return use.scalar === 'u32' && INDEX_NAME.test(wireName)
  return isIndex(use) || (use.kind === 'type' && holdsIndex(use.type))
}

function isIndex(use: TypeUse): boolean {
  if (use.kind !== 'type' || use.type.kind !== 'alias') return false
  return use.type.form === 'interface-index' || (use.type.length === undefined && isIndex(use.type.use))
}

function holdsIndex(type: Extract<TypeUse, { kind: 'type' }>['type']): boolean {
  return type.kind === 'struct' && type.form === undefined && type.fields.some(isRequired)
}

/** What a request needs at least, about interface 1, as source text; empty when it needs nothing. */
export function leastRequest(fields: readonly ModelField[]): string {
  const parts = fields.filter(isRequired).map(({ name, use }) => {
    const nested = use.kind === 'type' && use.type.kind === 'struct' ? leastRequest(use.type.fields) : '1'
    return `${name}: ${nested}`
  })
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`
}
