import type { MessageCodec } from '../message-codec.ts'
import type { MessageDescriptor } from '../descriptor.ts'
import { Refusal, Shortage } from '../errors.ts'
import { CONTEXT_OFFSET, HEADER_SIZE, writeHeader } from '../header.ts'
import { leftOutCheck } from '../left-out.ts'
import { planBlock } from '../make-plan.ts'
import type { Reading } from '../reading.ts'
import { refusalError } from '../refusal-error.ts'
import { blockToBinary } from '../to-binary.ts'
import { readOf } from './decode.ts'
import { writeOf } from './encode.ts'

/** The codec of a message that walks the plan. */
export function interpretedCodec<T>(descriptor: MessageDescriptor<T>, reading: Reading): MessageCodec<T> {
  const block = planBlock(descriptor)
  const write = writeOf(block)
  const read = readOf(block)
  const headerSize = HEADER_SIZE[descriptor.header]
  const minimumSize = headerSize + block.size
  return {
    descriptor,
    contextOffset: CONTEXT_OFFSET[descriptor.header],
    minimumSize,
    checkLeftOut: leftOutCheck(descriptor),
    encode(writer, value, id, clientIndex, context) {
      const start = writer.length
      try {
        const at = writer.reserve(minimumSize)
        writeHeader(writer.bytes, at, descriptor.header, id, clientIndex, context)
        write(writer, at + headerSize, value, at + headerSize)
      } catch (error) {
        writer.truncate(start)
        throw error instanceof Refusal ? refusalError(error, block, descriptor.name) : error
      }
    },
    decode(bytes, start, end) {
      const stop = Math.min(end, bytes.length)
      try {
        if (!(start >= 0 && start + headerSize <= stop)) {
          throw new Shortage(start, headerSize, start >= 0 && stop > start ? stop - start : 0)
        }
        const value = read(bytes, start + headerSize, stop, start + headerSize) as object
        return (reading === 'binary' ? blockToBinary(block, value) : value) as T
      } catch (error) {
        throw error instanceof Shortage ? error.toError(descriptor.name, start) : error
      }
    },
  }
}
