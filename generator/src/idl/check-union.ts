import type { BlockStatement, EnumStatement, Field, Literal } from './ast.ts'
import type { FileReport } from './diagnostics.ts'
import type { Scope } from './scope.ts'

/** Value of an option of a field; undefined when the field has none of that name. The last of several counts. */
function optionValue(field: Field, name: string): Literal | undefined {
  return field.options.findLast((option) => option.name === name)?.value
}

function textOf(literal: Literal | undefined): string | undefined {
  return literal?.kind === 'text' ? literal.value : undefined
}

/**
 * Checks `[discriminator=f]` of a field: f is an earlier field that holds an enum, the field holds a union, and
 * every arm of the union names a member of that enum of its own.
 */
export function checkDiscriminator(
  field: Field,
  earlier: ReadonlyMap<string, Field>,
  scope: Scope,
  report: FileReport,
): void {
  if (!field.options.some((option) => option.name === 'discriminator')) return
  const name = textOf(optionValue(field, 'discriminator'))
  const fail = (problem: string) =>
    report.error('IDL_UNION', field.at, `discriminator of "${field.name}": ${problem}`)
  const sibling = name === undefined ? undefined : earlier.get(name)
  if (sibling === undefined || sibling.extent.kind !== 'one') {
    return fail(`name a field of an enum type that comes before it in the same block`)
  }
  const kind = scope.get(sibling.type)?.statement
  if (kind === undefined || (kind.kind !== 'enum' && kind.kind !== 'enumflag')) {
    return fail(`"${sibling.name}" is of type ${sibling.type}, expected an enum`)
  }
  const union = scope.get(field.type)?.statement
  if (union?.kind !== 'union') return fail(`"${field.name}" is of type ${field.type}, expected a union`)
  checkCases(union, kind, fail)
}

function checkCases(union: BlockStatement, kind: EnumStatement, fail: (problem: string) => void): void {
  const members = new Set(kind.members.map((member) => member.name))
  const taken = new Map<string, string>()
  for (const arm of union.fields) {
    const member = textOf(optionValue(arm, 'case'))
    if (member === undefined) {
      fail(`arm "${arm.name}" of "${union.name}" has no case: add [case=<member of ${kind.name}>]`)
    } else if (!members.has(member)) {
      fail(`case ${member} of arm "${arm.name}" is not a member of the enum "${kind.name}"`)
    } else if (taken.has(member)) {
      fail(`arms "${taken.get(member)}" and "${arm.name}" of "${union.name}" both have the case ${member}`)
    } else {
      taken.set(member, arm.name)
    }
  }
}
