import { describe, expect, it } from 'vitest'
import { codecOf } from './codec.ts'
import { HEADER, WIRE_CASES } from '../testing/codec/cases.ts'
import { ByteWriter } from './writer.ts'

describe.each(['compiled', 'interpreted'] as const)('the %s codec', (engine) => {
  const encode = (type: (typeof WIRE_CASES)[number]['type'], value: object): string => {
    const writer = new ByteWriter(64)
    codecOf(type.descriptor, engine).encode(writer, value, HEADER.id, HEADER.clientIndex, HEADER.context)
    return writer.take().toString('hex')
  }

  describe.each(WIRE_CASES.filter((each) => each.decodeOnly !== true))(
    'encodes $name',
    ({ type, value, hex }) => {
      it('from a plain object', () => {
        expect(encode(type, value)).toBe(hex)
      })
      it('from an instance', () => {
        expect(encode(type, new type(value as never))).toBe(hex)
      })
    },
  )

  it.each(WIRE_CASES)('decodes $name', ({ type, value, decoded = value, hex }) => {
    const bytes = Buffer.from(`ffff${hex}`, 'hex')
    const message = codecOf(type.descriptor, engine).decode(bytes, 2, bytes.length)
    expect(message).toStrictEqual(new type(decoded as never))
    expect(message).toBeInstanceOf(type)
  })

  it.each(WIRE_CASES.filter((each) => each.decodeOnly !== true))(
    'encodes again what it decoded: $name',
    ({ type, hex }) => {
      const bytes = Buffer.from(hex, 'hex')
      expect(encode(type, codecOf(type.descriptor, engine).decode(bytes, 0, bytes.length) as object)).toBe(
        hex,
      )
    },
  )
})
