import { Refusal, within } from '../errors.ts'
import { KEY_TEXT_EXPECTED, keyFromText } from '../form/key-text.ts'
import { checkInput, checkLengths, checkUndefined } from '../input.ts'
import { storeCount, storeInteger } from '../numbers.ts'
import type {
  ArrayPlan,
  BlockPlan,
  BytesPlan,
  FieldPlan,
  FormPlan,
  Plan,
  StringPlan,
  UnionPlan,
} from '../plan.ts'
import { byteLength, writeText } from '../text.ts'
import {
  armOf,
  armValue,
  impliedValue,
  isUnion,
  mayBeImplied,
  wordCount,
  wordsToBytes,
} from '../union-arm.ts'
import type { Loose } from '../union-arm.ts'
import type { ByteWriter } from '../writer.ts'
import type { Write } from './access.ts'
import { scalarWriter } from './scalar.ts'

const writes = new WeakMap<Plan, Write>()

/** The writer of a plan; made once. */
export function writeOf(plan: Plan): Write {
  let write = writes.get(plan)
  if (write === undefined) {
    write = makeWrite(plan)
    writes.set(plan, write)
  }
  return write
}

function makeWrite(plan: Plan): Write {
  switch (plan.kind) {
    case 'scalar':
      return scalarWriter(plan)
    case 'string':
      return plan.variable ? variableString(plan) : fixedString(plan)
    case 'bytes':
      return bytesWriter(plan)
    case 'array':
      return arrayWriter(plan)
    case 'union':
      return unionWriter(plan)
    case 'form':
      return formWriter(plan)
    case 'block':
      return blockWriter(plan)
  }
}

/** Bytes of `value` as text. */
function measure(plan: StringPlan, value: unknown): number {
  if (typeof value !== 'string') throw new Refusal('a string', value)
  const length = byteLength(value)
  if (length < 0) throw new Refusal('well-formed text without lone surrogates', value)
  if (length > plan.longest) {
    throw new Refusal(`text of at most ${plan.longest} bytes in UTF-8 (this has ${length})`, value)
  }
  return length
}

function fixedString(plan: StringPlan): Write {
  return (writer, at, value) => {
    measure(plan, value)
    const text = value as string
    if (text.includes('\0')) throw new Refusal('text without NUL, which would end it', value)
    writeText(writer.bytes, at, text)
  }
}

function variableString(plan: StringPlan): Write {
  return (writer, at, value) => {
    const length = measure(plan, value)
    storeInteger(writer.bytes, at, 4, length)
    const start = writer.reserve(length)
    writeText(writer.bytes, start, value as string)
  }
}

/** Checks the number of elements, stores it in the count field and makes room; gives back where to begin. */
function openArray(
  plan: BytesPlan | ArrayPlan,
  writer: ByteWriter,
  at: number,
  base: number,
  value: Sized,
): number {
  const { extent } = plan
  const { length } = value
  if (extent.kind === 'fixed') {
    if (length > extent.count || (length < extent.count && extent.length === undefined)) {
      const limit = extent.length === undefined ? 'exactly' : 'at most'
      throw new Refusal(`${limit} ${extent.count} elements (this has ${length})`, value)
    }
    return at
  }
  if (length > plan.longest) throw new Refusal(`at most ${plan.longest} elements (this has ${length})`, value)
  if (extent.kind === 'counted') {
    const { offset, size } = extent.field
    storeCount(writer.bytes, base + offset, size, length)
  }
  if (plan.kind === 'bytes') return writer.reserve(length)
  // Elements that vary in size are made room for one by one.
  return plan.element.variable ? at : writer.reserve(length * plan.element.size)
}

interface Sized {
  readonly length: number
}

function bytesWriter(plan: BytesPlan): Write {
  const { text } = plan
  const expected = text === undefined ? 'a Uint8Array' : KEY_TEXT_EXPECTED[text]
  return (writer, at, value, base) => {
    const bytes = keyFromText(text, value)
    if (!(bytes instanceof Uint8Array)) throw new Refusal(expected, value)
    const start = openArray(plan, writer, at, base, bytes)
    writer.bytes.set(bytes, start)
  }
}

function arrayWriter(plan: ArrayPlan): Write {
  const write = writeOf(plan.element)
  const { size, variable } = plan.element
  return (writer, at, value, base) => {
    if (!Array.isArray(value)) throw new Refusal('an array', value)
    const start = openArray(plan, writer, at, base, value)
    let index = 0
    try {
      for (; index < value.length; index++) {
        const offset = variable ? writer.reserve(size) : start + index * size
        write(writer, offset, value[index], offset)
      }
    } catch (error) {
      throw within(error, index)
    }
  }
}

function formWriter({ form }: FormPlan): Write {
  return (writer, at, value) => {
    if (!form.write(writer.bytes, at, value)) throw new Refusal(form.expected, value)
  }
}

function unionWriter(plan: UnionPlan): Write {
  return (writer, at, value) => {
    if (isUnion(plan, value)) {
      const { length } = value['~words']
      if (length !== wordCount(plan)) throw new Refusal(`a union of ${plan.size} bytes`, value)
      writer.bytes.set(wordsToBytes(plan, value['~words']), at)
      return
    }
    const arm = armOf(plan, value)
    if (arm === undefined) throw new Refusal(unionInputs(plan), value)
    const content = armValue(arm, value)
    try {
      writeOf(arm.plan)(writer, at, content, at)
    } catch (error) {
      throw content === value ? error : within(error, arm.property)
    }
  }
}

/** What a union can be written from, for an error's text. */
function unionInputs(plan: UnionPlan): string {
  const texts = plan.arms.flatMap((arm) => (arm.plan.kind === 'form' ? [arm.plan.form.expected] : []))
  const arms = plan.arms.map(({ property }) => property).join(', ')
  return [...texts, `an object with exactly one of ${arms}`].join(', or ')
}

function blockWriter(block: BlockPlan): Write {
  const fields = block.fields.map((field) => ({
    property: field.property,
    offset: field.offset,
    write: writeOf(field.plan),
    instead: instead(block, field),
  }))
  const hasLengths = block.lengths.size > 0
  return (writer, at, value) => {
    const input = checkInput(block, value)
    if (hasLengths) checkLengths(block, input)
    let atHand = ''
    try {
      for (const { property, offset, write, instead } of fields) {
        atHand = property
        const given = input[property]
        const content = given === undefined ? instead(input) : given
        if (content !== undefined) write(writer, at + offset, content, at)
      }
    } catch (error) {
      throw within(error, atHand)
    }
  }
}

/** What stands for a property that is left out: what others imply, or its default; undefined for zero bytes. */
function instead(block: BlockPlan, field: FieldPlan): (input: Loose) => unknown {
  const absent = whenAbsent(field)
  const isImplied = mayBeImplied(block, field)
  return (input) => {
    checkUndefined(field.property, input)
    return (isImplied ? impliedValue(block, field, input) : undefined) ?? absent
  }
}

/** What to write for a property that is left out; undefined where zero bytes say it all. */
function whenAbsent(field: FieldPlan): unknown {
  return field.default ?? emptyInput(field.plan)
}

/** An input for `plan` that takes all defaults, or undefined when these are all zero. */
export function emptyInput(plan: Plan): unknown {
  if (plan.kind === 'block')
    return plan.fields.some((field) => whenAbsent(field) !== undefined) ? {} : undefined
  if (plan.kind !== 'array' || plan.extent.kind !== 'fixed' || plan.extent.length !== undefined)
    return undefined
  // Elements that vary in size have no fixed place among the zero bytes.
  const element = emptyInput(plan.element) ?? (plan.element.variable ? {} : undefined)
  return element === undefined ? undefined : Array.from({ length: plan.extent.count }, () => element)
}
