import { Timestamp } from '@vpp-ts/runtime/codegen/v1'
import type {
  FieldLength,
  FieldSpec,
  FriendlyForm,
  TypeRef,
  UnionDescriptor,
} from '@vpp-ts/runtime/codegen/v1'
import {
  addressOf,
  addressText,
  familyPrefixOf,
  familyPrefixText,
  ip4Hex,
  ip4Text,
  ip6Hex,
  ip6Text,
  macHex,
  macText,
  prefixOf,
  prefixText,
} from './form-text.ts'
import type { NeutralAddress, NeutralFamilyPrefix, NeutralPrefix } from './form-text.ts'

/**
 * A value as the vectors hold it, with the API's own names: 64-bit integers as decimal text, bytes as hex, enums as
 * numbers, aliases as what they stand for, unions as an object of arms, no count fields.
 */
export type Neutral = boolean | number | string | readonly Neutral[] | NeutralBlock

/** Fields of a struct or message, or arms of a union. */
export interface NeutralBlock {
  readonly [wireName: string]: Neutral
}

/** The fields that are values in their own right: all but those that count another one's elements. */
export function valueFields(fields: readonly FieldSpec[]): FieldSpec[] {
  const counts = new Set(fields.map(([, , , length]) => length))
  return fields.filter(([wireName]) => !counts.has(wireName))
}

/** What to give to a message class for a neutral value. */
export function toInput(fields: readonly FieldSpec[], value: NeutralBlock): object {
  const entries = valueFields(fields).flatMap(([wireName, property, type, length]) => {
    const given = value[wireName]
    return given === undefined ? [] : [[property, fieldToInput(type, length, given)]]
  })
  return Object.fromEntries(entries) as object
}

function fieldToInput(type: TypeRef, length: FieldLength | undefined, value: Neutral): unknown {
  if (type === 'string' || length === undefined) return valueToInput(type, value)
  if (type === 'u8') return new Uint8Array(Buffer.from(value as string, 'hex'))
  return (value as readonly Neutral[]).map((element) => valueToInput(type, element))
}

function valueToInput(type: TypeRef, value: Neutral): unknown {
  if (type === 'u64' || type === 'i64') return BigInt(value as string)
  if (type === 'f64') return Number(value)
  if (typeof type === 'string') return value
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'enum':
      return value
    case 'struct':
      if (descriptor.form !== undefined) return formToInput(descriptor.form, value)
      return toInput(descriptor.fields, value as NeutralBlock)
    case 'union':
      return toInput(armFields(descriptor), value as NeutralBlock)
    case 'alias':
      if (descriptor.form !== undefined) return formToInput(descriptor.form, value)
      return fieldToInput(descriptor.type, descriptor.length, value)
  }
}

function formToInput(form: FriendlyForm, value: Neutral): unknown {
  switch (form) {
    case 'ip4-address':
      return ip4Text(value as string)
    case 'ip6-address':
      return ip6Text(value as string)
    case 'address':
      return addressText(value as unknown as NeutralAddress)
    case 'ip4-prefix':
      return familyPrefixText(4, value as unknown as NeutralFamilyPrefix)
    case 'ip6-prefix':
      return familyPrefixText(6, value as unknown as NeutralFamilyPrefix)
    case 'prefix':
      return prefixText(value as unknown as NeutralPrefix)
    case 'mac-address':
      return macText(value as string)
    case 'timestamp':
      return new Timestamp(Number(value))
    case 'timedelta':
      return Number(value)
    case 'interface-index':
      return value
  }
}

/** A decoded message or struct as a neutral value, unions with all their arms. */
export function toNeutral(fields: readonly FieldSpec[], value: object): NeutralBlock {
  const properties = value as Readonly<Record<string, unknown>>
  const entries = valueFields(fields).map(([wireName, property, type, length]) => {
    return [wireName, fieldToNeutral(type, length, properties[property])]
  })
  return Object.fromEntries(entries) as NeutralBlock
}

function fieldToNeutral(type: TypeRef, length: FieldLength | undefined, value: unknown): Neutral {
  if (type === 'string' || length === undefined) return valueToNeutral(type, value)
  if (type === 'u8') return Buffer.from(value as Uint8Array).toString('hex')
  return (value as readonly unknown[]).map((element) => valueToNeutral(type, element))
}

function valueToNeutral(type: TypeRef, value: unknown): Neutral {
  if (type === 'u64' || type === 'i64') return String(value as bigint)
  if (type === 'f64') return numberToNeutral(value as number)
  if (typeof type === 'string') return value as Neutral
  const { descriptor } = type
  switch (descriptor.kind) {
    case 'enum':
      return value as number
    case 'struct':
      if (descriptor.form !== undefined) return formToNeutral(descriptor.form, value)
      return toNeutral(descriptor.fields, value as object)
    case 'union':
      return toNeutral(armFields(descriptor), value as object)
    case 'alias':
      if (descriptor.form !== undefined) return formToNeutral(descriptor.form, value)
      return fieldToNeutral(descriptor.type, descriptor.length, value)
  }
}

function formToNeutral(form: FriendlyForm, value: unknown): Neutral {
  switch (form) {
    case 'ip4-address':
      return ip4Hex(value as string)
    case 'ip6-address':
      return ip6Hex(value as string)
    case 'address':
      return addressOf(value as string) as unknown as Neutral
    case 'ip4-prefix':
      return familyPrefixOf(4, value as string) as unknown as Neutral
    case 'ip6-prefix':
      return familyPrefixOf(6, value as string) as unknown as Neutral
    case 'prefix':
      return prefixOf(value as string) as unknown as Neutral
    case 'mac-address':
      return macHex(value as string)
    case 'timestamp':
      return numberToNeutral((value as Timestamp).seconds)
    case 'timedelta':
      return numberToNeutral(value as number)
    case 'interface-index':
      return value as number
  }
}

/** A number, or text for what JSON lacks. */
export function numberToNeutral(value: number): number | string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

function armFields({ arms }: UnionDescriptor): FieldSpec[] {
  return arms.map(([wireName, property, type, length]) => [wireName, property, type, length])
}

/** A place where two values differ. */
export interface Difference {
  readonly path: string
  readonly expected: Neutral
  readonly got: Neutral | undefined
}

/**
 * Where `got` does not say what `expected` says. A union read back has more arms than the one it was made from, so
 * `got` may say more.
 */
export function differences(expected: Neutral, got: Neutral | undefined, path = ''): Difference[] {
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((value: Neutral, index) =>
      differences(value, got[index] as Neutral | undefined, `${path}[${index}]`),
    )
  }
  if (isBlock(expected) && isBlock(got)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      differences(value, got[name], `${path}.${name}`),
    )
  }
  return expected === got ? [] : [{ path, expected, got }]
}

/** True for fields of a struct, or arms of a union. */
export function isBlock(value: Neutral | undefined): value is NeutralBlock {
  return typeof value === 'object' && !Array.isArray(value)
}
