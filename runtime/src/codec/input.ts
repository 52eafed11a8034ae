import { Refusal } from './errors.ts'
import type { BlockPlan, CountField, FieldPlan } from './plan.ts'
import type { Loose } from './union-arm.ts'

/**
 * Checks the outside of what stands for a message or struct: an instance of its class, or an object that names only
 * its fields.
 * @throws Refusal
 */
export function checkInput(block: BlockPlan, value: unknown): Loose {
  const { ctor, name } = block.descriptor
  if (ctor !== undefined && value instanceof ctor) return value as Loose
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new Refusal(`an object with fields of ${name}`, value)
  }
  const input = value as Loose
  for (const key of Object.keys(input)) {
    if (block.names.has(key)) continue
    const refusal = new Refusal(`a field of ${name} (${fieldList(block)})`, input[key])
    refusal.segments.push(key)
    throw refusal
  }
  for (const count of block.counts) checkCount(block, count, input)
  return input
}

const MOST_LISTED = 12

function fieldList(block: BlockPlan): string {
  const names = block.fields.map((field) => field.property)
  if (names.length === 0) return 'it has none'
  return names.length > MOST_LISTED ? `${names.slice(0, MOST_LISTED).join(', ')}, …` : names.join(', ')
}

/** A count may be named when it says what the array says already. */
function checkCount(block: BlockPlan, count: CountField, input: Loose): void {
  const given = input[count.property]
  if (given === undefined) return
  const array = block.fields.find((field) => isCountedBy(field, count))
  const value = array === undefined ? undefined : input[array.property]
  const length = Array.isArray(value) || value instanceof Uint8Array ? value.length : 0
  if (given === length) return
  const refusal = new Refusal(`${length}, the length of ${array?.property} (leave the count out)`, given)
  refusal.segments.push(count.property)
  throw refusal
}

function isCountedBy(field: FieldPlan, count: CountField): boolean {
  const { plan } = field
  if (plan.kind !== 'bytes' && plan.kind !== 'array') return false
  return plan.extent.kind === 'counted' && plan.extent.field === count
}
