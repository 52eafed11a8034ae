import type { EnumDescriptor } from './descriptor.ts'

/** What `defineEnum` gives back: the members, and the descriptor out of sight. */
export type EnumObject<M extends Readonly<Record<string, number>> = Readonly<Record<string, number>>> =
  Readonly<M> & { readonly descriptor: EnumDescriptor }

/** Names of an enum's members. */
export type EnumMembers<E> = Exclude<keyof E, 'descriptor'> & string

/** Marks a number as a value of an enum, so that `Init` can offer the names. Exists in types only. */
export interface EnumTag<E, IsFlags extends boolean> {
  readonly '~enum'?: [E, IsFlags]
}

/**
 * Values of an enum. Any number is legal, since VPP checks neither what it takes nor what it gives; the editor offers
 * the members all the same.
 */
export type EnumValue<E> = E[EnumMembers<E>] | (number & EnumTag<E, false>)

/** Values of an enum whose members are bits: any of them joined with `|`. */
export type Flags<E> = E[EnumMembers<E>] | (number & EnumTag<E, true>)

interface Described {
  readonly descriptor: EnumDescriptor
}

/** Name of `value`, or undefined when the API names none; the first name when there are several. */
export function enumName(type: Described, value: number): string | undefined {
  return nameOf(type.descriptor, value)
}

/** Value of the member called `name`, or undefined. */
export function enumValue(type: Described, name: string): number | undefined {
  return valueOf(type.descriptor, name)
}

/** As `enumName`, for a descriptor. */
export function nameOf(descriptor: EnumDescriptor, value: number): string | undefined {
  for (const name of Object.keys(descriptor.members)) if (descriptor.members[name] === value) return name
  return undefined
}

/** As `enumValue`, for a descriptor. */
export function valueOf(descriptor: EnumDescriptor, name: string): number | undefined {
  return Object.hasOwn(descriptor.members, name) ? descriptor.members[name] : undefined
}

/**
 * Joins flags, given as names or numbers, into one value.
 * @throws RangeError for a name that the enum does not have
 */
export function joinFlags(type: Described, ...flags: readonly (number | string)[]): number {
  const { descriptor } = type
  let joined = 0
  for (const flag of flags) {
    const bits = typeof flag === 'string' ? valueOf(descriptor, flag) : flag
    if (bits === undefined) throw new RangeError(`${descriptor.name} has no member ${String(flag)}`)
    joined |= bits
  }
  return inBase(descriptor, joined)
}

/** True when every bit of `flag` is set in `value`. */
export function hasFlag(value: number, flag: number): boolean {
  return (value & flag) >>> 0 === flag >>> 0
}

/**
 * Names of the flags set in `value`; bits without a name follow as one number. Joining the list gives `value` again.
 * Members of one bit come first, then members of several bits for what is left.
 */
export function listFlags(type: Described, value: number): (string | number)[] {
  return flagsOf(type.descriptor, value)
}

/** As `listFlags`, for a descriptor. */
export function flagsOf(descriptor: EnumDescriptor, value: number): (string | number)[] {
  const list: (string | number)[] = []
  let rest = value | 0
  const take = (single: boolean): void => {
    for (const [name, member] of Object.entries(descriptor.members)) {
      const bits = member | 0
      if (bits === 0 || isSingleBit(bits) !== single || (rest & bits) !== bits) continue
      list.push(name)
      rest &= ~bits
    }
  }
  take(true)
  take(false)
  if (rest !== 0) list.push(inBase(descriptor, rest))
  return list
}

function isSingleBit(bits: number): boolean {
  return (bits & (bits - 1)) === 0
}

/** Reads 32 bits as the base type does: unsigned for u8, u16 and u32. */
function inBase(descriptor: EnumDescriptor, bits: number): number {
  return descriptor.base.startsWith('u') ? bits >>> 0 : bits | 0
}

const MOST_LISTED = 16

/** What an enum takes, for an error's text: `a name of color (RED, BLUE)`. */
export function expectedNames({ name, flags, members }: EnumDescriptor): string {
  const names = Object.keys(members)
  const list = names.length > MOST_LISTED ? [...names.slice(0, MOST_LISTED), '…'] : names
  return `${flags ? 'names' : 'a name'} of ${name} (${list.join(', ')})`
}

/** Number that an input stands for: a number, a name, or for flags a list of both. Undefined when it is none. */
export function enumNumber(descriptor: EnumDescriptor, input: unknown): number | undefined {
  if (typeof input === 'number') return input
  if (typeof input === 'string') return valueOf(descriptor, input)
  if (!descriptor.flags || !Array.isArray(input)) return undefined
  let joined = 0
  for (const flag of input as readonly unknown[]) {
    const bits = typeof flag === 'string' ? valueOf(descriptor, flag) : flag
    // Bit operations would cut anything else.
    if (typeof bits !== 'number' || inBase(descriptor, bits) !== bits) return undefined
    joined |= bits
  }
  return inBase(descriptor, joined)
}
