import { refusalError } from './refusal-error.ts'
import { Refusal, within } from './errors.ts'
import { readOf } from './interpret/decode.ts'
import { writeOf } from './interpret/encode.ts'
import type { ArmPlan, UnionPlan } from './plan.ts'
import { armOf, readWords, rememberArm, wordCount, wordsToBytes } from './union-arm.ts'
import type { UnionValue } from './union-arm.ts'
import { ByteWriter } from './writer.ts'

/** Bytes of the longest union that has an address in it, and is read without a buffer. */
const LONGEST_TEXT = 16

/** Reads the bytes through one arm. */
export function readArm(plan: UnionPlan, property: string, union: UnionValue): unknown {
  return readThrough(plan, find(plan, property), union)
}

function find(plan: UnionPlan, property: string): ArmPlan {
  const arm = plan.arms.find((candidate) => candidate.property === property)
  if (arm === undefined) throw new TypeError(`${plan.descriptor.name} has no arm ${property}`)
  return arm
}

/** Bytes of a union while an address is read from them: a text has nothing of them. */
const scratch = Buffer.alloc(LONGEST_TEXT)

function readThrough(plan: UnionPlan, arm: ArmPlan, union: UnionValue): unknown {
  if (arm.plan.kind === 'form' && wordCount(plan) * 4 <= LONGEST_TEXT) {
    union['~words'].forEach((word, index) => scratch.writeInt32BE(word, 4 * index))
    return arm.plan.form.read(scratch, 0)
  }
  return readOf(arm.plan)(wordsToBytes(plan, union['~words']), 0, plan.size, 0)
}

/**
 * Sets the bytes through one arm; what this arm does not reach becomes zero.
 * @throws VppEncodeError when the value does not fit; the union is then as it was
 */
export function writeArm(plan: UnionPlan, property: string, union: UnionValue, value: unknown): void {
  try {
    const words = readWords(plan, armBytes(plan, find(plan, property), value), 0)
    words.forEach((word, index) => (union['~words'][index] = word))
    rememberArm(union, property)
  } catch (error) {
    within(error, property)
    throw error instanceof Refusal ? refusalError(error, plan, plan.descriptor.name) : error
  }
}

function armBytes(plan: UnionPlan, arm: ArmPlan, value: unknown): Uint8Array {
  const writer = new ByteWriter(plan.size)
  writeOf(arm.plan)(writer, writer.reserve(plan.size), value, 0)
  return writer.take()
}

/** An arm and what it reads. */
export interface Reading {
  readonly arm: ArmPlan
  readonly value: unknown
}

/**
 * The arm that shows a union: the one its discriminator names, else the one it was made from, else the first. It must
 * reproduce all bytes; undefined when none does.
 */
export function showingArm(plan: UnionPlan, union: UnionValue, discriminator: unknown): Reading | undefined {
  const named = plan.arms.find(
    (arm) => arm.discriminatorValue !== undefined && arm.discriminatorValue === discriminator,
  )
  for (const arm of new Set([named ?? armOf(plan, union), ...plan.arms])) {
    if (arm === undefined) continue
    const value = readThrough(plan, arm, union)
    if (reproduces(plan, arm, value, union)) return { arm, value }
  }
  return undefined
}

function reproduces(plan: UnionPlan, arm: ArmPlan, value: unknown, union: UnionValue): boolean {
  try {
    return Buffer.compare(armBytes(plan, arm, value), wordsToBytes(plan, union['~words'])) === 0
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
