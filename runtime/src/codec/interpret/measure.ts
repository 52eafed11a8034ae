import { Shortage } from '../errors.ts'
import { loadCount, loadUnsigned } from '../numbers.ts'
import type { ArrayPlan, BytesPlan, Plan } from '../plan.ts'

/** Demands that `size` bytes from `at` lie before `end`. */
export function need(at: number, size: number, end: number): void {
  if (at + size > end) throw new Shortage(at, size, Math.max(0, end - at))
}

/** Number of elements of one size; never more than there are bytes for. */
export function countOf(
  plan: BytesPlan | ArrayPlan,
  bytes: Buffer,
  at: number,
  end: number,
  base: number,
): number {
  const { extent } = plan
  const size = plan.kind === 'bytes' ? 1 : plan.element.size
  if (extent.kind === 'fixed') {
    if (extent.length === undefined) return extent.count
    const { offset: place, size: bytesOfLength, signed: isSigned } = extent.length
    return Math.min(loadCount(bytes, base + place, bytesOfLength, isSigned), extent.count)
  }
  if (extent.kind === 'rest') return Math.floor((end - at) / size)
  const { offset, size: width, signed } = extent.field
  const count = loadCount(bytes, base + offset, width, signed)
  need(at, count * size, end)
  return count
}

/**
 * Tells, for elements that vary in size, whether there is one more after `done` of them, at `offset`. Each takes one byte
 * at least, so that a count beyond the bytes that are left is refused before any is read.
 */
export function elementsLeft(
  { extent }: ArrayPlan,
  bytes: Buffer,
  at: number,
  end: number,
  base: number,
): (done: number, offset: number) => boolean {
  if (extent.kind === 'rest') return (_done, offset) => offset < end
  if (extent.kind === 'fixed') return (done) => done < extent.count
  const { offset: place, size, signed } = extent.field
  const count = loadCount(bytes, base + place, size, signed)
  need(at, count, end)
  return (done) => done < count
}

/**
 * Where the value at `at` ends.
 * @throws Shortage
 */
export function endOf(plan: Plan, bytes: Buffer, at: number, end: number, base: number): number {
  if (!plan.variable) {
    need(at, plan.size, end)
    return at + plan.size
  }
  switch (plan.kind) {
    case 'bytes':
      return at + countOf(plan, bytes, at, end, base)
    case 'array':
      return endOfArray(plan, bytes, at, end, base)
    case 'block': {
      const last = plan.fields.at(-1)
      return last === undefined ? at : endOf(last.plan, bytes, at + last.offset, end, at)
    }
    case 'string':
      need(at, plan.size, end)
      return at + plan.size + loadUnsigned(bytes, at, 4)
  }
}

function endOfArray(plan: ArrayPlan, bytes: Buffer, at: number, end: number, base: number): number {
  const { element } = plan
  if (!element.variable) return at + countOf(plan, bytes, at, end, base) * element.size
  const isMore = elementsLeft(plan, bytes, at, end, base)
  let offset = at
  for (let done = 0; isMore(done, offset); done++) offset = endOf(element, bytes, offset, end, offset)
  return offset
}
