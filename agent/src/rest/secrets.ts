import type { DeclaredItems } from '../desired/declared-items.ts'
import { declarationOf, type Declaration } from '../desired/declaration.ts'
import { InvalidItemError, type ItemRef } from '../kinds/item.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { HIDDEN } from '../model/secret.ts'

/** Fields of items that appear in no answer. */
function secretsOf(kinds: Kinds, kind: string): readonly string[] {
  return kinds.items.get(kind)?.secrets ?? []
}

/** An item as it may be shown. */
export function withoutSecrets<T extends object>(kinds: Kinds, kind: string, item: T): T {
  const fields = secretsOf(kinds, kind).filter((field) => Reflect.get(item, field) !== undefined)
  if (fields.length === 0) return item
  return { ...item, ...Object.fromEntries(fields.map((field) => [field, HIDDEN])) }
}

/**
 * Replaces hidden secrets by the current ones, so that a response can be put back.
 * @throws InvalidItemError when there is none
 */
export async function withSecrets(
  declared: Pick<DeclaredItems, 'kinds' | 'given'>,
  declaration: Declaration,
): Promise<Declaration> {
  if (!declaration.given.includes(HIDDEN)) return declaration
  const { ref, given } = declaration
  const value = JSON.parse(given) as Record<string, unknown>
  const { kinds } = declared
  const fields = secretsOf(kinds, ref.kind).filter((field) => value[field] === HIDDEN)
  if (fields.length === 0) return declaration
  const before = await declared.given(ref)
  const problems = fields
    .filter((field) => typeof before?.[field] !== 'string')
    .map((field) => ({
      field,
      message: `"${HIDDEN}" stands for the current secret, but there is none`,
    }))
  if (problems.length > 0) throw new InvalidItemError(describe(ref), problems)
  const secrets = Object.fromEntries(fields.map((field) => [field, before?.[field]]))
  return declarationOf({ ...value, ...secrets }, describe(ref), kinds)
}

function describe({ kind, key }: ItemRef): string {
  return `${kind} "${key}"`
}
