import type { FieldSpec, TypeRef } from '@vpp-ts/runtime/codegen/v1'

/** What a field of a `.api.json` is: `[type, name, length or options, count]`. */
type JsonField = readonly [type: string, name: string, third?: unknown, count?: string]

/** The lists of a `.api.json` that sizes follow from. */
export interface Document {
  readonly types: readonly (readonly [string, ...unknown[]])[]
  readonly unions: readonly (readonly [string, ...unknown[]])[]
  readonly enums: readonly (readonly [string, ...unknown[]])[]
  readonly enumflags: readonly (readonly [string, ...unknown[]])[]
  readonly aliases: Readonly<Record<string, { readonly type: string; readonly length?: number }>>
  readonly messages: readonly (readonly [string, ...unknown[]])[]
}

/** A value, and the bytes that VPP lays it out in. */
interface Made {
  readonly value: unknown
  readonly size: number
}

const SIZES: Readonly<Record<string, number>> = {
  u8: 1,
  i8: 1,
  bool: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f64: 8,
}

/** Random whole numbers from 0 up to, but without, a limit; the same ones for the same seed. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) % limit
  }
}

/**
 * Makes random values of messages and tells their sizes, from the JSON alone: what VPP's tool wrote says that fields stand
 * one behind the other without space between. Only names of properties come from descriptors.
 */
export class ValueMaker {
  readonly #document: Document
  /** A number from 0 up to, but without, the limit. */
  readonly #below: (limit: number) => number

  constructor(document: Document, below: (limit: number) => number) {
    this.#document = document
    this.#below = below
  }

  /** A value of a block: an input for its class. */
  block(fields: readonly JsonField[], specs: readonly FieldSpec[]): Made {
    const derived = new Set(fields.flatMap(([, , third, count]) => [count, discriminatorOf(third)]))
    const value: Record<string, unknown> = {}
    let size = 0
    for (const [index, field] of fields.entries()) {
      const [, property, type] = specs[index] as FieldSpec
      const made = this.#field(field, type)
      size += made.size
      if (!derived.has(field[1])) value[property] = made.value
    }
    return { value, size }
  }

  #field([type, , third, count]: JsonField, ref: TypeRef): Made {
    if (type === 'string') {
      const text = 'abc'.slice(this.#below(4))
      return { value: text, size: third === 0 ? 4 + text.length : Number(third) }
    }
    if (typeof third !== 'number') return this.#one(type, ref)
    return this.#several(type, ref, count !== undefined || third === 0 ? this.#below(4) : third)
  }

  #several(type: string, ref: TypeRef, length: number): Made {
    const all = Array.from({ length }, () => this.#one(type, ref))
    const items = all.map(({ value }) => value)
    const value = type === 'u8' ? Uint8Array.from(items as number[]) : items
    return { value, size: all.reduce((sum, { size }) => sum + size, 0) }
  }

  #one(type: string, ref: TypeRef): Made {
    const size = SIZES[type]
    if (size !== undefined) return { value: this.#scalar(type), size }
    if (typeof ref === 'string') throw new Error(`${type} is described as ${ref}`)
    const { descriptor } = ref
    const name = type.replace(/^vl_api_(.*)_t$/, '$1')
    const alias = this.#document.aliases[name]
    if (alias !== undefined && descriptor.kind === 'alias') {
      return alias.length === undefined
        ? this.#one(alias.type, descriptor.type)
        : this.#several(alias.type, descriptor.type, alias.length)
    }
    const { types, unions, enums, enumflags } = this.#document
    const find = (list: Document['types']) => list.find(([known]) => known === name)?.slice(1)
    const members = find([...enums, ...enumflags])
    if (members !== undefined) return this.#enum(members)
    const arms = find(unions) as readonly JsonField[] | undefined
    if (arms !== undefined && descriptor.kind === 'union') {
      const all = arms.map((arm, index) => this.#field(arm, (descriptor.arms[index] ?? [])[2] as TypeRef))
      const chosen = this.#below(arms.length)
      const property = descriptor.arms[chosen]?.[1] ?? ''
      return { value: { [property]: all[chosen]?.value }, size: Math.max(...all.map((made) => made.size)) }
    }
    const fields = find(types) as readonly JsonField[] | undefined
    if (fields === undefined || descriptor.kind !== 'struct') throw new Error(`there is no type ${type}`)
    return this.block(fields, descriptor.fields)
  }

  #scalar(type: string): unknown {
    const number = this.#below(100)
    if (type === 'bool') return number % 2 === 1
    return type === 'u64' || type === 'i64' ? BigInt(number) : number
  }

  /** The complement of a negative member, as C stores it. */
  #enum(items: readonly unknown[]): Made {
    const base = (items.at(-1) as { readonly enumtype: string }).enumtype
    const members = items.slice(0, -1) as readonly (readonly [string, number])[]
    const [, value] = members[this.#below(members.length)] ?? ['', 0]
    const size = SIZES[base] ?? 0
    return { value: base.startsWith('u') && value < 0 ? value + 256 ** size : value, size }
  }
}

function discriminatorOf(options: unknown): unknown {
  return typeof options === 'object'
    ? (options as Readonly<Record<string, unknown>>)['discriminator']
    : undefined
}
