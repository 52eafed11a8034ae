import { flagsOf, nameOf } from './enum.ts'
import { Refusal, within } from './errors.ts'
import { BinaryForm } from './form/binary-form.ts'
import { formatHex, writeHex } from './form/hex.ts'
import { KEY_TEXT_EXPECTED, keyFromText, type KeyText } from './form/key-text.ts'
import { Timestamp } from './form/timestamp.ts'
import { checkInput, checkUndefined } from './input.ts'
import type { ArmPlan, BlockPlan, BytesPlan, FieldPlan, Plan, ScalarPlan, UnionPlan } from './plan.ts'
import { showingArm } from './union-access.ts'
import { unionFrom, wordsToBytes } from './union-arm.ts'
import type { Loose, UnionValue } from './union-arm.ts'
import { instantiate, makeUnion } from './values.ts'

/** What `JSON.stringify` takes without losing anything. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** A message or struct as JSON. */
export function blockToJson(block: BlockPlan, value: object): { readonly [name: string]: JsonValue } {
  const json: Record<string, JsonValue> = {}
  for (const field of block.fields) {
    const content = (value as Loose)[field.property]
    json[field.property] =
      field.plan.kind === 'union'
        ? unionToJson(field.plan, content as UnionValue, discriminatorOf(field, value))
        : toJson(field.plan, content)
  }
  return json
}

/** Value of the sibling that chooses a union's arm. */
export function discriminatorOf(field: FieldPlan, value: object): unknown {
  return field.discriminator === undefined ? undefined : (value as Loose)[field.discriminator.property]
}

function toJson(plan: Plan, value: unknown): JsonValue {
  switch (plan.kind) {
    case 'scalar':
      return scalarToJson(plan, value as number | bigint | boolean)
    case 'bytes':
      return keyToJson(plan, value as Uint8Array)
    case 'array':
      return (value as readonly unknown[]).map((item) => toJson(plan.element, item))
    case 'union':
      return unionToJson(plan, value as UnionValue, undefined)
    case 'form':
      return value instanceof Timestamp || value instanceof BinaryForm ? value.toJSON() : (value as string)
    case 'block':
      return blockToJson(plan, value as object)
    case 'string':
      return value as string
  }
}

function scalarToJson(plan: ScalarPlan, value: number | bigint | boolean): JsonValue {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'boolean') return value
  if (plan.enum !== undefined)
    return plan.enum.flags ? flagsOf(plan.enum, value) : (nameOf(plan.enum, value) ?? value)
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

/** Keys of wireguard as `wg` prints them; one of another length, which an instance may hold, as other bytes. */
function keyToJson({ text, size }: BytesPlan, bytes: Uint8Array): string {
  const isBase64 = text === 'base64' && bytes.length === size
  return isBase64 ? Buffer.from(bytes).toString('base64') : bytesToJson(bytes)
}

function bytesToJson(bytes: Uint8Array): string {
  return `0x${formatHex(bytes, 0, bytes.length)}`
}

/** A union as JSON: by the arm that shows it, or as bytes. */
export function unionToJson(plan: UnionPlan, union: UnionValue, discriminator: unknown): JsonValue {
  const reading = showingArm(plan, union, discriminator)
  if (reading === undefined) return { bytes: bytesToJson(wordsToBytes(plan, union['~words'])) }
  return { [reading.arm.property]: toJson(reading.arm.plan, reading.value) }
}

/**
 * Makes an instance from JSON.
 * @throws Refusal
 */
export function blockFromJson(block: BlockPlan, json: unknown): object {
  const input = checkInput(block, json)
  const values: Record<string, unknown> = {}
  for (const { property, plan } of block.fields) {
    const content = input[property]
    try {
      if (content === undefined) checkUndefined(property, input)
      else values[property] = fromJson(plan, content)
    } catch (error) {
      throw within(error, property)
    }
  }
  return instantiate(block, values)
}

function fromJson(plan: Plan, json: unknown): unknown {
  switch (plan.kind) {
    case 'scalar':
      return scalarFromJson(plan, json)
    case 'bytes':
      return bytesFromJson(json, plan.text)
    case 'array':
      return arrayFromJson(plan.element, json)
    case 'union':
      return unionFromJson(plan, json)
    case 'form':
      return plan.form.zero instanceof Timestamp ? timeFromJson(json) : json
    case 'block':
      return blockFromJson(plan, json)
    case 'string':
      return json
  }
}

/** Spellings of the doubles that JSON numbers lack. */
const SPELLED_NUMBERS: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity', '-0'])

function timeFromJson(json: unknown): unknown {
  return SPELLED_NUMBERS.has(json) ? Number(json) : json
}

function scalarFromJson({ type }: ScalarPlan, json: unknown): unknown {
  if (type === 'f64') return SPELLED_NUMBERS.has(json) ? Number(json) : json
  if (type !== 'u64' && type !== 'i64') return json
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json)
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt(json)
  throw new Refusal('a 64-bit integer as decimal text', json)
}

function bytesFromJson(json: unknown, text?: KeyText): Uint8Array {
  if (typeof json === 'string') {
    const key = keyFromText(text, json)
    if (key instanceof Uint8Array) return key
    const bytes = new Uint8Array(Math.max(0, (json.length - 2) >> 1))
    if (json.startsWith('0x') && writeHex(bytes, 0, json, 2, json.length)) return bytes
  }
  throw new Refusal(text === undefined ? BYTES_EXPECTED : KEY_TEXT_EXPECTED[text], json)
}

const BYTES_EXPECTED = "bytes as '0x…' with two hex digits each"

function arrayFromJson(element: Plan, json: unknown): unknown[] {
  if (!Array.isArray(json)) throw new Refusal('an array', json)
  return json.map((item: unknown, index) => {
    try {
      return fromJson(element, item)
    } catch (error) {
      throw within(error, index)
    }
  })
}

/**
 * Makes a union from JSON.
 * @throws Refusal
 */
export function unionFromJson(plan: UnionPlan, json: unknown): object {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return makeUnion(plan, json)
  const [name, content] = Object.entries(json)[0] ?? ['', undefined]
  const arm = plan.arms.find((candidate) => candidate.property === name)
  if (Object.keys(json).length !== 1) return makeUnion(plan, json)
  if (arm !== undefined) {
    return makeUnion(plan, { [name]: armFromJson(arm, content) })
  }
  if (name !== 'bytes') return makeUnion(plan, json)
  const bytes = bytesFromJson(content)
  if (bytes.length !== plan.size) throw new Refusal(`${plan.size} bytes`, content)
  return unionFrom(plan, bytes)
}

function armFromJson({ property, plan }: ArmPlan, json: unknown): unknown {
  try {
    return fromJson(plan, json)
  } catch (error) {
    throw within(error, property)
  }
}
