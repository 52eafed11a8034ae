import type { MessageDescriptor } from '@vpp-ts/runtime/codegen/v1'

/** Where a field of a message comes from or goes to: a field of the item, the agent, or nowhere, for a reason. */
export type FieldUse = { readonly item: string } | { readonly derived: string } | { readonly unused: string }

type FieldKey<T> = { [K in keyof T]: T[K] extends (...args: never) => unknown ? never : K }[keyof T] & string

/** A use for every field of a message or struct; those of a struct, or of a list of them, by its own fields. */
export type FieldUses<T> = {
  readonly [K in FieldKey<T>]: FieldUse | FieldUses<T[K] extends readonly (infer E)[] ? E : T[K]>
}

/** A class of the bindings. */
interface MessageClass<T> {
  readonly descriptor: MessageDescriptor<T>
  new (...args: never): T
}

/** A message that the objects of a kind are made, changed, removed or looked at with, and what its fields mean. */
export interface MessageUse {
  readonly descriptor: MessageDescriptor
  readonly fields: NamedUses
  /** Why it is used though VPP has a newer version of it. */
  readonly olderBecause?: string
}

/** Uses by the name of the field. */
export interface NamedUses {
  readonly [field: string]: FieldUse | NamedUses
}

/** A message with a use for every field; the compiler names the ones that are missing. */
export function uses<T>(message: MessageClass<T>, fields: FieldUses<T>): MessageUse {
  return { descriptor: message.descriptor, fields: fields as NamedUses }
}

/** A message that is used though VPP has a newer version of it. */
export function older(use: MessageUse, because: string): MessageUse {
  return { ...use, olderBecause: because }
}

/** A field of the item, as `members[].weight`. */
export function item(field: string): FieldUse {
  return { item: field }
}

/** The agent itself sets or reads it. */
export function derived(from: string): FieldUse {
  return { derived: from }
}

/** Left at the default of the API, or not looked at. */
export function unused(reason: string): FieldUse {
  return { unused: reason }
}

/** The index of an interface that the item names, or is. */
export function indexOf(field: string): FieldUse {
  return derived(`index of \`${field}\``)
}
