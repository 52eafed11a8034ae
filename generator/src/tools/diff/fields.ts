import type { SchemaField, SchemaModule, SchemaOptions } from '../../schema/module.ts'
import type { Layouts } from '../catalog/layout.ts'
import { arrayText, fieldText, optionText, typeText } from '../catalog/text.ts'
import { change, type Change, type Effect } from './change.ts'
import { match, movedItems } from './match.ts'

/** One of the two releases: its layouts, and the module that the fields are of. */
export interface Side {
  readonly layouts: Layouts
  readonly module: SchemaModule
}

/** Two fields that belong together. */
export type FieldPair = readonly [before: SchemaField, after: SchemaField]

/** What became of the fields of a block. */
export interface FieldDiff {
  readonly changes: readonly Change[]
  readonly pairs: readonly FieldPair[]
}

/** Compares the fields of a message, struct or union. */
export function compareFields(
  before: readonly SchemaField[],
  after: readonly SchemaField[],
  sides: readonly [Side, Side],
): FieldDiff {
  const neighbours = new Map([...withNeighbour(before), ...withNeighbour(after)])
  const byPlace = match(before, after, nameOf, (field) => `${typeText(field)} ${neighbours.get(field)}`)
  const byType = match(byPlace.removed, byPlace.added, nameOf, typeText)
  const renamed = [...byPlace.renamed, ...byType.renamed]
  const pairs = [...byPlace.pairs, ...renamed]
  const changes = [
    ...byType.removed.map((field) =>
      change('field-removed', 'layout', `field ${fieldText(field)} removed`, {
        path: field.name,
        before: typeText(field),
      }),
    ),
    ...byType.added.map((field) => addedField(field, after)),
    ...renamed.map(([old, now]) =>
      change('field-renamed', 'identity', `field ${old.name} is now called ${now.name}`, {
        path: now.name,
        before: old.name,
        after: now.name,
      }),
    ),
    ...compareOrder(before, after, pairs),
    ...pairs.flatMap((pair) => compareField(pair, [before, after], sides)),
  ]
  return { changes, pairs }
}

function nameOf({ name }: SchemaField): string {
  return name
}

/** Each field with the name before it: a field that was renamed has kept its neighbour. */
function withNeighbour(fields: readonly SchemaField[]): [SchemaField, string][] {
  return fields.map((field, index) => [field, fields[index - 1]?.name ?? ''])
}

function addedField(field: SchemaField, among: readonly SchemaField[]): Change {
  const index = among.indexOf(field)
  const place = index === 0 ? 'at the start' : `behind ${among[index - 1]?.name ?? ''}`
  return change('field-added', 'layout', `field ${fieldText(field)} added ${place}`, {
    path: field.name,
    after: typeText(field),
  })
}

function compareOrder(
  before: readonly SchemaField[],
  after: readonly SchemaField[],
  pairs: readonly FieldPair[],
): Change[] {
  const renamed = new Map(pairs)
  const old = before.flatMap((field) => renamed.get(field) ?? [])
  const kept = new Set(old)
  const now = after.filter((field) => kept.has(field))
  return movedItems(old, now).map(({ name }) =>
    change('field-order', 'layout', `field ${name} moved`, {
      path: name,
      before: `place ${old.findIndex((field) => field.name === name) + 1}`,
      after: `place ${now.findIndex((field) => field.name === name) + 1}`,
    }),
  )
}

function compareField(
  [old, now]: FieldPair,
  [before, after]: readonly [readonly SchemaField[], readonly SchemaField[]],
  [a, b]: readonly [Side, Side],
): Change[] {
  const path = now.name
  const changes: Change[] = []
  if (old.type !== now.type) {
    const same = a.layouts.ofType(a.module, old.type) === b.layouts.ofType(b.module, now.type)
    const facts = { path, before: old.type, after: now.type }
    const text = `type of ${path}: ${old.type} is now ${now.type}${same ? ', the same bytes' : ''}`
    changes.push(change('field-type', same ? 'identity' : 'layout', text, facts))
  }
  if (arrayText(old.array) !== arrayText(now.array)) {
    const facts = { path, before: typeText(old), after: typeText(now) }
    const effect = countsTheSame(old, now, before, after) ? 'identity' : 'layout'
    changes.push(
      change('field-length', effect, `length of ${path}: ${facts.before} is now ${facts.after}`, facts),
    )
  }
  return [...changes, ...compareFieldOptions(old.options, now.options, path)]
}

/** True for arrays whose count field only has another name. */
function countsTheSame(
  old: SchemaField,
  now: SchemaField,
  before: readonly SchemaField[],
  after: readonly SchemaField[],
): boolean {
  if (old.array?.kind !== 'counted' || now.array?.kind !== 'counted') return false
  const [was, is] = [old.array.by, now.array.by]
  return before.findIndex(({ name }) => name === was) === after.findIndex(({ name }) => name === is)
}

function compareFieldOptions(before: SchemaOptions, after: SchemaOptions, path: string): Change[] {
  return changedOptions(before, after).map(({ name, old, now }) => {
    const facts = { path, ...beforeAfter(old, now) }
    const text = `${name} of ${path}: ${old ?? 'none'} is now ${now ?? 'none'}`
    if (name === 'default') return change('field-default', 'source', text, facts)
    if (name === 'limit') return change('field-limit', limitEffect(before, after), text, facts)
    // Discriminators and cases as well: generated types are the same with and without.
    return change('field-option', 'none', text, facts)
  })
}

/** A limit that has become narrower refuses what was sent before. */
function limitEffect(
  { limit: old = Infinity }: SchemaOptions,
  { limit: now = Infinity }: SchemaOptions,
): Effect {
  return Number(now) < Number(old) ? 'source' : 'none'
}

/** An option that is not what it was; undefined: it is not there. */
export interface ChangedOption {
  readonly name: string
  readonly old: string | undefined
  readonly now: string | undefined
}

/** Options that are not what they were. */
export function changedOptions(before: SchemaOptions, after: SchemaOptions): ChangedOption[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => {
    const [old, now] = [valueText(before, name), valueText(after, name)]
    return old === now ? [] : [{ name, old, now }]
  })
}

function valueText(options: SchemaOptions, name: string): string | undefined {
  if (!Object.hasOwn(options, name)) return undefined
  const value = options[name] ?? null
  return value === null ? optionText(name, value) : String(value)
}

/** Facts of a change of which either side may be missing. */
export function beforeAfter(
  before: string | undefined,
  after: string | undefined,
): { before?: string; after?: string } {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
}
