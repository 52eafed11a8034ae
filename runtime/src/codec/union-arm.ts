import type { ArmPlan, BlockPlan, FieldPlan, UnionPlan } from './plan.ts'

/** An object whose properties may be anything. */
export type Loose = Readonly<Record<string, unknown>>

/** Which arm a union was made from, where it was made from one. */
const chosen = new WeakMap<object, string>()

/** Notes that `union` was set through the arm called `property`. */
export function rememberArm(union: object, property: string): void {
  chosen.set(union, property)
}

/** True for an instance of the union's class. */
export function isUnion(plan: UnionPlan, value: unknown): value is { readonly bytes: Uint8Array } {
  return value instanceof plan.descriptor.ctor
}

/** The arm that an input means: the one it was made from, or the one an object has as its only property. */
export function armOf(plan: UnionPlan, value: unknown): ArmPlan | undefined {
  if (typeof value !== 'object' || value === null) return textArm(plan, value)
  if (value instanceof Uint8Array) return textArm(plan, value)
  if (isUnion(plan, value)) {
    const property = chosen.get(value)
    return plan.arms.find((arm) => arm.property === property)
  }
  const [only, ...more] = Object.keys(value)
  return more.length > 0 ? undefined : plan.arms.find((arm) => arm.property === only)
}

/** A bare text or bare bytes mean the first arm in a friendly form that takes them. */
function textArm(plan: UnionPlan, value: unknown): ArmPlan | undefined {
  const scratch = new Uint8Array(plan.size)
  return plan.arms.find((arm) => arm.plan.kind === 'form' && arm.plan.form.write(scratch, 0, value))
}

/** What `armOf` found, as the value to be written into the arm. */
export function armValue(arm: ArmPlan, value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
  return isObject ? (value as Loose)[arm.property] : value
}

/**
 * Value of a discriminator that the input leaves out but implies by the arm it uses. Undefined when `field` is no
 * discriminator or nothing follows.
 */
export function impliedDiscriminator(block: BlockPlan, field: FieldPlan, input: Loose): number | undefined {
  const union = block.fields.find((other) => other.discriminator === field)
  if (union === undefined || union.plan.kind !== 'union') return undefined
  const value = input[union.property]
  return value === undefined ? undefined : armOf(union.plan, value)?.discriminatorValue
}

type UnionConstructor = new (bytes: Uint8Array) => object

const constructors = new WeakMap<UnionPlan, UnionConstructor>()

/** Makes an instance of the union's class from its bytes, which it keeps; all of them have one hidden class. */
export function unionConstructor(plan: UnionPlan): UnionConstructor {
  let made = constructors.get(plan)
  if (made === undefined) {
    const { size } = plan
    made = function Instance(this: { bytes: Uint8Array }, bytes: Uint8Array): void {
      if (bytes.length !== size) throw new RangeError(`the union has ${size} bytes, not ${bytes.length}`)
      this.bytes = bytes
    } as unknown as UnionConstructor
    Object.defineProperty(made, 'prototype', { value: plan.descriptor.ctor.prototype as object })
    constructors.set(plan, made)
  }
  return made
}

/** An instance of the union's class that holds `bytes`, of which there must be as many as the union has. */
export function unionFrom(plan: UnionPlan, bytes: Uint8Array): object {
  return new (unionConstructor(plan))(bytes)
}
