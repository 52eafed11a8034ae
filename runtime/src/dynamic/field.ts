import type { Entry } from './document.ts'
import { isObject } from './document.ts'
import { VppSchemaError, kindOf } from './errors.ts'

/** A field as the document writes it, of known shape: `[type, name, length?, count?]` or `[type, name, options]`. */
export interface RawField {
  /** `u32`, `string` or `vl_api_…_t`. */
  readonly type: string
  readonly name: string
  /** Length of a fixed array, or 0 for one of variable length. */
  readonly length: number | undefined
  /** Name of the field that counts the elements. */
  readonly count: string | undefined
  readonly options: Readonly<Record<string, unknown>>
  readonly path: string
}

const NO_OPTIONS: Readonly<Record<string, unknown>> = Object.freeze({})

/**
 * Fields of an entry of `types`, `unions` or `messages`. The object at the end (CRC, options, comment) is none.
 * @throws VppSchemaError when a field is not of the shape above
 */
export function readFields(module: string, entry: Entry): RawField[] {
  const fields: RawField[] = []
  for (let index = 1; index < entry.items.length; index++) {
    const item = entry.items[index]
    if (isObject(item) && index === entry.items.length - 1) break
    fields.push(readField(module, item, `${entry.path}[${index}]`))
  }
  return fields
}

function readField(module: string, item: unknown, path: string): RawField {
  const fail = (step: string, problem: string): never => {
    throw new VppSchemaError({ module, path: `${path}${step}` }, problem)
  }
  if (!Array.isArray(item)) return fail('', `expected a field, found ${kindOf(item)}`)
  const [type, name, third, count] = item as readonly unknown[]
  if (typeof type !== 'string') return fail('[0]', `expected the name of a type, found ${kindOf(type)}`)
  if (typeof name !== 'string') return fail('[1]', `expected the name of a field, found ${kindOf(name)}`)
  if (count !== undefined && typeof count !== 'string') {
    return fail('[3]', `expected the name of a field, found ${kindOf(count)}`)
  }
  if (third === undefined || isObject(third)) {
    return { type, name, length: undefined, count: undefined, options: third ?? NO_OPTIONS, path }
  }
  if (typeof third !== 'number' || !Number.isSafeInteger(third) || third < 0) {
    return fail('[2]', `expected a length or options, found ${kindOf(third)}`)
  }
  return { type, name, length: third, count, options: NO_OPTIONS, path }
}

/**
 * The object at the end of an entry: of a message its CRC and options, of an enum its base type.
 * @throws VppSchemaError when there is none
 */
export function readTrailer(module: string, entry: Entry): Readonly<Record<string, unknown>> {
  const last = entry.items.at(-1)
  if (isObject(last)) return last
  throw new VppSchemaError(
    { module, path: `${entry.path}[${entry.items.length - 1}]` },
    `expected the object that ends ${entry.name}, found ${kindOf(last)}`,
  )
}
