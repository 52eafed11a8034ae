import { Refusal, within } from './errors.ts'
import { readOf } from './interpret/decode.ts'
import { writeOf } from './interpret/encode.ts'
import type { ArmPlan, UnionPlan } from './plan.ts'
import { armOf, rememberArm } from './union-arm.ts'
import { ByteWriter } from './writer.ts'

/** What all unions look like from here. */
export interface UnionValue {
  readonly bytes: Uint8Array
}

/** Reads the bytes through one arm. */
export function readArm(plan: UnionPlan, property: string, union: UnionValue): unknown {
  return readThrough(find(plan, property), union)
}

function find(plan: UnionPlan, property: string): ArmPlan {
  const arm = plan.arms.find((candidate) => candidate.property === property)
  if (arm === undefined) throw new TypeError(`${plan.descriptor.name} has no arm ${property}`)
  return arm
}

function readThrough(arm: ArmPlan, { bytes }: UnionValue): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return readOf(arm.plan)(buffer, 0, buffer.length, 0)
}

/**
 * Sets the bytes through one arm; what this arm does not reach becomes zero.
 * @throws VppEncodeError when the value does not fit; the union is then as it was
 */
export function writeArm(plan: UnionPlan, property: string, union: UnionValue, value: unknown): void {
  try {
    union.bytes.set(armBytes(plan, find(plan, property), value))
    rememberArm(union, property)
  } catch (error) {
    throw error instanceof Refusal
      ? (within(error, property) as Refusal).toError(plan.descriptor.name)
      : error
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
    const value = readThrough(arm, union)
    if (reproduces(plan, arm, value, union)) return { arm, value }
  }
  return undefined
}

function reproduces(plan: UnionPlan, arm: ArmPlan, value: unknown, { bytes }: UnionValue): boolean {
  try {
    return Buffer.compare(armBytes(plan, arm, value), bytes) === 0
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
