import { describe, expect, test } from 'vitest'
import { clientLayout } from '../shm/layout.ts'
import { DESCRIPTOR_NEXT, Ring } from '../shm/ring.ts'
import { counterCells } from './counters.ts'
import { RxQueue } from './rx-queue.ts'
import { TxQueue } from './tx-queue.ts'

const SIZE = 4

/** A client that sends to a server through one ring of 4 slots. */
function link() {
  const layout = clientLayout({ txQueues: 1, rxQueues: 1, log2RingSize: Math.log2(SIZE), bufferSize: 64 })
  const region = new Uint8Array(layout.bytes)
  const { ring: offset, buffers } = layout.tx[0]!
  const ring = new Ring(region, offset, Math.log2(SIZE))
  ring.format()
  const common = { ring, regions: [region], maxPacketBytes: 65535 }
  const own = { buffers, bufferSize: 64 }
  return {
    ring,
    tx: new TxQueue({ ...common, own, counters: counterCells('tx'), signal: () => {} }),
    rx: new RxQueue({ ...common, headroom: 0, counters: counterCells('rx') }),
  }
}

const packets = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => Uint8Array.of(first + n))

describe('a chain that was seen before its end was there', () => {
  test.each(['peek', 'burst'] as const)('does not make %s deaf when the index comes round', (take) => {
    const { ring, tx, rx } = link()
    const got = () => {
      const taken = rx[take](SIZE).length
      if (take === 'peek') rx.release()
      return taken
    }
    ring.descriptors.set([DESCRIPTOR_NEXT, 10, 0, 0])
    ring.head = 1
    expect([rx.pending, got(), rx.pending]).toEqual([1, 0, 0])
    // The end comes after all; from then on one packet after the other, until the 16-bit index has been round.
    ring.descriptors.set([0, 10, 0, 0], 4)
    ring.head = 2
    expect([rx.pending, got()]).toEqual([2, 1])
    const sender = new TxQueue({
      ring,
      regions: [new Uint8Array(65536)],
      own: { buffers: 0, bufferSize: 64 },
      maxPacketBytes: 64,
      counters: counterCells('tx'),
      signal: () => {},
      position: 2,
    })
    for (let n = 0; n < 0x1_0000; n++) {
      sender.burst(packets(1))
      if (rx.pending !== 1 || got() !== 1) expect.fail(`deaf at index ${ring.head}`)
    }
    expect(tx.free).toBeGreaterThanOrEqual(0)
  })
})

describe('release', () => {
  test('of given packets gives back exactly those, oldest first', () => {
    const { ring, tx, rx } = link()
    tx.burst(packets(4))
    const first = [...rx.peek(2)]
    const second = [...rx.peek(2)]
    expect(() => rx.release(second)).toThrow(expect.objectContaining({ code: 'MEMIF_PACKETS_OUTSTANDING' }))
    expect([ring.tail, rx.outstanding]).toEqual([0, 4])
    rx.release(first)
    expect([ring.tail, rx.outstanding]).toEqual([2, 2])
    rx.release(second)
    expect([ring.tail, rx.outstanding]).toEqual([4, 0])
  })

  test('of packets of a former connection gives nothing of this one back', () => {
    const [before, now] = [link(), link()]
    before.tx.burst(packets(2))
    const late = [...before.rx.peek(2)]
    now.tx.burst(packets(2))
    expect(now.rx.peek(2)).toHaveLength(2)
    now.rx.release(late)
    expect([now.ring.tail, now.rx.outstanding]).toEqual([0, 2])
  })

  test.each([1.5, -1, 3, Number.NaN])('of %s packets is refused and gives nothing back', (count) => {
    const { ring, tx, rx } = link()
    tx.burst(packets(2))
    rx.peek(2)
    expect(() => rx.release(count)).toThrow(expect.objectContaining({ code: 'MEMIF_PACKETS_OUTSTANDING' }))
    expect([ring.tail, rx.outstanding]).toEqual([0, 2])
    rx.release(1)
    expect([ring.tail, rx.outstanding]).toEqual([1, 1])
  })
})
