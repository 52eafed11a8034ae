import { BinaryForm } from './form/binary-form.ts'
import { keyFromText } from './form/key-text.ts'
import type { ArmPlan, BlockPlan, FieldPlan, UnionPlan } from './plan.ts'

/** An object whose properties may be anything. */
export type Loose = Readonly<Record<string, unknown>>

/** Which arm a union was made from, where it was made from one. */
const chosen = new WeakMap<object, string>()

/** Notes that `union` was set through the arm called `property`. */
export function rememberArm(union: object, property: string): void {
  chosen.set(union, property)
}

/**
 * What all unions look like from here: their bytes, as 32-bit words with the most significant byte first; the last one
 * is filled up with zeros. An array of small integers is made in a third of the time that a `Uint8Array` takes, and two
 * unions with the same bytes are equal to whoever compares their properties.
 */
export interface UnionValue {
  readonly '~words': number[]
}

/** True for an instance of the union's class. */
export function isUnion(plan: UnionPlan, value: unknown): value is UnionValue {
  return value instanceof plan.descriptor.ctor
}

/** The arm that an input means: the one it was made from, or the one an object has as its only property. */
export function armOf(plan: UnionPlan, value: unknown): ArmPlan | undefined {
  if (typeof value !== 'object' || value === null) return textArm(plan, value)
  if (isBare(value)) return textArm(plan, value)
  if (isUnion(plan, value)) {
    const property = chosen.get(value)
    return plan.arms.find((arm) => arm.property === property)
  }
  const [only, ...more] = Object.keys(value)
  return more.length > 0 ? undefined : plan.arms.find((arm) => arm.property === only)
}

/** Bytes, or an address in its binary form: a value and no object with properties. */
function isBare(value: object): boolean {
  return value instanceof Uint8Array || value instanceof BinaryForm
}

/** A bare text, bare bytes and the like mean the first arm in a friendly form that takes them. */
function textArm(plan: UnionPlan, value: unknown): ArmPlan | undefined {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null || !isBare(value)))
    return undefined
  const scratch = new Uint8Array(plan.size)
  return plan.arms.find((arm) => arm.plan.kind === 'form' && arm.plan.form.write(scratch, 0, value))
}

/** What `armOf` found, as the value to be written into the arm. */
export function armValue(arm: ArmPlan, value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !isBare(value)
  return isObject ? (value as Loose)[arm.property] : value
}

/**
 * Value of a field that the input leaves out but implies: a discriminator by the arm that is used, a length by the
 * elements that are given. Undefined when nothing follows.
 */
export function impliedValue(block: BlockPlan, field: FieldPlan, input: Loose): number | undefined {
  const union = block.chosen.get(field)
  if (union?.plan.kind === 'union') {
    const value = input[union.property]
    return value === undefined ? undefined : armOf(union.plan, value)?.discriminatorValue
  }
  const array = block.lengths.get(field)
  return array === undefined ? undefined : elementsOf(array, input)?.length
}

/** What an input gives for an array, the bytes of a key that is given as text; undefined when it is not an array. */
export function elementsOf({ plan, property }: FieldPlan, input: Loose): ArrayLike<unknown> | undefined {
  const given = input[property]
  const elements = plan.kind === 'bytes' ? keyFromText(plan.text, given) : given
  return Array.isArray(elements) || elements instanceof Uint8Array ? elements : undefined
}

/** Whether a field that is left out may follow from others. */
export function mayBeImplied(block: BlockPlan, field: FieldPlan): boolean {
  return block.chosen.has(field) || block.lengths.has(field)
}

type UnionConstructor = new (words: number[]) => UnionValue

const constructors = new WeakMap<UnionPlan, UnionConstructor>()

/** Makes an instance of the union's class from its words, which it keeps; all of them have one hidden class. */
export function unionConstructor(plan: UnionPlan): UnionConstructor {
  let made = constructors.get(plan)
  if (made === undefined) {
    const length = wordCount(plan)
    made = function Instance(this: { '~words': number[] }, words: number[]): void {
      if (words.length !== length) throw new RangeError(`the union has ${length} words, not ${words.length}`)
      this['~words'] = words
    } as unknown as UnionConstructor
    Object.defineProperty(made, 'prototype', { value: plan.descriptor.ctor.prototype as object })
    constructors.set(plan, made)
  }
  return made
}

/** Number of 32-bit words that hold a union. */
export function wordCount(plan: UnionPlan): number {
  return Math.ceil(plan.size / 4)
}

/** The words in `bytes[offset, ...)` of a union. */
export function readWords(plan: UnionPlan, bytes: Uint8Array, offset: number): number[] {
  const words: number[] = []
  const byte = (index: number): number => (index < plan.size ? (bytes[offset + index] as number) : 0)
  for (let i = 0; i < plan.size; i += 4) {
    words.push((byte(i) << 24) | (byte(i + 1) << 16) | (byte(i + 2) << 8) | byte(i + 3))
  }
  return words
}

/** A union's bytes, in separate memory. */
export function wordsToBytes(plan: UnionPlan, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * wordCount(plan))
  words.forEach((word, index) => bytes.writeInt32BE(word, 4 * index))
  return bytes.subarray(0, plan.size)
}

/** An instance of the union's class that holds what is in `bytes[offset, ...)`. */
export function unionFrom(plan: UnionPlan, bytes: Uint8Array, offset = 0): UnionValue {
  return new (unionConstructor(plan))(readWords(plan, bytes, offset))
}
