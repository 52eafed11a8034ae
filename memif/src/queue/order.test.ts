import { describe, expect, test, vi } from 'vitest'
import type { EventFd, Reactor } from '@vpp-ts/linux'
import { clientLayout } from '../shm/layout.ts'
import { RING_MASK_INTERRUPT, Ring } from '../shm/ring.ts'
import { counterCells } from '../data/counters.ts'
import { RxQueue } from '../data/rx-queue.ts'
import { TxQueue } from '../data/tx-queue.ts'
import { RxMonitor } from './rx-monitor.ts'

function link(size = 4) {
  const log2RingSize = Math.log2(size)
  const layout = clientLayout({ txQueues: 1, rxQueues: 1, log2RingSize, bufferSize: 64 })
  const region = new Uint8Array(layout.bytes)
  const { ring: offset, buffers } = layout.tx[0]!
  const ring = new Ring(region, offset, log2RingSize)
  ring.format()
  const common = { ring, regions: [region], maxPacketBytes: 65535 }
  const signal = vi.fn()
  const own = { buffers, bufferSize: 64 }
  return {
    ring,
    signal,
    tx: new TxQueue({ ...common, own, counters: counterCells('tx'), signal }),
    rx: new RxQueue({ ...common, headroom: 0, counters: counterCells('rx') }),
  }
}

const packets = (count: number) => Array.from({ length: count }, (_, n) => Uint8Array.of(n))

test('slots that are handed out are no room for the peer: an index beyond them is impossible', () => {
  const { ring, tx, rx } = link()
  tx.burst(packets(4))
  expect(rx.peek(2)).toHaveLength(2)
  // Two are held, two are waiting: a peer that says four more than were taken claims slots it does not have.
  ring.head = 6
  expect(rx.pending).toBe(0)
  expect(rx.peek(8)).toHaveLength(0)
  ring.head = 4
  expect(rx.pending).toBe(2)
})

test('whether the receiver sleeps is looked at after the index is stored, not before', () => {
  const { ring, signal, tx } = link()
  ring.flags = RING_MASK_INTERRUPT
  let stored = false
  vi.spyOn(Ring.prototype, 'head', 'set').mockImplementation(() => {
    stored = true
    // The receiver falls asleep in this very moment.
    ring.flags = 0
  })
  tx.burst(packets(1))
  vi.restoreAllMocks()
  expect(stored).toBe(true)
  expect(signal).toHaveBeenCalledOnce()
})

describe('an adaptive queue that falls asleep', () => {
  test('looks once more after unmasking: a packet that came meanwhile is reported', async () => {
    const { ring, tx, rx } = link()
    const notify = vi.fn(() => void rx.burst(8))
    const watch = { close: () => {}, modify: () => {}, ref: () => {}, unref: () => {} }
    const monitor = new RxMonitor({
      queue: rx,
      event: { fd: undefined } as unknown as EventFd,
      reactor: { watch: () => watch } as unknown as Reactor,
      mode: 'adaptive',
      adaptiveIdleMs: 0,
      counters: counterCells('rx'),
      notify,
    })
    tx.burst(packets(1))
    const flags = vi.spyOn(Ring.prototype, 'flags', 'set')
    let sent = false
    flags.mockImplementation((value) => {
      // The peer looked at the mask just before it went: no signal comes for this packet.
      if (value === 0 && !sent) {
        sent = true
        tx.burst(packets(1))
      }
    })
    monitor.check()
    await vi.waitFor(() => expect(sent).toBe(true))
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    flags.mockRestore()
    expect(notify).toHaveBeenCalledTimes(2)
    expect(ring.head).toBe(2)
    monitor.close()
  })
})
