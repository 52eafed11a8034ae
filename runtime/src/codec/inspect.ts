import { flagsOf, nameOf } from './enum.ts'
import { discriminatorOf } from './json.ts'
import type { BlockPlan, Plan, ScalarPlan, UnionPlan } from './plan.ts'
import { showingArm } from './union-access.ts'
import { wordsToBytes } from './union-arm.ts'
import type { Loose, UnionValue } from './union-arm.ts'

/** Options that Node hands to a custom inspection. */
export interface InspectOptions {
  readonly depth?: number | null | undefined
  readonly stylize?: (text: string, style: string) => string
}

/** Node's `util.inspect`, as it hands itself over. */
export type Inspect = (value: unknown, options?: object) => string

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Text that shows up without quotes, in the colour of `style`. */
class Token {
  readonly #text: string
  readonly #style: string

  constructor(text: string, style: string) {
    this.#text = text
    this.#style = style
  }

  [INSPECT](_depth: number, { stylize }: InspectOptions): string {
    return stylize === undefined ? this.#text : stylize(this.#text, this.#style)
  }
}

/** A message or struct as `console.log` shows it: its class, its properties, names beside the numbers of enums. */
export function inspectBlock(
  block: BlockPlan,
  value: object,
  depth: number,
  options: InspectOptions,
  inspect: Inspect,
): string {
  if (depth < 0) return `[${value.constructor.name}]`
  const view: Record<PropertyKey, unknown> = viewOf(value)
  for (const key of Object.keys(value)) view[key] = (value as Loose)[key]
  for (const field of block.fields) {
    const content = (value as Loose)[field.property]
    view[field.property] =
      field.plan.kind === 'union'
        ? viewUnion(field.plan, content, discriminatorOf(field, value))
        : viewValue(field.plan, content)
  }
  return inspect(view, nested(depth, options))
}

/** A union as its class and the arm that shows it, or its bytes. */
export function inspectUnion(
  plan: UnionPlan,
  union: UnionValue,
  discriminator: unknown,
  depth: number,
  options: InspectOptions,
  inspect: Inspect,
): string {
  if (depth < 0) return `[${union.constructor.name}]`
  const view = viewOf(union)
  const reading = showingArm(plan, union, discriminator)
  const [name, value] =
    reading === undefined
      ? ['bytes', new Uint8Array(wordsToBytes(plan, union['~words']))]
      : [reading.arm.property, viewValue(reading.arm.plan, reading.value)]
  // Assigning would call the accessor of the arm.
  Object.defineProperty(view, name as string, { value, enumerable: true })
  return inspect(view, nested(depth, options))
}

/** An object of the same class that is inspected as it stands. */
function viewOf(value: object): Record<PropertyKey, unknown> {
  return Object.create(Object.getPrototypeOf(value) as object, {
    [INSPECT]: { value: undefined },
  }) as Record<PropertyKey, unknown>
}

/** `inspect` counts the levels itself and has counted this one already. */
function nested(depth: number, options: InspectOptions): object {
  return { ...options, depth: options.depth === null ? null : depth }
}

function viewUnion(plan: UnionPlan, content: unknown, discriminator: unknown): unknown {
  if (!(content instanceof plan.descriptor.ctor)) return content
  return {
    [INSPECT]: (depth: number, options: InspectOptions, inspect: Inspect) =>
      inspectUnion(plan, content as UnionValue, discriminator, depth, options, inspect),
  }
}

function viewValue(plan: Plan, value: unknown): unknown {
  if (plan.kind === 'scalar') return viewScalar(plan, value)
  if (plan.kind !== 'array' || !Array.isArray(value)) return value
  return value.map((item: unknown) => viewValue(plan.element, item))
}

function viewScalar(plan: ScalarPlan, value: unknown): unknown {
  if (plan.enum === undefined || typeof value !== 'number') return value
  if (plan.enum.flags) {
    const flags = flagsOf(plan.enum, value)
    return flags.length === 0 ? value : new Token(`${flags.join(' | ')} (${value})`, 'number')
  }
  const name = nameOf(plan.enum, value)
  return name === undefined ? value : new Token(`${name} (${value})`, 'number')
}
