import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VppProtocolError } from '../errors/connection-errors.ts'
import { FrameParser } from './frame.ts'

const LONGEST = 4096

/** Written by hand: header bytes other than the length are what VPP leaves there. */
function frame(message: Uint8Array, junk = 0xc0): Buffer {
  const bytes = Buffer.alloc(16 + message.length, junk)
  bytes.writeUInt32BE(message.length, 8)
  bytes.set(message, 16)
  return bytes
}

function parse(chunks: readonly Buffer[], longest = LONGEST): string[] {
  const found: string[] = []
  const parser = new FrameParser((bytes, start, end) => {
    found.push(bytes.toString('hex', start, end))
  }, longest)
  for (const chunk of chunks) parser.push(chunk)
  return found
}

/** Cuts a stream at the given offsets. */
function cut(stream: Buffer, offsets: readonly number[]): Buffer[] {
  const at = [0, ...offsets.toSorted((a, b) => a - b), stream.length]
  return at.slice(1).map((end, i) => stream.subarray(at[i], end))
}

const MESSAGES = [6, 10, 100, 6, 64].map((size, i) => Buffer.alloc(size, i + 1))
const STREAM = Buffer.concat(MESSAGES.map((message) => frame(message)))
const EXPECTED = MESSAGES.map((message) => message.toString('hex'))

describe('FrameParser', () => {
  it('finds the same messages wherever the stream is cut', () => {
    for (let at = 0; at <= STREAM.length; at++) expect(parse(cut(STREAM, [at]))).toEqual(EXPECTED)
  })

  it('finds the same messages byte by byte', () => {
    expect(parse([...STREAM].map((byte) => Buffer.from([byte])))).toEqual(EXPECTED)
  })

  it('hands on 1,000 frames of one chunk where they lie', () => {
    const chunk = Buffer.concat(Array.from({ length: 1000 }, () => STREAM))
    const sources = new Set<Buffer>()
    let count = 0
    const parser = new FrameParser((bytes) => {
      sources.add(bytes)
      count++
    }, LONGEST)
    parser.push(chunk)
    expect(count).toBe(5000)
    expect([...sources]).toEqual([chunk])
  })

  it('does not look at the header bytes that say nothing', () => {
    const message = Buffer.alloc(8, 7)
    for (const junk of [0, 0x5a, 0xff])
      expect(parse([frame(message, junk)])).toEqual([message.toString('hex')])
  })

  it('takes what lies before `end` only, in memory that is used again', () => {
    const memory = Buffer.alloc(64)
    const found: string[] = []
    const parser = new FrameParser((bytes, start, end) => {
      found.push(bytes.toString('hex', start, end))
    }, LONGEST)
    for (let at = 0; at < STREAM.length; at += memory.length) {
      const length = STREAM.copy(memory, 0, at, at + memory.length)
      parser.push(memory, length)
      memory.fill(0xee)
    }
    expect(found).toEqual(EXPECTED)
  })

  it.each([0, 1, 5, LONGEST + 1, 0xffff_fff0, 0xffff_ffff])('refuses an announced length of %d', (length) => {
    const header = Buffer.alloc(16)
    header.writeUInt32BE(length, 8)
    expect(() => parse([header])).toThrow(VppProtocolError)
    // Also when the length is known only with a later piece.
    expect(() => parse(cut(header, [9]))).toThrow(/maxMessageLength/)
    expect(() => parse([Buffer.concat([frame(Buffer.alloc(6)), header])])).toThrow(VppProtocolError)
  })

  it.each([6, LONGEST])('accepts an announced length of %d', (length) => {
    const message = Buffer.alloc(length, 3)
    for (const at of [0, 1, 16, 17, 16 + length - 1]) {
      expect(parse(cut(frame(message), [at]))).toEqual([message.toString('hex')])
    }
  })

  it('does not reserve what is only announced', () => {
    const header = Buffer.alloc(20)
    header.writeUInt32BE(1_000_000_000, 8)
    const parser = new FrameParser(() => {}, 0x7fff_ffff)
    const before = process.memoryUsage().arrayBuffers
    parser.push(header)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  it('hands on nothing after stop(), not even the rest of the chunk', () => {
    let count = 0
    const parser = new FrameParser(() => {
      count++
      parser.stop()
    }, LONGEST)
    parser.push(STREAM)
    parser.push(STREAM)
    expect(count).toBe(1)
  })

  it('is the inverse of writing frames, for any messages cut anywhere', () => {
    const messages = fc.array(fc.uint8Array({ minLength: 6, maxLength: 300 }), { maxLength: 20 })
    const property = fc.property(messages, fc.array(fc.nat(), { maxLength: 10 }), (list, cuts) => {
      const stream = Buffer.concat(list.map((message) => frame(message)))
      const offsets = cuts.map((at) => at % (stream.length + 1))
      expect(parse(cut(stream, offsets))).toEqual(list.map((message) => Buffer.from(message).toString('hex')))
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('passes over what comes beside a file descriptor, wherever the stream is cut', () => {
    const mark = Buffer.from('fdmsg')
    const frames = MESSAGES.map((message) => frame(message))
    const stream = Buffer.concat([
      mark,
      ...frames.flatMap((each) => [each, mark, mark]),
      frame(Buffer.from(mark)),
    ])
    expect(() => parse([stream])).toThrow(VppProtocolError)
    const whole = stream.subarray(0, stream.length - 16 - mark.length)
    for (let at = 0; at <= whole.length; at++) expect(parse(cut(whole, [at]))).toEqual(EXPECTED)
    expect(parse([...whole].map((byte) => Buffer.from([byte])))).toEqual(EXPECTED)
  })

  it('gives messages or a protocol error for any bytes, and never one outside the limits', () => {
    const part = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.uint8Array({ minLength: 6, maxLength: 200 }).map((message) => frame(message)),
      },
      { weight: 1, arbitrary: fc.constant(Buffer.from('fdmsg')) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5 }).map((message) => frame(message)) },
    )
    let runs = 0
    let made = 0
    let refused = 0
    const property = fc.property(fc.array(part), fc.array(fc.nat(), { maxLength: 10 }), (parts, cuts) => {
      runs++
      const stream = Buffer.concat(parts)
      const sizes: number[] = []
      const parser = new FrameParser((_, start, end) => {
        sizes.push(end - start)
      }, 200)
      try {
        const offsets = cuts.map((at) => at % (stream.length + 1))
        for (const chunk of cut(stream, offsets)) parser.push(chunk)
      } catch (error) {
        expect(error).toBeInstanceOf(VppProtocolError)
        refused++
      }
      expect(sizes.every((size) => size >= 6 && size <= 200)).toBe(true)
      made += sizes.length
    })
    fc.assert(property, { numRuns: 500 })
    // The property says something only where there were frames, and where there was garbage.
    expect(made).toBeGreaterThan(runs)
    expect(refused).toBeGreaterThan(runs / 10)
  })
})
