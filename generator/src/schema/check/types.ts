import { isBuiltin, memberValue } from '../../rules/scalars.ts'
import {
  type SchemaAlias,
  type SchemaBlock,
  type SchemaEnum,
  type SchemaModule,
  type SchemaType,
} from '../module.ts'
import type { FileReport } from '../report.ts'
import { checkFields, isOpenArray, isOpenEnded, isVariable, type CheckContext } from './fields.ts'

/** Types may nest this deep; VPP's own reach 7. */
const MAX_DEPTH = 64
/** A type may be made of this many others, each counted as often as it occurs: CRCs are computed that way. */
const MAX_WEIGHT = 100_000

/** Checks every type of a module. */
export function checkTypes(context: CheckContext): void {
  for (const type of context.module.types.values()) {
    if (type.kind === 'enum') checkEnum(type, context.report)
    else if (type.kind === 'alias') checkAlias(type, context)
    else checkBlock(type, context)
  }
}

function checkBlock(block: SchemaBlock, context: CheckContext): void {
  const owner = `${block.kind} "${block.name}"`
  if (block.fields.length === 0) {
    context.report.add('shape', block.path, `${owner} has no fields`, 'give it at least one')
  }
  checkFields(owner, block.fields, context)
  if (block.kind === 'struct') return
  for (const arm of block.fields) {
    if (!isVariable(arm, context.variable)) continue
    const message = `arm "${arm.name}" of ${owner} has a variable size`
    context.report.add('array', arm.path, message, 'give every arm of a union a fixed size')
  }
}

function checkAlias(
  { name, type, path, length }: SchemaAlias,
  { module, report, openEnded }: CheckContext,
): void {
  if (type === 'string') {
    report.add('array', path, `alias "${name}" of string`, 'use string in the fields themselves')
  } else if (!isBuiltin(type) && !module.types.has(type)) {
    const message = `alias "${name}" refers to the unknown type "${type}"`
    report.add('unknown-type', path, message, 'define the type, or import the file that does')
  } else if (length !== undefined && openEnded.has(type)) {
    const message = `alias "${name}" is an array of a type that takes the rest of the message`
    report.add('array', path, message, 'use a type that has an end')
  }
}

function checkEnum({ name, base, members, path }: SchemaEnum, report: FileReport): void {
  const seen = new Set<string>()
  for (const [index, [member, value]] of members.entries()) {
    const place = `${path}/${index + 1}`
    if (memberValue(value, base) === undefined) {
      const message = `member ${member} = ${value} of enum "${name}" does not fit ${base}`
      report.add('enum', place, message, 'use a wider base type')
    }
    if (seen.has(member)) {
      report.add(
        'duplicate-name',
        place,
        `enum "${name}" has two members called ${member}`,
        'rename one of them',
      )
    }
    seen.add(member)
  }
}

/**
 * Which types have a size that only their content tells. Notes types that contain themselves, and nesting without
 * measure: what comes from outside must exhaust neither the stack nor time.
 */
export function findVariableTypes(module: SchemaModule, report: FileReport): ReadonlyMap<string, boolean> {
  const variable = new Map<string, boolean>()
  const weights = new Map<string, number>()
  const open: string[] = []

  const weigh = (type: SchemaType): void => {
    const weight = contents(type).reduce((sum, field) => sum + (weights.get(field.type) ?? 0), 1)
    const isHeavy = weight > MAX_WEIGHT
    if (isHeavy) {
      const message = `type "${type.name}" is made of more than ${MAX_WEIGHT.toLocaleString('en-US')} types`
      report.add('recursive-type', type.path, message, 'a type needs a size that can be dealt with')
    }
    // Those that contain it are not told as well.
    weights.set(type.name, isHeavy ? 1 : weight)
  }

  const visit = (name: string): boolean => {
    const known = variable.get(name)
    if (known !== undefined) return known
    const type = module.types.get(name)
    if (type === undefined || isBuiltin(name)) return false
    if (open.includes(name) || open.length >= MAX_DEPTH) {
      const message = open.includes(name)
        ? `type "${name}" contains itself: ${[...open.slice(open.indexOf(name)), name].join(' → ')}`
        : `types nest deeper than ${MAX_DEPTH} levels`
      report.add('recursive-type', type.path, message, 'a type needs a finite size')
      variable.set(name, false)
      return false
    }
    open.push(name)
    // Every field is visited, so that a cycle behind a variable field is found too.
    let result = false
    for (const field of contents(type)) {
      const inner = visit(field.type)
      if (inner || isOpenArray(field)) result = true
    }
    open.pop()
    variable.set(name, result)
    weigh(type)
    return result
  }

  for (const name of module.types.keys()) visit(name)
  return variable
}

/** Types whose last part is the rest of the message, so that nothing can follow them. */
export function findOpenEnded(module: SchemaModule): ReadonlySet<string> {
  const found = new Set<string>()
  // As often as types nest: each round finds those that end in what the round before found.
  for (let size = -1; size < found.size;) {
    size = found.size
    for (const type of module.types.values()) {
      const last = contents(type).at(-1)
      if (last !== undefined && isOpenEnded(last, found)) found.add(type.name)
    }
  }
  return found
}

function contents(type: SchemaType): readonly Pick<SchemaBlock['fields'][number], 'type' | 'array'>[] {
  if (type.kind === 'enum') return []
  if (type.kind !== 'alias') return type.fields
  const { length } = type
  return [{ type: type.type, array: length === undefined ? undefined : { kind: 'fixed', length } }]
}
