import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codecOf } from '../codec.ts'
import { planBlock } from '../make-plan.ts'
import { anyMessage } from '../../testing/codec/arbitrary.ts'
import { WIRE_CASES } from '../../testing/codec/cases.ts'
import type { TestMessage } from '../../testing/codec/cases.ts'
import { ByteWriter } from '../writer.ts'
import { viewOf } from '../view.ts'
import { compiledDecoder } from './decode.ts'
import { IRREGULAR } from './block-writer.ts'
import { compiledEncoder } from './encode.ts'

/** Encodes by generated source alone, without the interpreter behind it. */
function encodeAlone({ descriptor }: TestMessage, value: object): string {
  const block = planBlock(descriptor)
  const writer = new ByteWriter()
  const { instance, partial } = compiledEncoder(block)
  const encode = value instanceof descriptor.ctor ? instance : partial
  encode(writer, writer.reserve(block.size), value)
  return writer.take().toString('hex')
}

function interpreted({ descriptor }: TestMessage, value: object): string {
  const codec = codecOf(descriptor, 'interpreted')
  const writer = new ByteWriter()
  codec.encode(writer, value, 0, 0, 0)
  const headerSize = codec.minimumSize - planBlock(descriptor).size
  return writer.take().toString('hex', headerSize)
}

describe('generated source', () => {
  it.each(WIRE_CASES.filter((each) => each.decodeOnly !== true))(
    'encodes an instance of $name alone',
    ({ type, value }) => {
      const instance = new type(value as never)
      expect(encodeAlone(type, instance)).toBe(interpreted(type, instance))
    },
  )

  it('encodes every valid instance alone, and a plain object with the same values', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const instance = new type(value as never)
        expect(encodeAlone(type, instance)).toBe(interpreted(type, instance))
        expect(encodeAlone(type, { ...instance })).toBe(interpreted(type, instance))
      }),
      { numRuns: 300 },
    )
  })

  it('decodes every valid message alone', () => {
    fc.assert(
      fc.property(anyMessage, ([type, value]) => {
        const bytes = Buffer.from(interpreted(type, value), 'hex')
        for (const reading of ['text', 'binary'] as const) {
          const decode = compiledDecoder(planBlock(type.descriptor), reading)
          expect(decode(bytes, viewOf(bytes), 0, bytes.length)).toBeInstanceOf(type)
        }
      }),
    )
  })

  it('hands over what it does not know', () => {
    const enums = WIRE_CASES.find(({ name }) => name === 'names instead of numbers')
    expect(catchError(() => encodeAlone(enums?.type as TestMessage, { color: 'RED' }))).toBe(IRREGULAR)
  })
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
