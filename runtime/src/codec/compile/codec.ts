import type { MessageCodec } from '../codec.ts'
import type { MessageDescriptor } from '../descriptor.ts'
import { writeHeader } from '../header.ts'
import { interpretedCodec } from '../interpret/codec.ts'
import { planBlock } from '../plan.ts'
import { compiledDecoder } from './decode.ts'
import { compiledEncoder } from './encode.ts'

/**
 * The codec of a message that runs generated source. Whatever this does not expect goes to the interpreter, which
 * accepts it or names the error; so there is one place that words errors, and the two engines cannot disagree.
 */
export function compiledCodec<T>(descriptor: MessageDescriptor<T>): MessageCodec<T> {
  const interpreted = interpretedCodec(descriptor)
  const block = planBlock(descriptor)
  const encoder = compiledEncoder(block)
  const decode = compiledDecoder(block)
  const { header, ctor } = descriptor
  const { minimumSize } = interpreted
  const headerSize = minimumSize - block.size
  return {
    descriptor,
    contextOffset: interpreted.contextOffset,
    minimumSize,
    encode(writer, value, id, clientIndex, context) {
      const start = writer.reserve(minimumSize)
      try {
        writeHeader(writer.bytes, start, header, id, clientIndex, context)
        if (value instanceof ctor) encoder.instance(writer, start + headerSize, value)
        else encoder.partial(writer, start + headerSize, value)
      } catch {
        writer.truncate(start)
        interpreted.encode(writer, value, id, clientIndex, context)
      }
    },
    decode(bytes, start, end) {
      if (start + minimumSize <= end && end <= bytes.length) {
        const value = decode(bytes, start + headerSize, end)
        if (value !== undefined) return value as T
      }
      return interpreted.decode(bytes, start, end)
    },
  }
}
