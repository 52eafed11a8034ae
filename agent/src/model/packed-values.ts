import type { Cursor } from './cursor.ts'

/** Maximum number of different texts of a field that are written as numbers; a field with more has mostly unique values. */
const MOST_TEXTS = 64
/** Different lists and objects of a field that are written as a number each. */
const MOST_PARTS = 10_000

/** Lists and objects that are recognised without looking at what they say, beside those that are read. */
const MOST_LATELY = 1024

/** What a value begins with. */
const TAG = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  whole: 4,
  number: 5,
  text: 6,
  known: 7,
  json: 8,
  fields: 9,
} as const

/** Fields of objects that are alike. */
interface Shape {
  readonly id: number
  readonly fields: readonly { readonly name: string; readonly words: Words }[]
}

/**
 * Writes values that are like JSON in few bytes, and reads them again: for those of which there are many alike. What
 * fields of many of them say, as the paths of routes, is kept once, and is the same in memory for all who read it.
 * Values that say the same, with fields in the same order, have the same bytes.
 */
export class PackedValues {
  readonly #shapes: Shape[] = []
  readonly #byFields = new Map<string, Shape>()
  /** Of the last value that was written: many of one kind follow one another. */
  #last: Shape | undefined
  readonly #words = new Words()

  /** @returns false for what it cannot write: it is not JSON */
  write(value: unknown, to: Cursor): boolean {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return this.#words.write(value, to)
    }
    if (!isPlainObject(value)) return false
    const shape = this.#shapeOf(value)
    if (shape === undefined) return false
    to.putByte(TAG.fields)
    to.putWhole(shape.id)
    for (const { name, words } of shape.fields) {
      if (!words.write((value as Record<string, unknown>)[name], to)) return false
    }
    return true
  }

  read(from: Cursor): unknown {
    if (from.bytes[from.at] !== TAG.fields) return this.#words.read(from)
    from.at++
    const { fields } = this.#shapes[from.whole()] as Shape
    const value: Record<string, unknown> = {}
    for (const { name, words } of fields) value[name] = words.read(from)
    return value
  }

  /** Undefined for an object that cannot be made by setting its fields. */
  #shapeOf(value: object): Shape | undefined {
    const names = Object.keys(value)
    const last = this.#last
    if (last?.fields.length === names.length && last.fields.every(({ name }, at) => name === names[at])) {
      return last
    }
    if (names.includes('__proto__')) return undefined
    const id = JSON.stringify(names)
    const shape = this.#byFields.get(id) ?? {
      id: this.#shapes.length,
      fields: names.map((name) => ({ name, words: new Words() })),
    }
    if (!this.#byFields.has(id)) {
      this.#byFields.set(id, shape)
      this.#shapes.push(shape)
    }
    this.#last = shape
    return shape
  }
}

/** What one field says. */
class Words {
  /** What is written as a number, by it. */
  readonly #known: unknown[] = []
  readonly #texts = new Map<string, number>()
  /** Lists and objects by their JSON. */
  readonly #parts = new Map<string, number>()
  /** Lists and objects by themselves: those that are known, and some that were written lately and say the same. */
  readonly #ids = new Map<object, number>()
  readonly #lately = new Map<object, number>()

  write(value: unknown, to: Cursor): boolean {
    switch (typeof value) {
      case 'string':
        this.#writeText(value, to)
        return true
      case 'number':
        return writeNumber(value, to)
      case 'boolean':
        to.putByte(value ? TAG.true : TAG.false)
        return true
      case 'undefined':
        to.putByte(TAG.undefined)
        return true
      case 'object':
        if (value !== null) return this.#writePart(value, to)
        to.putByte(TAG.null)
        return true
      default:
        return false
    }
  }

  read(from: Cursor): unknown {
    switch (from.byte()) {
      case TAG.null:
        return null
      case TAG.true:
        return true
      case TAG.false:
        return false
      case TAG.whole:
        return from.whole()
      case TAG.number:
        return from.number()
      case TAG.text:
        return from.text()
      case TAG.known:
        return this.#known[from.whole()]
      case TAG.json:
        return JSON.parse(from.text())
      default:
        return undefined
    }
  }

  #writeText(text: string, to: Cursor): void {
    let id = this.#texts.get(text)
    if (id === undefined && this.#texts.size < MOST_TEXTS) {
      id = this.#known.push(text) - 1
      this.#texts.set(text, id)
    }
    if (id === undefined) {
      to.putByte(TAG.text)
      to.putText(text)
    } else writeKnown(id, to)
  }

  #writePart(part: object, to: Cursor): boolean {
    const same = this.#ids.get(part) ?? this.#lately.get(part)
    if (same !== undefined) {
      writeKnown(same, to)
      return true
    }
    if (!isPlain(part)) return false
    const text = JSON.stringify(part)
    let id = this.#parts.get(text)
    if (id === undefined && this.#parts.size < MOST_PARTS) {
      id = this.#known.push(part) - 1
      this.#parts.set(text, id)
      this.#ids.set(part, id)
    }
    if (id === undefined) {
      to.putByte(TAG.json)
      to.putText(text)
      return true
    }
    if (this.#lately.size === MOST_LATELY) this.#lately.clear()
    this.#lately.set(part, id)
    writeKnown(id, to)
    return true
  }
}

function writeKnown(id: number, to: Cursor): void {
  to.putByte(TAG.known)
  to.putWhole(id)
}

function writeNumber(value: number, to: Cursor): boolean {
  if (value >>> 0 === value && !Object.is(value, -0)) {
    to.putByte(TAG.whole)
    to.putWhole(value)
  } else {
    to.putByte(TAG.number)
    to.putNumber(value)
  }
  return true
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** True for what comes out of JSON as it went in, but for fields that are undefined. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'string' || isConstant(value)
  if (Array.isArray(value)) return value.every((one) => one !== undefined && isPlain(one))
  return isPlainObject(value) && Object.values(value).every((one) => one === undefined || isPlain(one))
}

function isConstant(value: unknown): boolean {
  return value === null || typeof value === 'boolean'
}
