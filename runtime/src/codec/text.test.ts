import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength, readFixedText, readText, writeText } from './text.ts'
import { viewOf } from './view.ts'

function write(text: string): Buffer {
  const bytes = Buffer.alloc(byteLength(text))
  expect(writeText(bytes, 0, text)).toBe(bytes.length)
  return bytes
}

describe('text', () => {
  it('writes and reads well-formed text as Node does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const bytes = write(text)
        expect(bytes).toEqual(Buffer.from(text, 'utf8'))
        expect(readText(bytes, 0, bytes.length)).toBe(text)
      }),
    )
  })

  it('reads text of every length', () => {
    for (let length = 0; length < 80; length++) {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(33 + (index % 90))).join('')
      const bytes = Buffer.from(`..${text}..`)
      expect(readText(bytes, 2, 2 + length)).toBe(text)
    }
  })

  it('brings any bytes back unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (content) => {
        const bytes = Buffer.from(content)
        const text = readText(bytes, 0, bytes.length)
        expect(write(text)).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a stray continuation byte', [0x80], '\udc80'],
    ['an overlong form', [0xc0, 0x80], '\udcc0\udc80'],
    ['an overlong form of three bytes', [0xe0, 0x80, 0x80], '\udce0\udc80\udc80'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a sequence that is cut off', [0x41, 0xe2, 0x82], 'A\udce2\udc82'],
    ['a real U+FFFD', [0xef, 0xbf, 0xbd], '\ufffd'],
  ])('keeps %s', (_name, bytes, text) => {
    expect(readText(Buffer.from(bytes), 0, bytes.length)).toBe(text)
    expect([...write(text)]).toEqual(bytes)
  })

  it('has no bytes for other lone surrogates', () => {
    for (const text of ['\ud800', '\udfff', 'a\udc7f', '\udd00b', '\ud83d']) expect(byteLength(text)).toBe(-1)
  })

  it('ends fixed text at the first NUL', () => {
    const withNuls = fc.array(fc.oneof(fc.constant(0), fc.constant(0x80), fc.integer({ min: 0, max: 255 })))
    fc.assert(
      fc.property(withNuls, fc.nat(3), (all, start) => {
        const bytes = Buffer.from([...Buffer.alloc(start, 'x'), ...all])
        const nul = bytes.indexOf(0, start)
        const text = readText(bytes, start, nul < 0 ? bytes.length : nul)
        expect(readFixedText(bytes, viewOf(bytes), start, bytes.length)).toBe(text)
      }),
    )
  })
})
