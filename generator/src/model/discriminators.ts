import { knownCase, knownDiscriminator } from '../rules/discriminators.ts'
import { memberValue } from '../rules/scalars.ts'
import type { SchemaBlock, SchemaField, SchemaType } from '../schema/module.ts'

/** Wire name of the field that chooses the arm of a union field; undefined where the API names none. */
export function discriminatorOf(
  owner: string,
  field: SchemaField,
  siblings: readonly SchemaField[],
  types: ReadonlyMap<string, SchemaType>,
): string | undefined {
  const { discriminator } = field.options
  if (typeof discriminator === 'string') return discriminator
  if (types.get(field.type)?.kind !== 'union' || field.array !== undefined) return undefined
  const known = knownDiscriminator(owner, field.name)
  const isEnum = ({ name, type, array }: SchemaField) =>
    name === known && array === undefined && types.get(type)?.kind === 'enum'
  return siblings.find(isEnum)?.name
}

/** Enum member that stands for an arm, with its value; undefined where the API names none. */
export function caseOf(
  union: SchemaBlock,
  arm: SchemaField,
  types: ReadonlyMap<string, SchemaType>,
): { readonly member: string; readonly value: number } | undefined {
  const member =
    typeof arm.options['case'] === 'string' ? arm.options['case'] : knownCase(union.name, arm.name)
  if (member === undefined) return undefined
  const value = valueOfMember(member, types)
  return value === undefined ? undefined : { member, value }
}

/** Member names are global in VPP's C code, so that one of a name is all there can be. */
function valueOfMember(member: string, types: ReadonlyMap<string, SchemaType>): number | undefined {
  for (const type of types.values()) {
    if (type.kind !== 'enum') continue
    const found = type.members.find(([name]) => name === member)
    if (found !== undefined) return memberValue(found[1], type.base)
  }
  return undefined
}
