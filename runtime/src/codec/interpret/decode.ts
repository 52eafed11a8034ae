import { copyBytes } from '../bytes.ts'
import { within } from '../errors.ts'
import { loadUnsigned } from '../numbers.ts'
import type { ArrayPlan, BlockPlan, BytesPlan, CountField, Plan } from '../plan.ts'
import { shapeOf } from '../shape.ts'
import { readFixedText, readText } from '../text.ts'
import { unionFrom } from '../union-arm.ts'
import { viewOf } from '../view.ts'
import type { Read } from './access.ts'
import { countOf, elementsLeft, endOf, need } from './measure.ts'
import { scalarReader } from './scalar.ts'

const reads = new WeakMap<Plan, Read>()

/** The reader of a plan; made once. */
export function readOf(plan: Plan): Read {
  let read = reads.get(plan)
  if (read === undefined) {
    read = guard(plan, makeRead(plan))
    reads.set(plan, read)
  }
  return read
}

/** Demands the fixed part before anything is read. A block asks its fields instead, so that one of them is named. */
function guard(plan: Plan, read: Read): Read {
  if (plan.kind === 'block') return read
  const { size } = plan
  return (bytes, at, end, base) => {
    need(at, size, end)
    return read(bytes, at, end, base)
  }
}

function makeRead(plan: Plan): Read {
  switch (plan.kind) {
    case 'scalar':
      return scalarReader(plan)
    case 'string':
      if (!plan.variable) return (bytes, at) => readFixedText(bytes, viewOf(bytes), at, at + plan.size)
      return readVariableString
    case 'bytes':
      return bytesReader(plan)
    case 'array':
      return arrayReader(plan)
    case 'union':
      return (bytes, at) => unionFrom(plan, bytes, at)
    case 'form':
      return (bytes, at) => plan.form.read(bytes, at)
    case 'block':
      return blockReader(plan)
  }
}

function readVariableString(bytes: Buffer, at: number, end: number): string {
  const length = loadUnsigned(bytes, at, 4)
  need(at + 4, length, end)
  return readText(bytes, at + 4, at + 4 + length)
}

function bytesReader(plan: BytesPlan): Read {
  return (bytes, at, end, base) => {
    const count = countOf(plan, bytes, at, end, base)
    return copyBytes(bytes, at, at + count)
  }
}

function arrayReader(plan: ArrayPlan): Read {
  const read = readOf(plan.element)
  const { size, variable } = plan.element
  if (variable) return variableArrayReader(plan, read)
  return (bytes, at, end, base) => {
    const count = countOf(plan, bytes, at, end, base)
    const array: unknown[] = []
    for (let i = 0; i < count; i++) {
      const offset = at + i * size
      array.push(read(bytes, offset, end, offset))
    }
    return array
  }
}

/** Elements that vary in size: each begins where the one before it ends. */
function variableArrayReader(plan: ArrayPlan, read: Read): Read {
  const { element } = plan
  return (bytes, at, end, base) => {
    const array: unknown[] = []
    let offset = at
    const isMore = elementsLeft(plan, bytes, at, end, base)
    while (isMore(array.length, offset)) {
      array.push(read(bytes, offset, end, offset))
      offset = endOf(element, bytes, offset, end, offset)
    }
    return array
  }
}

function blockReader(block: BlockPlan): Read {
  const { construct } = shapeOf(block)
  const fields = block.fields.map(({ plan, offset, property }) => ({ read: readOf(plan), offset, property }))
  const { counts } = block
  return (bytes, at, end) => {
    const values: unknown[] = []
    let lastRead = -1
    for (const { read, offset, property } of fields) {
      for (const count of counts) {
        if (count.offset > lastRead && count.offset < offset) needCount(count, at, end)
      }
      lastRead = offset
      try {
        values.push(read(bytes, at + offset, end, at))
      } catch (error) {
        throw within(error, property)
      }
    }
    return construct(values)
  }
}

/** A count field is not a property, but it must be there all the same. */
function needCount(count: CountField, at: number, end: number): void {
  try {
    need(at + count.offset, count.size, end)
  } catch (error) {
    throw within(error, count.property)
  }
}
