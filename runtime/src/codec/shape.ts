import type { Constructor } from './descriptor.ts'
import type { BlockPlan } from './plan.ts'

/** Makes an instance from the values of its properties, in wire order. */
export type Construct = (values: readonly unknown[]) => object

/** A constructor that takes the values of the properties as its arguments. */
export type PositionalConstructor = new (...values: unknown[]) => object

/** How the instances of one class are made, so that all of them have one hidden class in the engine. */
export interface Shape {
  readonly construct: Construct
  /** Absent where code must not be generated from strings. */
  readonly positional: PositionalConstructor | undefined
}

/** Whether `Function` may turn text into code; `--disallow-code-generation-from-strings` forbids it. */
export const canGenerateCode: boolean = tryToGenerate()

function tryToGenerate(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}

const shapes = new WeakMap<BlockPlan, Shape>()

/** The shape of a class; made once. */
export function shapeOf(block: BlockPlan): Shape {
  let shape = shapes.get(block)
  if (shape === undefined) {
    shape = makeShape(block)
    shapes.set(block, shape)
  }
  return shape
}

function makeShape(block: BlockPlan): Shape {
  const names = block.fields.map((field) => field.property)
  const { ctor } = block.descriptor
  if (ctor === undefined) throw new TypeError(`${block.descriptor.name} has no class`)
  if (!canGenerateCode) return { construct: interpretedConstructor(names, ctor), positional: undefined }
  const positional = compiledConstructor(names, ctor)
  return { construct: (values) => new positional(...values), positional }
}

/** Straight-line assignments are what V8 turns into one allocation. */
function compiledConstructor(names: readonly string[], ctor: Constructor<unknown>): PositionalConstructor {
  const parameters = names.map((_, index) => `v${index}`)
  const body = names.map((name, index) => `this[${JSON.stringify(name)}] = v${index}`).join('\n')
  const made = new Function(
    `return function (${parameters.join(', ')}) {\n${body}\n}`,
  )() as PositionalConstructor
  Object.defineProperty(made, 'prototype', { value: ctor.prototype })
  return made
}

function interpretedConstructor(names: readonly string[], ctor: Constructor<unknown>): Construct {
  function Instance(this: Record<string, unknown>, values: readonly unknown[]): void {
    for (let i = 0; i < names.length; i++) this[names[i] as string] = values[i]
  }
  Object.defineProperty(Instance, 'prototype', { value: ctor.prototype })
  return (values) => Reflect.construct(Instance, [values]) as object
}
