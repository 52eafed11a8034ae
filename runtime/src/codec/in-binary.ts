import type { BinaryAddress } from './form/binary-address.ts'
import type { BinaryMac } from './form/binary-mac.ts'
import type { BinaryPrefix } from './form/binary-prefix.ts'
import type { FormTag, Init, Message, Struct } from './classes.ts'
import type { MessageDescriptor } from './descriptor.ts'
import { planBlock } from './make-plan.ts'
import type { DescribedMessage } from './message.ts'
import { binaryDescriptor, textDescriptor } from './reading.ts'
import { blockToBinary } from './to-binary.ts'

/**
 * A message or struct whose addresses, prefixes and MAC addresses are in binary form, in nested structs too; those in
 * unions stay text. Taken wherever the message itself is.
 */
export type InBinary<T> = { [K in keyof T]: BinaryValue<T[K]> }

/** The class of each form that has one. */
interface BinaryForms {
  readonly 'ip4-address': BinaryAddress
  readonly 'ip6-address': BinaryAddress
  readonly address: BinaryAddress
  readonly 'ip4-prefix': BinaryPrefix
  readonly 'ip6-prefix': BinaryPrefix
  readonly prefix: BinaryPrefix
  readonly 'mac-address': BinaryMac
}

type BinaryValue<V> = V extends string
  ? '~form' extends keyof V
    ? V extends FormTag<infer F extends keyof BinaryForms>
      ? BinaryForms[F]
      : V
    : V
  : V extends Struct<infer T, infer _>
    ? InBinary<T>
    : V extends readonly (infer E)[]
      ? BinaryValue<E>[]
      : V

/** A message class whose instances are in binary form. */
export interface BinaryClass<T> {
  /** As the class itself: texts and bytes are parsed here, once. */
  new (init?: Init<T>): InBinary<T>
  readonly descriptor: MessageDescriptor<InBinary<T>>
}

/** A message class as it is generated. */
export interface TextClass<T> extends DescribedMessage<T> {
  new (init?: never): T
}

const classes = new WeakMap<MessageDescriptor, BinaryClass<never>>()

/** The class for messages in binary form; the same for each call. */
export function binaryClass<T extends Message<T, string>>(type: TextClass<T>): BinaryClass<T> {
  const descriptor = binaryDescriptor(type.descriptor)
  let made = classes.get(descriptor) as BinaryClass<T> | undefined
  if (made === undefined) {
    const block = planBlock(textDescriptor(descriptor))
    const construct = function (init?: never): object {
      return blockToBinary(block, new type(init))
    }
    made = Object.assign(construct, { descriptor }) as unknown as BinaryClass<T>
    classes.set(descriptor, made as BinaryClass<never>)
  }
  return made
}
