import { compiledCodec } from './compile/codec.ts'
import type { MessageDescriptor } from './descriptor.ts'
import type { MessageCodec } from './message-codec.ts'
import { interpretedCodec } from './interpret/codec.ts'
import { readingOf, textDescriptor } from './reading.ts'
import { canGenerateCode } from './shape.ts'

/**
 * How a codec works: `compiled` runs source made for the one message, `interpreted` walks the plan and needs no code
 * generation from strings. Both do exactly the same.
 */
export type CodecEngine = 'compiled' | 'interpreted'

const codecs = new WeakMap<MessageDescriptor, MessageCodec<unknown>>()

/**
 * The codec of a message; made on first use, and the same every time unless an engine is named.
 * @param engine the better of those that work here, if left out
 */
export function codecOf<T>(descriptor: MessageDescriptor<T>, engine?: CodecEngine): MessageCodec<T> {
  if (engine !== undefined) return makeCodec(descriptor, engine)
  let codec = codecs.get(descriptor)
  if (codec === undefined) {
    codec = makeCodec(descriptor, canGenerateCode ? 'compiled' : 'interpreted')
    codecs.set(descriptor, codec)
  }
  return codec as MessageCodec<T>
}

function makeCodec<T>(descriptor: MessageDescriptor<T>, engine: CodecEngine): MessageCodec<T> {
  const make = engine === 'compiled' ? compiledCodec : interpretedCodec
  return make(textDescriptor(descriptor), readingOf(descriptor))
}
