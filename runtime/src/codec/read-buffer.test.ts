import { describe, expect, it } from 'vitest'
import { Message } from './classes.ts'
import { codecOf } from './codec.ts'
import { defineMessage } from './define.ts'
import type { MessageDescriptor } from './descriptor.ts'
import { Texts, Unions, Big } from '../testing/codec/demo.ts'
import { ByteWriter } from './writer.ts'

class Blob extends Message<Blob> {
  declare fixed: Uint8Array
  declare rest: Uint8Array
  static readonly descriptor: MessageDescriptor<Blob> = defineMessage(Blob, 'blob', '00000000', 'none', [
    ['fixed', 'fixed', 'u8', 200],
    ['n', 'n', 'u8'],
    ['rest', 'rest', 'u8', 'n'],
  ])
}

const engines = ['compiled', 'interpreted'] as const

describe.each(engines)('what the %s codec gives', (engine) => {
  it.each([1, 47, 48, 49, 50, 200])(
    'refers to nothing of the bytes that it was read from: %d bytes',
    (size) => {
      const codec = codecOf(Blob.descriptor, engine)
      const writer = new ByteWriter()
      const fixed = new Uint8Array(200).fill(3)
      const rest = new Uint8Array(size).fill(7)
      codec.encode(writer, { fixed, rest }, 1, 0, 0)
      const bytes = writer.take()
      const message = codec.decode(bytes, 0, bytes.length)
      bytes.fill(0xee)
      expect(message.fixed).toEqual(fixed)
      expect(message.rest).toEqual(rest)
    },
  )

  it('is read from within the field, though the next one goes on as text would', () => {
    const codec = codecOf(Texts.descriptor, engine)
    const writer = new ByteWriter()
    codec.encode(writer, { name: 'abcdefg', after: 0, reply: '' }, 1, 0, 0)
    const bytes = writer.take()
    // The first byte of a character of two, of three and of four bytes at the end of the field; its rest is the next field.
    for (const lead of [0xc3, 0xe2, 0xf0]) {
      bytes[2 + 7] = lead
      bytes[2 + 8] = 0xa9
      const { name, after } = codec.decode(bytes, 0, bytes.length)
      expect(name).toBe(`abcdefg${String.fromCharCode(0xdc00 + lead)}`)
      expect(after).toBe(0xa9)
    }
  })

  it.each([17, 19, 0])('refuses a union of %d words where 18 are its width', (length) => {
    const codec = codecOf(Unions.descriptor, engine)
    const big = new Big()
    Object.assign(big, { '~words': Array.from({ length }, () => 1) })
    expect(() => {
      codec.encode(new ByteWriter(), { big }, 1, 0, 0)
    }).toThrow('unions: big: expected')
  })
})
