import type { MessageDescriptor } from './descriptor.ts'

/** What addresses, prefixes and MAC addresses of a message are read as: text, or the classes of their binary form. */
export type Reading = 'text' | 'binary'

const binaries = new WeakMap<MessageDescriptor, MessageDescriptor>()
const texts = new WeakMap<MessageDescriptor, MessageDescriptor>()

/** The descriptor of the same message, read in binary form; one for each descriptor. */
export function binaryDescriptor(descriptor: MessageDescriptor): MessageDescriptor {
  let binary = binaries.get(descriptor)
  if (binary === undefined) {
    const text = textDescriptor(descriptor)
    binary = { ...text }
    binaries.set(text, binary)
    binaries.set(binary, binary)
    texts.set(binary, text)
  }
  return binary
}

/** The descriptor that a class has. */
export function textDescriptor<T>(descriptor: MessageDescriptor<T>): MessageDescriptor<T> {
  return (texts.get(descriptor) as MessageDescriptor<T> | undefined) ?? descriptor
}

/** How messages with this descriptor are read. */
export function readingOf(descriptor: MessageDescriptor): Reading {
  return texts.has(descriptor) ? 'binary' : 'text'
}
