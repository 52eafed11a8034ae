import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRingPlacement, clientLayout, ringBytes } from './layout.ts'
import { RING_MASK_INTERRUPT, Ring, checkCookie } from './ring.ts'

const failure = (reason: string) => expect.objectContaining({ code: 'MEMIF_RING_INVALID', reason })

describe('clientLayout', () => {
  test('is that of the C clients: 1+1 rings of 256, 2048 B', () => {
    expect(ringBytes(8)).toBe(4224)
    expect(ringBytes(10)).toBe(16512)
    expect(clientLayout({ txQueues: 1, rxQueues: 1, log2RingSize: 8, bufferSize: 2048 })).toEqual({
      bytes: 1057024,
      tx: [{ ring: 0, buffers: 8448 }],
      rx: [{ ring: 4224, buffers: 532736 }],
    })
  })

  test('never overlaps, and ends where it says', () => {
    const shape = fc.record({
      txQueues: fc.integer({ min: 1, max: 8 }),
      rxQueues: fc.integer({ min: 1, max: 8 }),
      log2RingSize: fc.integer({ min: 1, max: 14 }),
      bufferSize: fc.integer({ min: 64, max: 2048 }),
    })
    fc.assert(
      fc.property(shape, (given) => {
        const layout = clientLayout(given)
        const spans = [...layout.tx, ...layout.rx].flatMap(({ ring, buffers }) => [
          [ring, ring + ringBytes(given.log2RingSize)] as const,
          [buffers, buffers + 2 ** given.log2RingSize * given.bufferSize] as const,
        ])
        let end = 0
        for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
          expect(from).toBe(end)
          end = to
        }
        expect(end).toBe(layout.bytes)
      }),
    )
  })

  test('refuses what u32 offsets cannot address', () => {
    expect(() =>
      clientLayout({ txQueues: 2, rxQueues: 2, log2RingSize: 14, bufferSize: 65535 }),
    ).toThrowError(
      expect.objectContaining({
        code: 'MEMIF_OPTION_INVALID',
        message: expect.stringContaining('4294967296'),
      }),
    )
    const ring = { txQueues: 1, rxQueues: 1, log2RingSize: 14 }
    const bufferSize = (2 ** 32 - 2 * ringBytes(14)) / 2 / 2 ** 14
    expect(clientLayout({ ...ring, bufferSize }).bytes).toBe(2 ** 32)
    expect(() => clientLayout({ ...ring, bufferSize: bufferSize + 2 ** -14 })).toThrowError()
  })
})

describe('Ring', () => {
  const region = new Uint8Array(2 * ringBytes(4))

  test('keeps each field where the C header has it, as one 16-bit word', () => {
    const ring = new Ring(region, 384, 4)
    ring.format()
    ring.head = 0x1234
    ring.tail = 0xfffe
    ring.flags = RING_MASK_INTERRUPT
    ring.descriptors[4 * 3 + 1] = 0x0a0b0c0d
    const bytes = Buffer.from(region.buffer, 384)
    expect(bytes.subarray(0, 8).toString('hex')).toBe('201fe30301003412')
    expect(bytes.subarray(64, 66).toString('hex')).toBe('feff')
    expect(bytes.subarray(128 + 16 * 3 + 4, 128 + 16 * 3 + 8).toString('hex')).toBe('0d0c0b0a')
  })

  test('is refused where it does not fit, or where its words would be torn', () => {
    expect(() => new Ring(region, 388, 4)).toThrowError(failure('ring outside region'))
    expect(() => new Ring(region, 386, 3)).toThrowError(failure('ring not aligned'))
    expect(() => checkRingPlacement(0xfffffff0, 14, 2 ** 32)).toThrowError(failure('ring outside region'))
    expect(() => new Ring(region, 384, 4)).not.toThrow()
    expect(new Ring(region, 384, 4)).toMatchObject({ size: 16, mask: 15 })
    expect(new Ring(region, 384, 4).descriptors).toHaveLength(16 * 4)
  })

  test('is refused without its cookie', () => {
    const ring = new Ring(new Uint8Array(ringBytes(4)), 0, 4)
    expect(() => checkCookie(ring, 'tx ring 0')).toThrowError(
      expect.objectContaining({ code: 'MEMIF_RING_INVALID', reason: 'wrong cookie on tx ring 0' }),
    )
    ring.head = 3
    ring.tail = 5
    ring.flags = RING_MASK_INTERRUPT
    ring.format()
    expect([ring.head, ring.tail, ring.flags]).toEqual([0, 0, 0])
    expect(() => checkCookie(ring, 'tx ring 0')).not.toThrow()
  })
})
