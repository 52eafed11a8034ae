import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacketCopies } from './packet-copies.ts'
import { CopySource } from './source.ts'

/** Share of the random work: mutation testing, which repeats it for each mutant, sets less than all. */
const effort = Number(process.env['TEST_EFFORT'] ?? 1)

const REGION_BYTES = 128 * 1024
const SLOTS = 64

interface Found {
  offset: number
  length: number
  metadata: number
}

function regionOf(bytes = REGION_BYTES): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) & 0xff)
}

/** Adds packets as the queue does. */
function add(copies: PacketCopies, source: CopySource, packets: readonly Found[], slot = 0): void {
  const found = Uint32Array.from(
    packets.flatMap(({ offset, length, metadata }) => [offset, length, metadata]),
  )
  const bytes = packets.reduce((sum, { length }) => sum + length, 0)
  copies.add(source, found, packets.length, bytes, slot, SLOTS - 1)
}

/** Bytes as a text: arrays of them are compared a hundred times as slowly. */
const hex = ({ buffer, byteOffset, length }: Uint8Array) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, length).toString('hex')

const expected = (region: Uint8Array, packets: readonly Found[]) =>
  packets.map(({ offset, length, metadata }) => ({
    data: hex(region.subarray(offset, offset + length)),
    metadata,
  }))

const contents = (copies: PacketCopies) =>
  copies.finish().map(({ data, metadata }) => ({ data: hex(data), metadata }))

/** Packets at any places of a region, overlapping, at its end, or one a buffer as peers lay them out. */
const anywhere = fc
  .tuple(fc.nat(REGION_BYTES - 1), fc.integer({ min: 1, max: 4000 }), fc.nat(0xffffffff))
  .map(([offset, length, metadata]) => ({
    offset,
    length: Math.min(length, REGION_BYTES - offset),
    metadata,
  }))
const sideBySide = fc
  .tuple(
    fc.constantFrom(64, 512, 2048, 2049),
    fc.nat(3000),
    fc.array(fc.nat(2047), { minLength: 1, maxLength: 20 }),
  )
  .map(([gap, start, lengths]) =>
    lengths.map((length, n) => ({ offset: start + n * gap, length: (length % gap) + 1, metadata: n })),
  )
const long = fc
  .tuple(fc.nat(3000), fc.array(fc.integer({ min: 1000, max: 2048 }), { minLength: 2, maxLength: 20 }))
  .map(([start, lengths]) => lengths.map((length, n) => ({ offset: start + n * 2048, length, metadata: n })))
const burst = fc.oneof(fc.array(anywhere, { minLength: 1, maxLength: 40 }), sideBySide, long)
const headroom = fc.constantFrom(0, 1, 14, 64, 600)

describe('copies of a burst', () => {
  test('hold what the packets held, wherever those lie and whatever their lengths', () => {
    const region = regionOf()
    const source = new CopySource(region, SLOTS)
    fc.assert(
      fc.property(headroom, fc.array(burst, { minLength: 1, maxLength: 3 }), (room, parts) => {
        const copies = new PacketCopies(room)
        for (let turn = 0; turn < 2; turn++) {
          copies.clear()
          for (const part of parts) add(copies, source, part, turn)
          expect(contents(copies)).toEqual(parts.flatMap((part) => expected(region, part)))
        }
      }),
      { numRuns: Math.ceil(200 * effort) },
    )
  })

  test('stay as they are when the memory they came from changes', () => {
    const original = regionOf()
    fc.assert(
      fc.property(headroom, burst, (room, packets) => {
        const region = original.slice()
        const copies = new PacketCopies(room)
        add(copies, new CopySource(region, SLOTS), packets)
        const before = expected(region, packets)
        region.fill(0xff)
        expect(contents(copies)).toEqual(before)
      }),
      { numRuns: Math.ceil(50 * effort) },
    )
  })

  test('have a headroom each, which prepend fills without touching another packet', () => {
    const region = regionOf()
    const source = new CopySource(region, SLOTS)
    fc.assert(
      fc.property(headroom, burst, (room, packets) => {
        const copies = new PacketCopies(room)
        add(copies, source, packets)
        const before = expected(region, packets)
        for (const packet of copies.finish()) {
          expect(packet.headroom).toBe(room)
          packet.prepend(room).fill(0xee, 0, room)
        }
        const after = copies
          .finish()
          .map(({ data, metadata }) => ({ data: hex(data.subarray(room)), metadata }))
        expect(after).toEqual(before)
      }),
      { numRuns: Math.ceil(100 * effort) },
    )
  })

  test('read nothing outside a region that ends with a packet', () => {
    for (const bytes of [61, 64, 67, 2048]) {
      const region = new Uint8Array(regionOf(4096).buffer, 64, bytes)
      const copies = new PacketCopies(0)
      const packets = [{ offset: bytes - 61, length: 61, metadata: 7 }]
      add(copies, new CopySource(region, SLOTS), packets)
      expect(contents(copies)).toEqual(expected(region, packets))
    }
  })

  test('count packets and bytes, from none after clear', () => {
    const source = new CopySource(regionOf(), SLOTS)
    const copies = new PacketCopies(0)
    add(copies, source, [
      { offset: 0, length: 100, metadata: 0 },
      { offset: 2048, length: 50, metadata: 0 },
    ])
    expect([copies.count, copies.bytes]).toEqual([2, 150])
    copies.clear()
    expect([copies.count, copies.bytes, copies.finish().length]).toEqual([0, 0, 0])
  })
})
