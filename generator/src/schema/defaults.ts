import { coerceScalar } from '../rules/defaults.ts'
import { isBuiltin } from '../rules/scalars.ts'
import type { SchemaType, SchemaValue } from './module.ts'

/** What a default is a value of: a built-in type, and the names of values when it stands for an enum. */
interface Target {
  readonly scalar: string
  readonly members?: ReadonlyMap<string, number>
}

/**
 * A declared default as a value of the field's type. Undefined when it cannot be made sense of, or the field is not a
 * scalar.
 *
 * @param type bare name of the field's type
 * @param types all types that the module knows
 */
export function coerceDefault(
  value: SchemaValue | undefined,
  type: string,
  types: ReadonlyMap<string, SchemaType>,
): number | bigint | boolean | undefined {
  const target = targetOf(type, types)
  return target && coerceScalar(value, target.scalar, target.members)
}

function targetOf(name: string, types: ReadonlyMap<string, SchemaType>): Target | undefined {
  let type = name
  // As many steps as there are types: aliases may lead in a circle.
  for (let steps = 0; steps <= types.size; steps++) {
    if (isBuiltin(type)) return type === 'string' ? undefined : { scalar: type }
    const found = types.get(type)
    if (found?.kind === 'enum') return { scalar: found.base, members: new Map(found.members) }
    if (found?.kind !== 'alias' || found.length !== undefined) return undefined
    type = found.type
  }
  return undefined
}
