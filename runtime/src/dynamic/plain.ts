import type {
  FieldSpec,
  MessageDescriptor,
  StructDescriptor,
  TypeRef,
  UnionDescriptor,
} from '../codec/descriptor.ts'
import { HIDDEN, VppEncodeError, formatPath, type PathSegment } from '../codec/errors.ts'
import { formatHex } from '../codec/form/hex.ts'
import type { JsonValue } from '../codec/json.ts'
import { planBlock } from '../codec/make-plan.ts'
import { hasSecrets } from '../codec/secrets.ts'
import { didYouMean } from './suggest.ts'

/** How fields are called: `swIfIndex` as bindings do it, or `sw_if_index` as VPP does. */
export type FieldNames = 'camelCase' | 'vpp'

/** A message as JSON: enum values by name, 64-bit integers as decimal text, bytes as `0x…`, addresses as text. */
export type PlainMessage = { readonly [field: string]: JsonValue }

type Block = MessageDescriptor | StructDescriptor
type Owner = Block | UnionDescriptor
type Part = readonly [
  wireName: string,
  propertyName: string,
  type: TypeRef,
  length?: FieldSpec[3],
  ...unknown[],
]

/** A message in plain form. */
export function toPlain(
  descriptor: MessageDescriptor,
  message: { toJSON(): JsonValue },
  names: FieldNames,
): PlainMessage {
  const json = message.toJSON() as PlainMessage
  return names === 'camelCase' ? json : (renamed(descriptor, json) as PlainMessage)
}

/** Replaces the properties' names with VPP's. */
function renamed(owner: Owner, json: JsonValue): JsonValue {
  if (!isObject(json)) return json
  const parts = partsOf(owner)
  return Object.fromEntries(
    Object.entries(json).map(([property, value]) => {
      const part = parts.get(property)
      return part === undefined ? [property, value] : [part[0], renamedValue(part[2], value)]
    }),
  )
}

function renamedValue(type: TypeRef, value: JsonValue): JsonValue {
  const owner = ownerOf(type)
  if (owner === undefined) return value
  return Array.isArray(value) ? value.map((item: JsonValue) => renamed(owner, item)) : renamed(owner, value)
}

/**
 * What `fromJSON` of a message takes. Fields may have either name; 64-bit integers may be bigints, bytes a
 * `Uint8Array`.
 * @throws VppEncodeError for a field that the message does not have, or that is given twice
 */
export function fromPlain(descriptor: MessageDescriptor, request: object, names: FieldNames): JsonValue {
  return new Reader(descriptor.name, names).block(descriptor, request)
}

/** Walks through a request, knowing where it is. */
class Reader {
  readonly #messageName: string
  readonly #names: FieldNames
  readonly #path: PathSegment[] = []

  constructor(messageName: string, names: FieldNames) {
    this.#messageName = messageName
    this.#names = names
  }

  block(owner: Owner, input: unknown): JsonValue {
    if (!isObject(input)) return input as JsonValue
    const parts = partsOf(owner)
    const output = new Map<string, JsonValue>()
    for (const [key, value] of Object.entries(input)) {
      this.#path.push(key)
      const part = parts.get(key)
      if (part === undefined && !(owner.kind === 'union' && key === 'bytes'))
        this.#refuseName(owner, key, value)
      const property = part?.[1] ?? key
      if (output.has(property))
        this.#refuse(owner, `it once (${part?.[0]} and ${property} are the same field)`, value)
      output.set(property, part === undefined ? bytesOrValue(value) : this.#value(part, value))
      this.#path.pop()
    }
    return Object.fromEntries(output)
  }

  #value([, , type, length]: Part, value: unknown): JsonValue {
    const owner = ownerOf(type)
    if (!Array.isArray(value))
      return owner === undefined ? scalar(type, length, value) : this.block(owner, value)
    return value.map((item: unknown, index) => {
      this.#path.push(index)
      const read = owner === undefined ? scalar(type, undefined, item) : this.block(owner, item)
      this.#path.pop()
      return read
    })
  }

  #refuseName(owner: Owner, key: string, value: unknown): never {
    const specs: readonly (readonly [wireName: string, propertyName: string, ...unknown[]])[] =
      owner.kind === 'union' ? owner.arms : owner.fields
    const known = specs.map(([wireName, property]) => (this.#names === 'vpp' ? wireName : property))
    const list = known.length === 0 ? 'it has none' : known.join(', ')
    this.#refuse(owner, `a field of ${owner.name} (${list})${didYouMean(key, known)}`, value)
  }

  #refuse(owner: Owner, expected: string, received: unknown): never {
    const isOpen = owner.kind === 'union' || !hasSecrets(planBlock(owner))
    throw new VppEncodeError({
      messageName: this.#messageName,
      path: formatPath(this.#path),
      expected,
      received: isOpen ? received : HIDDEN,
    })
  }
}

const INDEX = new WeakMap<Owner, ReadonlyMap<string, Part>>()

/** Fields of a message or struct, or arms of a union, by both of their names. */
function partsOf(owner: Owner): ReadonlyMap<string, Part> {
  let parts = INDEX.get(owner)
  if (parts === undefined) {
    const list: readonly Part[] = owner.kind === 'union' ? owner.arms : owner.fields
    const byName = new Map(list.map((part) => [part[0], part]))
    // Where a property is called as another field is on the wire, the property's own name counts.
    for (const part of list) byName.set(part[1], part)
    INDEX.set(owner, (parts = byName))
  }
  return parts
}

/** The struct or union behind a type, if its values are objects. */
function ownerOf(type: TypeRef): Owner | undefined {
  if (typeof type === 'string') return undefined
  const { descriptor } = type
  if (descriptor.kind === 'alias') return descriptor.form === undefined ? ownerOf(descriptor.type) : undefined
  if (descriptor.kind === 'enum') return undefined
  return descriptor.kind === 'struct' && descriptor.form !== undefined ? undefined : descriptor
}

function scalar(type: TypeRef, length: FieldSpec[3], value: unknown): JsonValue {
  if (typeof value === 'bigint' && isWide(type)) return String(value)
  return isBytes(type, length) ? bytesOrValue(value) : (value as JsonValue)
}

/** True for 64-bit integers and aliases of them. */
function isWide(type: TypeRef): boolean {
  if (typeof type === 'string') return type === 'u64' || type === 'i64'
  return type.descriptor.kind === 'alias' && isWide(type.descriptor.type)
}

function isBytes(type: TypeRef, length: FieldSpec[3]): boolean {
  if (type === 'u8') return length !== undefined
  if (typeof type === 'string' || type.descriptor.kind !== 'alias') return false
  const { form, type: target, length: own } = type.descriptor
  return form === undefined && isBytes(target, own ?? length)
}

function bytesOrValue(value: unknown): JsonValue {
  return value instanceof Uint8Array ? `0x${formatHex(value, 0, value.length)}` : (value as JsonValue)
}

function isObject(value: unknown): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}
