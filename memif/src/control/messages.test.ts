import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemifError } from '../errors.ts'
import { decodeMessage, encodeMessage, type ControlMessage } from './messages.ts'
import { MESSAGE_BYTES } from './protocol.ts'
import { textBytes } from './text.ts'

/** Share of the random work: mutation testing, which repeats it for each mutant, sets less than all. */
const effort = Number(process.env['TEST_EFFORT'] ?? 1)

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const text = (bytes: number) =>
  fc.string({ unit: 'binary', maxLength: bytes }).filter((s) => !s.includes('\0') && textBytes(s) < bytes)

const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record({ type: fc.constant('ack' as const) }),
  fc.record({
    type: fc.constant('hello' as const),
    name: text(32),
    minVersion: u16,
    maxVersion: u16,
    maxRegionIndex: u16,
    maxServerToClientRingIndex: u16,
    maxClientToServerRingIndex: u16,
    maxLog2RingSize: u8,
  }),
  fc.record({
    type: fc.constant('init' as const),
    version: u16,
    id: u32,
    mode: u8,
    secret: text(24),
    name: text(32),
  }),
  fc.record({
    type: fc.constant('addRegion' as const),
    index: u16,
    size: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  fc.record({
    type: fc.constant('addRing' as const),
    clientToServer: fc.boolean(),
    index: u16,
    region: u16,
    offset: u32,
    log2RingSize: u8,
    privateHeaderSize: u16,
  }),
  fc.record({ type: fc.constant('connect' as const), interfaceName: text(32) }),
  fc.record({ type: fc.constant('connected' as const), interfaceName: text(32) }),
  fc.record({ type: fc.constant('disconnect' as const), code: u32, reason: text(96) }),
)

/** A second, dumber writer: field values at offsets, as in the C header. */
function wire(fields: readonly (readonly [offset: number, hex: string])[]): Uint8Array {
  const bytes = Buffer.alloc(MESSAGE_BYTES)
  for (const [offset, hex] of fields) bytes.write(hex, offset, 'hex')
  return new Uint8Array(bytes)
}

const hex = (value: string) => Buffer.from(value).toString('hex')

describe('encodeMessage', () => {
  test.each<[ControlMessage, (readonly [number, string])[]]>([
    [{ type: 'ack' }, [[0, '0100']]],
    [
      {
        type: 'hello',
        name: 'VPP 26.06',
        minVersion: 0x200,
        maxVersion: 0x200,
        maxRegionIndex: 0x1234,
        maxServerToClientRingIndex: 255,
        maxClientToServerRingIndex: 256,
        maxLog2RingSize: 14,
      },
      [
        [0, '0200'],
        [2, hex('VPP 26.06')],
        [34, '0002'],
        [36, '0002'],
        [38, '3412'],
        [40, 'ff00'],
        [42, '0001'],
        [44, '0e'],
      ],
    ],
    [
      { type: 'init', version: 0x200, id: 0x01020304, mode: 1, secret: 'psst', name: 'me' },
      [
        [0, '0300'],
        [2, '0002'],
        [4, '04030201'],
        [8, '01'],
        [9, hex('psst')],
        [33, hex('me')],
      ],
    ],
    [
      { type: 'addRegion', index: 1, size: 0x0102030405060708n },
      [
        [0, '0400'],
        [2, '0100'],
        [4, '0807060504030201'],
      ],
    ],
    [
      {
        type: 'addRing',
        clientToServer: true,
        index: 2,
        region: 3,
        offset: 0x11223344,
        log2RingSize: 10,
        privateHeaderSize: 0x0605,
      },
      [
        [0, '0500'],
        [2, '0100'],
        [4, '0200'],
        [6, '0300'],
        [8, '44332211'],
        [12, '0a'],
        [13, '0506'],
      ],
    ],
    [
      { type: 'connect', interfaceName: 'memif0/0' },
      [
        [0, '0600'],
        [2, hex('memif0/0')],
      ],
    ],
    [
      { type: 'connected', interfaceName: 'memif1/0' },
      [
        [0, '0700'],
        [2, hex('memif1/0')],
      ],
    ],
    [
      { type: 'disconnect', code: 7, reason: 'mode mismatch' },
      [
        [0, '0800'],
        [2, '07000000'],
        [6, hex('mode mismatch')],
      ],
    ],
  ])('puts the fields of $type at their offsets', (value, fields) => {
    expect(encodeMessage(value)).toEqual(wire(fields))
  })

  test('cuts text at a whole character and always ends it with NUL', () => {
    const bytes = encodeMessage({ type: 'connect', interfaceName: 'ä'.repeat(40) })
    expect(decodeMessage(bytes)).toEqual({ type: 'connect', interfaceName: 'ä'.repeat(15) })
    expect(bytes[33]).toBe(0)
  })
})

describe('decodeMessage', () => {
  test('is the inverse of encodeMessage', () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decodeMessage(encodeMessage(value))).toEqual(value)
      }),
    )
  })

  test('does not look at undefined bytes: an ACK full of an old HELLO is an ACK', () => {
    const bytes = encodeMessage({ type: 'connect', interfaceName: 'left over from before' })
    new DataView(bytes.buffer).setUint16(0, 1, true)
    expect(decodeMessage(bytes)).toEqual({ type: 'ack' })
  })

  test('cuts text at NUL, and at the field end when the peer left the NUL out', () => {
    const bytes = encodeMessage({ type: 'connected', interfaceName: 'abc' })
    bytes.fill(0x78, 6)
    expect(decodeMessage(bytes)).toEqual({ type: 'connected', interfaceName: 'abc' })
    bytes.fill(0x78, 2)
    expect(decodeMessage(bytes)).toEqual({ type: 'connected', interfaceName: 'x'.repeat(32) })
  })

  test.each([0, 1, 127, 129, 4096])('refuses a message of %i bytes', (length) => {
    expect(() => decodeMessage(new Uint8Array(length))).toThrowError(
      expect.objectContaining({ code: 'MEMIF_MESSAGE_MALFORMED' }),
    )
  })

  test('gives a message or MEMIF_MESSAGE_MALFORMED for any bytes, 100000 times', () => {
    const bytes = fc.uint8Array({ minLength: 120, maxLength: 136 })
    const mutated = fc
      .tuple(message, fc.array(fc.tuple(fc.nat(127), u8), { maxLength: 8 }))
      .map(([value, edits]) => {
        const encoded = encodeMessage(value)
        for (const [at, byte] of edits) encoded[at] = byte
        return encoded
      })
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), (input) => {
        try {
          decodeMessage(input)
        } catch (error) {
          if (!(error instanceof MemifError) || error.code !== 'MEMIF_MESSAGE_MALFORMED') throw error
        }
      }),
      { numRuns: Math.ceil(100_000 * effort) },
    )
  })
})
