import { isBuiltin } from '../rules/scalars.ts'
import type { Field } from './ast.ts'
import { checkDiscriminator } from './check-union.ts'
import type { FileReport } from './diagnostics.ts'
import type { Scope, TypeEntry } from './scope.ts'
import { isCountType } from './words.ts'

/** What a block is, seen from outside. */
export type BlockShape = Pick<TypeEntry, 'variable' | 'depth' | 'weight'>

/** Where the fields of a block look for what they refer to. */
export interface BlockContext {
  readonly scope: Scope
  readonly report: FileReport
  /** Reports a type that is not in scope. */
  readonly unknownType: (field: Field) => void
}

/** VPP's tool refuses these as the name of a plain field, because its Python clients could not address it. */
const PYTHON_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

/** Checks the fields of a message, struct or union in order. */
export function checkBlock(fields: readonly Field[], context: BlockContext): BlockShape {
  const { report } = context
  const earlier = new Map<string, Field>()
  let shape: BlockShape = { variable: false, depth: 1, weight: 1 }
  for (const [index, field] of fields.entries()) {
    if (earlier.has(field.name))
      report.error('IDL_FIELD', field.at, `field "${field.name}" is defined twice: rename one`)
    if (field.extent.kind === 'one' && PYTHON_KEYWORDS.has(field.name)) {
      report.error(
        'IDL_FIELD',
        field.at,
        `"${field.name}" is a keyword of Python, which VPP's tool refuses: rename the field`,
      )
    }
    const inner = checkField(field, context)
    checkCount(field, earlier, context)
    checkDiscriminator(field, earlier, context.scope, report)
    if (inner.variable && index !== fields.length - 1) {
      report.error(
        'IDL_FIELD',
        field.at,
        `field "${field.name}" has no fixed size: move it to the end of the block`,
      )
    }
    shape = joinShapes(shape, inner)
    earlier.set(field.name, field)
  }
  return shape
}

/** Checks type and extent of one field and tells what it adds to its block. */
export function checkField(field: Field, { scope, report, unknownType }: BlockContext): BlockShape {
  const { extent, type, name, at } = field
  const entry = scope.get(type)
  if (entry === undefined && !isBuiltin(type)) unknownType(field)
  if (extent.kind === 'one' && type === 'string') {
    report.error(
      'IDL_FIELD',
      at,
      `string "${name}" has no length: write ${name}[N] for N bytes or ${name}[] for any length`,
    )
  }
  if (extent.kind === 'open' && type !== 'string') {
    report.error(
      'IDL_FIELD',
      at,
      `array "${name}" has no length: only strings may leave it out, write ${name}[N] or ${name}[count]`,
    )
  }
  if (extent.kind === 'counted' && type === 'string') {
    report.error(
      'IDL_FIELD',
      at,
      `string "${name}" has a count: write ${name}[] (the length travels with the text)`,
    )
  }
  const rest = extent.kind === 'fixed' && extent.length === 0
  if (rest) {
    const remedy = type === 'string' ? `${name}[]` : `a count field and ${name}[count]`
    report.warning(
      'IDL_FIELD',
      at,
      `"${name}[0]" is the old form of an array without a length: write ${remedy}`,
    )
  }
  return {
    variable: rest || extent.kind === 'counted' || extent.kind === 'open' || entry?.variable === true,
    depth: entry?.depth ?? 0,
    weight: entry?.weight ?? 0,
  }
}

function checkCount(
  { extent, name, at }: Field,
  earlier: ReadonlyMap<string, Field>,
  { scope, report }: BlockContext,
): void {
  if (extent.kind !== 'counted') return
  const count = earlier.get(extent.count)
  if (count === undefined) {
    const remedy = `declare "${extent.count}" before it in the same block`
    report.error(
      'IDL_FIELD',
      at,
      `array "${name}" is counted by "${extent.count}", which is not an earlier field: ${remedy}`,
    )
  } else if (count.extent.kind !== 'one' || !isCountType(behindAliases(count.type, scope))) {
    report.error(
      'IDL_FIELD',
      at,
      `array "${name}" is counted by "${extent.count}", which is not an integer: use u32`,
    )
  }
}

/** The type behind aliases of a single value; of aliases that lead back to themselves, one of them. */
function behindAliases(type: string, scope: Scope): string {
  const seen = new Set<string>()
  let found = type
  while (!seen.has(found)) {
    seen.add(found)
    const statement = scope.get(found)?.statement
    if (statement?.kind === 'alias' && statement.field.extent.kind === 'one') found = statement.field.type
  }
  return found
}

function joinShapes(block: BlockShape, inner: BlockShape): BlockShape {
  return {
    variable: block.variable || inner.variable,
    depth: Math.max(block.depth, inner.depth + 1),
    weight: block.weight + inner.weight,
  }
}
