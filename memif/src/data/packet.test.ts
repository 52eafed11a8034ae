import { describe, expect, test } from 'vitest'
import { counterCells, sumRx, sumTx } from './counters.ts'
import { Packet } from './packet.ts'
import { CopySource } from './source.ts'
import { copyWords, wordsOf } from './words.ts'

const numbered = (length: number) => Uint8Array.from({ length }, (_, at) => at)

function packetOf(bytes: Uint8Array, offset: number, length: number, headroom = 0): Packet {
  const packet = new Packet()
  packet.assign(bytes, offset, length, 7, headroom)
  return packet
}

describe('a packet', () => {
  test('shows its bytes in one view while place and length stay, and another when one of them changes', () => {
    const [bytes, others] = [numbered(64), new Uint8Array(64)]
    const packet = packetOf(bytes, 8, 4)
    const first = packet.data
    expect([...first]).toEqual([8, 9, 10, 11])
    packet.assign(bytes, 8, 4, 0, 0)
    expect(packet.data).toBe(first)
    packet.assign(bytes, 9, 4, 0, 0)
    expect([...packet.data]).toEqual([9, 10, 11, 12])
    packet.assign(bytes, 9, 3, 0, 0)
    expect([...packet.data]).toEqual([9, 10, 11])
    packet.assign(others, 9, 3, 0, 0)
    expect([...packet.data]).toEqual([0, 0, 0])
  })

  test('forgets the rest of a chain when it becomes another', () => {
    const packet = packetOf(numbered(8), 0, 2)
    packet.next = packetOf(numbered(8), 4, 2)
    expect([packet.totalLength, packet.metadata]).toEqual([4, 7])
    packet.assign(numbered(8), 1, 1, 0, 0)
    expect([packet.totalLength, packet.metadata, packet.next]).toEqual([1, 0, undefined])
  })

  test('is copied with all its parts, to a place and to new memory', () => {
    const packet = packetOf(numbered(32), 1, 2)
    packet.next = packetOf(numbered(32), 10, 1)
    packet.next.next = packetOf(numbered(32), 20, 3)
    expect([...packet.copy()]).toEqual([1, 2, 10, 20, 21, 22])
    const target = new Uint8Array(9)
    packet.copyTo(target, 2)
    expect([...target]).toEqual([0, 0, 1, 2, 10, 20, 21, 22, 0])
    const single = packetOf(numbered(4), 1, 2)
    const copy = single.copy()
    single.bytes.fill(0)
    expect([...copy]).toEqual([1, 2])
  })

  test('grows into its headroom, and no further', () => {
    const packet = packetOf(numbered(16), 6, 2, 4)
    expect(packet.prepend(0)).toHaveLength(2)
    expect([...packet.prepend(3)]).toEqual([3, 4, 5, 6, 7])
    expect([packet.offset, packet.length, packet.headroom]).toEqual([3, 5, 1])
    for (const count of [2, -1, Number.NaN]) {
      expect(() => packet.prepend(count)).toThrow(`cannot prepend ${count} bytes to a headroom of 1`)
    }
    expect([...packet.prepend(1)]).toEqual([2, 3, 4, 5, 6, 7])
  })
})

describe('words', () => {
  test('are those of memory that begins with one, whole ones only', () => {
    const buffer = numbered(64).buffer
    expect(wordsOf(new Uint8Array(buffer, 8, 31))).toHaveLength(3)
    expect(wordsOf(new Uint8Array(buffer, 8, 31))![0]).toBe(0x0f0e0d0c0b0a0908n)
    expect(wordsOf(new Uint8Array(buffer, 4, 32))).toBeUndefined()
  })

  test.each([0, 1, 7, 8, 9])('%i of them are copied, and no others', (count) => {
    const source = BigInt64Array.from({ length: 20 }, (_, at) => BigInt(at + 1))
    const target = new BigInt64Array(20)
    copyWords(source, 2, target, 5, count)
    const expected = Array.from({ length: 20 }, (_, at) => (at >= 5 && at < 5 + count ? BigInt(at - 2) : 0n))
    expect([...target]).toEqual(expected)
  })
})

describe('the views of a source', () => {
  test('are kept for each slot, and end at a cache line or with the region', () => {
    const source = new CopySource(numbered(200), 4)
    const view = source.view(1, 8, 60)
    expect([view.byteOffset, view.length]).toEqual([8, 64])
    expect(source.view(1, 8, 10)).toBe(view)
    expect(source.view(1, 8, 65)).toHaveLength(128)
    expect(source.view(1, 16, 65).byteOffset).toBe(16)
    expect(source.view(2, 8, 60)).not.toBe(view)
    expect(source.view(3, 150, 50)).toHaveLength(50)
  })
})

test('counters of several queues are added up by name', () => {
  const [a, b] = [counterCells('rx'), counterCells('rx')]
  for (const [at] of a.entries()) {
    a[at] = at + 1
    b[at] = 10 * (at + 1)
  }
  expect(sumRx([a, b])).toEqual({
    packets: 11,
    bytes: 22,
    wakeups: 33,
    badDescriptor: 44,
    badChain: 55,
    tooLong: 66,
    badIndex: 77,
  })
  expect(sumRx([])).toMatchObject({ packets: 0, badIndex: 0 })
  const tx = counterCells('tx')
  for (const [at] of tx.entries()) tx[at] = at + 1
  expect(sumTx([tx])).toEqual({
    packets: 1,
    bytes: 2,
    signals: 3,
    full: 4,
    empty: 5,
    tooLong: 6,
    badBuffer: 7,
    badIndex: 8,
  })
  expect(tx.buffer).toBeInstanceOf(SharedArrayBuffer)
})
