import { enumNumber, expectedNames } from './enum.ts'
import { Refusal, within } from './errors.ts'
import { keyFromText } from './form/key-text.ts'
import { checkInput, checkLengths, checkUndefined } from './input.ts'
import { writeOf } from './interpret/encode.ts'
import type { ArrayPlan, BlockPlan, BytesPlan, FieldPlan, Plan, ScalarPlan, UnionPlan } from './plan.ts'
import { shapeOf } from './shape.ts'
import { armOf, impliedValue, isUnion, mayBeImplied, rememberArm, unionFrom } from './union-arm.ts'
import type { Loose } from './union-arm.ts'
import { NONE } from './none.ts'
import { ByteWriter } from './writer.ts'

/**
 * Makes an instance from an instance or a partial object. Nested partial objects become instances and other spellings
 * become the one that is kept; numbers and texts are looked at when the message is encoded.
 * @throws Refusal
 */
export function instantiate(block: BlockPlan, init: unknown): object {
  let make = makers.get(block)
  if (make === undefined) {
    make = makerOf(block)
    makers.set(block, make)
  }
  return make(init)
}

type Make = (init: unknown) => object

const makers = new WeakMap<BlockPlan, Make>()

function makerOf(block: BlockPlan): Make {
  const { construct } = shapeOf(block)
  const { fields } = block
  return (init) => {
    const input = checkInput(block, init)
    if (block.lengths.size > 0) checkLengths(block, input)
    const values: unknown[] = []
    for (const field of fields) {
      const value = input[field.property]
      try {
        if (value === undefined) checkUndefined(field.property, input)
        values.push(value === undefined ? absentValue(block, field, input) : adopt(field.plan, value))
      } catch (error) {
        throw within(error, field.property)
      }
    }
    return construct(values)
  }
}

function absentValue(block: BlockPlan, field: FieldPlan, input: Loose): unknown {
  const implied = mayBeImplied(block, field) ? impliedValue(block, field, input) : undefined
  if (implied !== undefined) return implied
  if (field.default !== undefined) return adopt(field.plan, field.default)
  return announcedZeros(field.plan, input) ?? zeroOf(field.plan)
}

/** The elements of an array of which only the length is given. */
function announcedZeros(plan: Plan, input: Loose): unknown {
  if ((plan.kind !== 'array' && plan.kind !== 'bytes') || plan.extent.kind !== 'fixed') return undefined
  const { count, length } = plan.extent
  const announced = length === undefined ? undefined : input[length.property]
  return typeof announced === 'number' ? zeroElements(plan, Math.min(announced, count)) : undefined
}

function zeroElements(plan: ArrayPlan | BytesPlan, length: number): unknown[] | Uint8Array {
  return plan.kind === 'bytes' ? new Uint8Array(length) : Array.from({ length }, () => zeroOf(plan.element))
}

/** The value of a property that nothing is said about: zero, or the defaults of a nested struct. */
export function zeroOf(plan: Plan): unknown {
  switch (plan.kind) {
    case 'scalar':
      return zeroScalar(plan)
    case 'string':
      return ''
    case 'bytes':
    case 'array':
      return zeroElements(plan, leastElements(plan))
    case 'union':
      return unionFrom(plan, new Uint8Array(plan.size))
    case 'form':
      return plan.form.zero
    case 'block':
      return instantiate(plan, {})
  }
}

function zeroScalar({ type }: ScalarPlan): number | bigint | boolean {
  if (type === 'bool') return false
  return type === 'u64' || type === 'i64' ? 0n : 0
}

function leastElements({ extent }: ArrayPlan | BytesPlan): number {
  return extent.kind === 'fixed' && extent.length === undefined ? extent.count : 0
}

/** Turns an input into what the property holds. */
function adopt(plan: Plan, value: unknown): unknown {
  switch (plan.kind) {
    case 'scalar':
      return adoptScalar(plan, value)
    case 'form':
      return plan.form.adopt(value)
    case 'array':
      return adoptArray(plan, value)
    case 'bytes':
      return keyFromText(plan.text, value)
    case 'block':
      return isInstance(plan, value) ? value : instantiate(plan, value)
    case 'union':
      return isUnion(plan, value) ? value : makeUnion(plan, value)
    default:
      return value
  }
}

function adoptScalar(plan: ScalarPlan, value: unknown): unknown {
  if (plan.minusOne && value === -1) return NONE
  if (plan.enum === undefined || typeof value === 'number') return value
  const number = enumNumber(plan.enum, value)
  if (number === undefined) throw new Refusal(`${expectedNames(plan.enum)} or a number`, value)
  return number
}

function adoptArray({ element }: ArrayPlan, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Refusal('an array', value)
  return value.map((item: unknown, index) => {
    try {
      return adopt(element, item)
    } catch (error) {
      throw within(error, index)
    }
  })
}

function isInstance(block: BlockPlan, value: unknown): boolean {
  const { ctor } = block.descriptor
  return ctor !== undefined && value instanceof ctor
}

/**
 * Makes a union from an object with one arm, or from a text in the form of one.
 * @throws Refusal
 */
export function makeUnion(plan: UnionPlan, init: unknown): object {
  const writer = new ByteWriter(plan.size)
  writeOf(plan)(writer, writer.reserve(plan.size), init, 0)
  const union = unionFrom(plan, writer.bytes)
  const arm = armOf(plan, init)
  if (arm !== undefined) rememberArm(union, arm.property)
  return union
}
