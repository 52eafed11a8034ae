import { Refusal } from './errors.ts'
import type { BlockPlan, CountField, FieldPlan } from './plan.ts'
import { elementsOf } from './union-arm.ts'
import type { Loose } from './union-arm.ts'

/**
 * Checks the outside of what stands for a message or struct: an instance of its class, or an object that names only
 * its fields. Counts are no properties of the class: what an instance says of them is passed over.
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

/**
 * For a property that was read as `undefined`: refuses it unless it is left out, since VPP would receive zero. A name that
 * was looked up in vain would mean the default VRF, or the first interface.
 * @throws Refusal
 */
export function checkUndefined(property: string, input: Loose): void {
  if (property in input)
    throw new Refusal('a value (leave the property out to get its default, or zero)', undefined)
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
  if (given === undefined && !(count.property in input)) return
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

/**
 * A length beside an array must be that of the array, or the array must be whole: fewer elements than announced would be
 * filled up with zeros, and a label of zero is one; what is behind the announced ones would be lost.
 * @throws Refusal
 */
export function checkLengths(block: BlockPlan, input: Loose): void {
  for (const [length, array] of block.lengths) {
    const announced = input[length.property]
    const elements = elementsOf(array, input)
    if (typeof announced !== 'number' || elements === undefined || announced === elements.length) continue
    if (isWhole(array, elements.length)) continue
    const refusal = new Refusal(
      `${announced} elements, as ${length.property} says (this has ${elements.length})`,
      elements,
    )
    refusal.segments.push(array.property)
    throw refusal
  }
}

function isWhole({ plan }: FieldPlan, length: number): boolean {
  if (plan.kind !== 'array' && plan.kind !== 'bytes') return true
  return plan.extent.kind === 'fixed' && plan.extent.count === length
}
