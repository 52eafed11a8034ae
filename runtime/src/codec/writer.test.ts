import { describe, expect, it } from 'vitest'
import { ByteWriter } from './writer.ts'

describe('ByteWriter', () => {
  it('reserves zero bytes one behind the other and grows without moving offsets', () => {
    const writer = new ByteWriter(64)
    expect(writer.reserve(10)).toBe(0)
    writer.bytes.fill(7, 0, 10)
    expect(writer.reserve(500)).toBe(10)
    expect(writer.length).toBe(510)
    expect(writer.bytes.length).toBeGreaterThanOrEqual(510)
    expect([...writer.bytes.subarray(0, 12)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0])
  })

  it('zeroes what is given up', () => {
    const writer = new ByteWriter(64)
    writer.reserve(8)
    writer.bytes.fill(0xff, 0, 8)
    writer.truncate(3)
    expect(writer.length).toBe(3)
    expect(writer.reserve(5)).toBe(3)
    expect([...writer.bytes.subarray(0, 8)]).toEqual([255, 255, 255, 0, 0, 0, 0, 0])
    writer.truncate(100)
    expect(writer.length).toBe(8)
    writer.clear()
    expect(writer.length).toBe(0)
    expect([...writer.bytes.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('hands its content over for good', () => {
    const writer = new ByteWriter(64)
    const taken: Buffer[] = []
    for (let round = 0; round < 20; round++) {
      const at = writer.reserve(10)
      expect(at).toBe(0)
      expect(writer.bytes.subarray(0, 10).every((byte) => byte === 0)).toBe(true)
      writer.bytes.fill(round + 1, at, at + 10)
      taken.push(writer.take())
    }
    expect(writer.length).toBe(0)
    taken.forEach((content, round) =>
      expect([...content]).toEqual(Array.from({ length: 10 }, () => round + 1)),
    )
  })

  it('takes nothing from nothing', () => {
    expect(new ByteWriter().take()).toHaveLength(0)
  })
})
