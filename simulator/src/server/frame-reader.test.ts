import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame } from '../testing/raw-client.ts'
import { FrameReader } from './frame-reader.ts'

function readAll(reader: FrameReader): Buffer[] {
  const bodies: Buffer[] = []
  while (reader.next() === 'message')
    bodies.push(Buffer.from(reader.bytes.subarray(reader.start, reader.end)))
  return bodies
}

describe('the frame reader', () => {
  it('finds the same messages however the stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(bodies, cuts, (sent, sizes) => {
        const stream = Buffer.concat(sent.map(frame))
        const reader = new FrameReader(1000)
        const received: Buffer[] = []
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] as number
          reader.push(stream.subarray(at, at + size))
          received.push(...readAll(reader))
          at += size
        }
        expect(received).toEqual(sent.map((body) => Buffer.from(body)))
      }),
    )
  })

  it('reads one byte at a time', () => {
    const reader = new FrameReader(100)
    const received: Buffer[] = []
    for (const byte of Buffer.concat([frame(Buffer.from('one')), frame(Buffer.from('two'))])) {
      reader.push(Buffer.of(byte))
      received.push(...readAll(reader))
    }
    expect(received.map(String)).toEqual(['one', 'two'])
  })

  it('does not look at the bytes around the length', () => {
    const junk = frame(Buffer.from('x')).fill(0xff, 0, 8).fill(0xff, 12, 16)
    const reader = new FrameReader(100)
    reader.push(junk)
    expect(readAll(reader).map(String)).toEqual(['x'])
  })

  it('refuses a length above the limit, and near 2^32', () => {
    for (const length of [101, 0xffff_fff0, 0xffff_ffff]) {
      const header = Buffer.alloc(16)
      header.writeUInt32BE(length, 8)
      const reader = new FrameReader(100)
      reader.push(header)
      expect(reader.next()).toBe('refused')
    }
  })

  it('puts a large message in many pieces together once', () => {
    const body = Buffer.alloc(1_000_000, 7)
    const stream = frame(body)
    const reader = new FrameReader(2_000_000)
    for (let at = 0; at < stream.length; at += 1000) {
      reader.push(stream.subarray(at, at + 1000))
      if (at + 1000 < stream.length) expect(reader.next()).toBe('incomplete')
    }
    expect(readAll(reader)[0]?.equals(body)).toBe(true)
  })
})
