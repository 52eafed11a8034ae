import { isCountType } from '../../idl/words.ts'
import { isBuiltin } from '../../rules/scalars.ts'
import { coerceDefault } from '../defaults.ts'
import type { SchemaField, SchemaModule, SchemaType } from '../module.ts'
import type { FileReport } from '../report.ts'

/** What the checks of one module share. */
export interface CheckContext {
  readonly module: SchemaModule
  readonly report: FileReport
  /** Whether a type takes a number of bytes that only its content tells. Empty for unknown types. */
  readonly variable: ReadonlyMap<string, boolean>
  /** Types whose last part is the rest of the message. */
  readonly openEnded: ReadonlySet<string>
}

/** Checks the fields of a struct, message or union arm list: names, types, and that arrays can be laid out. */
export function checkFields(owner: string, fields: readonly SchemaField[], context: CheckContext): void {
  const names = new Set<string>()
  for (const [index, field] of fields.entries()) {
    if (names.has(field.name)) {
      const message = `${owner} has two fields called "${field.name}"`
      context.report.add('duplicate-name', field.path, message, 'rename one of them')
    }
    names.add(field.name)
    if (checkTypeName(owner, field, context)) {
      checkDefault(owner, field, context)
      checkArray(owner, field, fields.slice(0, index), context)
      if (index < fields.length - 1) checkNotLast(owner, field, context)
    }
  }
}

function checkTypeName(owner: string, { name, type, path }: SchemaField, context: CheckContext): boolean {
  if (isBuiltin(type) || context.module.types.has(type)) return true
  const message = `field "${name}" of ${owner} has the unknown type "${type}"`
  context.report.add('unknown-type', path, message, 'define the type, or import the file that does')
  return false
}

function checkDefault(
  owner: string,
  { name, type, path, options }: SchemaField,
  { module, report }: CheckContext,
): void {
  const preset = options['default']
  if (preset === undefined || coerceDefault(preset, type, module.types) !== undefined) return
  const message = `field "${name}" of ${owner} has the default ${String(preset)}, which does not fit its type`
  report.add('default', path, message, 'give a number, true or false, or a member of the enum')
}

function checkArray(
  owner: string,
  field: SchemaField,
  before: readonly SchemaField[],
  { module, report, openEnded }: CheckContext,
): void {
  const bad = (message: string, remedy: string) =>
    report.add('array', field.path, `field "${field.name}" of ${owner} ${message}`, remedy)
  const { array, type } = field
  if (type === 'string' && array === undefined) bad('is a string without a size', 'write [type, name, size]')
  if (array === undefined) return
  if (type === 'string' && array.kind === 'counted') bad('is a string with a count field', 'use string x[]')
  if (openEnded.has(type)) {
    bad('is an array of a type that takes the rest of the message', 'use a type that has an end')
  }
  if (array.kind !== 'counted') return
  const count = before.find(({ name }) => name === array.by)
  if (count === undefined) {
    bad(`is counted by "${array.by}", which does not come before it`, 'declare the count field first')
  } else if (count.array !== undefined || !isCountType(behindAliases(count.type, module.types))) {
    bad(`is counted by "${array.by}", which is not an integer`, 'use an integer to count')
  }
}

function checkNotLast(owner: string, field: SchemaField, { report, variable }: CheckContext): void {
  if (!isVariable(field, variable)) return
  const message = `field "${field.name}" of ${owner} has a variable size and is not the last one`
  report.add('array', field.path, message, 'move it to the end')
}

/** True when only the content tells how many bytes the field takes. */
export function isVariable({ array, type }: SchemaField, variable: ReadonlyMap<string, boolean>): boolean {
  return variable.get(type) === true || isOpenArray({ array, type })
}

/** True for an array of any length. */
export function isOpenArray({ array }: Pick<SchemaField, 'array' | 'type'>): boolean {
  return array !== undefined && array.kind !== 'fixed'
}

/** True for a field that takes the rest of the message. A string says its length, wherever it stands. */
export function isOpenEnded(
  { array, type }: Pick<SchemaField, 'array' | 'type'>,
  openEnded: ReadonlySet<string>,
): boolean {
  return openEnded.has(type) || (array?.kind === 'open' && type !== 'string')
}

/** The name of the type behind aliases of a single value. */
function behindAliases(name: string, types: ReadonlyMap<string, SchemaType>): string {
  let type = name
  for (let depth = 0; depth < types.size; depth++) {
    const found = types.get(type)
    if (found?.kind !== 'alias' || found.length !== undefined) return type
    type = found.type
  }
  return type
}

/** The enum behind a type name, through aliases. */
export function enumBehind(
  name: string,
  types: ReadonlyMap<string, SchemaType>,
): Extract<SchemaType, { kind: 'enum' }> | undefined {
  let type = types.get(name)
  for (let depth = 0; type?.kind === 'alias' && type.length === undefined && depth < types.size; depth++) {
    type = types.get(type.type)
  }
  return type?.kind === 'enum' ? type : undefined
}
