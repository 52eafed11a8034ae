import type { SchemaBlock, SchemaField } from '../module.ts'
import { enumBehind, type CheckContext } from './fields.ts'

/** Checks that every `discriminator` names an enum before it, and every `case` of that union a member of it. */
export function checkDiscriminators(
  owner: string,
  fields: readonly SchemaField[],
  context: CheckContext,
): void {
  for (const [index, field] of fields.entries()) {
    const { discriminator } = field.options
    if (discriminator === undefined) continue
    const bad = (message: string, remedy: string) =>
      context.report.add('union', field.path, `field "${field.name}" of ${owner} ${message}`, remedy)
    const union = context.module.types.get(field.type)
    if (union?.kind !== 'union' || field.array !== undefined) {
      bad('has a discriminator and is not a union', 'remove the option')
      continue
    }
    const sibling = fields.slice(0, index).find(({ name }) => name === discriminator)
    const choices = sibling && !sibling.array ? enumBehind(sibling.type, context.module.types) : undefined
    if (choices === undefined) {
      bad(
        `has the discriminator "${String(discriminator)}", which is not an enum before it`,
        'name such a field',
      )
      continue
    }
    checkCases(union, new Set(choices.members.map(([name]) => name)), choices.name, context)
  }
}

function checkCases(
  union: SchemaBlock,
  members: ReadonlySet<string>,
  choices: string,
  context: CheckContext,
): void {
  for (const { name, path, options } of union.fields) {
    if (options['case'] === undefined || members.has(String(options['case']))) continue
    const message = `arm "${name}" of union "${union.name}" has the case ${String(options['case'])}, which enum "${choices}" has not`
    context.report.add('union', path, message, 'name a member of that enum')
  }
}

/** Checks the cases of unions that no field chooses an arm of: some enum must have the member. */
export function checkLooseCases({ module, report }: CheckContext): void {
  const members = new Set<string>()
  for (const type of module.types.values())
    if (type.kind === 'enum') for (const [name] of type.members) members.add(name)
  const told = new Set(report.problems().map(({ path }) => path))
  for (const union of module.types.values()) {
    if (union.kind !== 'union') continue
    for (const { name, path, options } of union.fields) {
      const choice = options['case']
      if (choice === undefined || members.has(String(choice)) || told.has(path)) continue
      const message = `arm "${name}" of union "${union.name}" has the case ${String(choice)}, which no enum has`
      report.add('union', path, message, 'name a member of the enum that chooses the arm')
    }
  }
}
