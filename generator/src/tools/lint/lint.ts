import type { Schema } from '../../schema/module.ts'
import { GeneratorError } from '../../errors.ts'
import { Catalog } from '../catalog/catalog.ts'
import { counted } from '../catalog/text.ts'
import { diffSchemas } from '../diff/diff.ts'
import { textTable } from '../print/table.ts'
import { MESSAGE_RULES } from './messages.ts'
import { MODULE_RULES } from './modules.ts'
import { NAME_RULES } from './names.ts'
import type { Finding, Rule } from './rule.ts'

/** All rules. */
export const RULES: readonly Rule[] = [...NAME_RULES, ...MESSAGE_RULES, ...MODULE_RULES]

/** Which rules are applied; left out: all. */
export interface RuleChoice {
  readonly rules?: readonly string[] | undefined
  readonly except?: readonly string[] | undefined
}

/**
 * Checks definitions against VPP's conventions. Rules that compare with an older release are left out where none is given.
 *
 * @param since definitions of an older release
 * @throws GeneratorError `BINAPI_USAGE` for a rule that does not exist
 */
export function lintSchema(schema: Schema, choice: RuleChoice = {}, since?: Schema): Finding[] {
  const linted = {
    catalog: new Catalog(schema),
    since: since === undefined ? undefined : diffSchemas(since, schema),
  }
  const findings: Finding[] = []
  for (const rule of chooseRules(choice, since !== undefined)) {
    rule.check(linted, ({ name: module, source }, name, message, remedy) =>
      findings.push({ rule: rule.id, module, source, name, message, remedy }),
    )
  }
  return findings.toSorted((a, b) => compare(sortKey(a), sortKey(b)))
}

function chooseRules({ rules, except = [] }: RuleChoice, hasSince: boolean): readonly Rule[] {
  const known = new Set(RULES.map(({ id }) => id))
  const unknown = [...(rules ?? []), ...except].filter((id) => !known.has(id))
  if (unknown.length > 0) {
    const all = [...known].join(', ')
    throw new GeneratorError('BINAPI_USAGE', `no rule "${unknown.join('", "')}"; there are: ${all}`)
  }
  const chosen = RULES.filter(({ id }) => (rules === undefined || rules.includes(id)) && !except.includes(id))
  const needy = chosen.find(({ id, needsSince }) => needsSince === true && rules?.includes(id))
  if (needy !== undefined && !hasSince)
    throw new GeneratorError(
      'BINAPI_USAGE',
      `rule "${needy.id}" compares with an older release: name it with --since`,
    )
  return chosen.filter(({ needsSince }) => hasSince || needsSince !== true)
}

function sortKey({ module, name, rule }: Finding): string {
  return `${module} ${name} ${rule}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** The rules as a table. */
export function rulesText(): string {
  return textTable(
    RULES.map(({ id, about, needsSince }) => [id, `${about}${needsSince ? ' (with --since)' : ''}`]),
  )
}

/** Findings as lines, `file: name: what; remedy [rule]`, and their number. */
export function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings\n'
  const lines = findings.map(
    ({ source, name, message, remedy, rule }) =>
      `${[source, ...(name === '' ? [] : [name]), message].join(': ')}; ${remedy} [${rule}]`,
  )
  return `${lines.join('\n')}\n${counted(findings.length, 'finding')}\n`
}

/** Number of findings of each rule, as a table. */
export function countsText(findings: readonly Finding[]): string {
  const rows = RULES.map(({ id }) => [id, findings.filter(({ rule }) => rule === id).length] as const)
  const found = rows.filter(([, count]) => count > 0).map(([id, count]) => [id, String(count)])
  return textTable([...found, ['all', String(findings.length)]])
}
