import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { clientLayout } from '../shm/layout.ts'
import { DESCRIPTOR_NEXT, RING_MASK_INTERRUPT, Ring } from '../shm/ring.ts'
import { counterCells, sumRx, sumTx } from './counters.ts'
import { Packet } from './packet.ts'
import { RxQueue } from './rx-queue.ts'
import { TxQueue } from './tx-queue.ts'

/** Share of the random work: mutation testing, which repeats it for each mutant, sets less than all. */
const effort = Number(process.env['TEST_EFFORT'] ?? 1)

interface LinkOptions {
  log2RingSize?: number
  bufferSize?: number
  headroom?: number
  maxPacketBytes?: number
}

/** Both ends of both rings of one connection, in ordinary memory. */
function link({ log2RingSize = 4, bufferSize = 64, headroom = 0, maxPacketBytes = 65535 }: LinkOptions = {}) {
  const layout = clientLayout({ txQueues: 1, rxQueues: 1, log2RingSize, bufferSize })
  const region = new Uint8Array(layout.bytes)
  const regions = [region]
  const [tx, rx] = [layout.tx[0]!, layout.rx[0]!]
  const rings = { c2s: new Ring(region, tx.ring, log2RingSize), s2c: new Ring(region, rx.ring, log2RingSize) }
  rings.c2s.format()
  rings.s2c.format()
  const counters = {
    clientTx: counterCells('tx'),
    clientRx: counterCells('rx'),
    serverTx: counterCells('tx'),
    serverRx: counterCells('rx'),
  }
  const signal = { client: vi.fn(), server: vi.fn() }
  const common = { regions, maxPacketBytes, headroom }
  const client = {
    tx: new TxQueue({
      ...common,
      ring: rings.c2s,
      own: { buffers: tx.buffers, bufferSize },
      counters: counters.clientTx,
      signal: signal.client,
    }),
    rx: new RxQueue({
      ...common,
      ring: rings.s2c,
      refill: { buffers: rx.buffers, bufferSize },
      counters: counters.clientRx,
    }),
  }
  const server = {
    tx: new TxQueue({ ...common, ring: rings.s2c, counters: counters.serverTx, signal: signal.server }),
    rx: new RxQueue({ ...common, ring: rings.c2s, counters: counters.serverRx }),
  }
  client.rx.start()
  server.rx.start()
  return { layout, region, rings, counters, signal, client, server }
}

const bytesOf = (packets: readonly Packet[]) => packets.map((packet) => [...packet.copy()])
const filled = (length: number, value = length) => new Uint8Array(length).map((_, at) => (value + at) & 0xff)

/** The two directions: who moves which index differs, what the user sees must not. */
const DIRECTIONS = ['client to server', 'server to client'] as const

function direction(which: (typeof DIRECTIONS)[number], options?: LinkOptions) {
  const it = link(options)
  return which === 'client to server'
    ? {
        ...it,
        tx: it.client.tx,
        rx: it.server.rx,
        ring: it.rings.c2s,
        txCells: it.counters.clientTx,
        rxCells: it.counters.serverRx,
        signalled: it.signal.client,
      }
    : {
        ...it,
        tx: it.server.tx,
        rx: it.client.rx,
        ring: it.rings.s2c,
        txCells: it.counters.serverTx,
        rxCells: it.counters.clientRx,
        signalled: it.signal.server,
      }
}

describe.each(DIRECTIONS)('%s', (which) => {
  test('carries packets in order, across many turns of the 16-bit indexes', () => {
    const { tx, rx } = direction(which)
    let next = 0
    for (let round = 0; round < 10_000; round++) {
      const burst = Array.from({ length: 13 }, () =>
        Uint8Array.of(next & 0xff, next >> 8, (next++ >> 16) + 1),
      )
      expect(tx.burst(burst)).toBe(13)
      const got = rx.burst(64)
      if (
        got.length !== 13 ||
        got.some((packet, n) => packet.data.some((byte, at) => byte !== burst[n]![at]))
      ) {
        expect(bytesOf(got)).toEqual(burst.map((packet) => [...packet]))
      }
    }
  })

  test('sends what there is room for and says how many; a full ring is not an error', () => {
    const { tx, rx, txCells } = direction(which)
    const packets = Array.from({ length: 20 }, (_, n) => filled(n + 1))
    expect(tx.burst(packets)).toBe(16)
    expect(tx.burst(packets, 16)).toBe(0)
    expect(tx.free).toBe(0)
    expect(bytesOf(rx.burst(5))).toEqual(packets.slice(0, 5).map((packet) => [...packet]))
    expect(tx.burst(packets, 16)).toBe(4)
    expect(bytesOf(rx.burst(64))).toEqual(packets.slice(5).map((packet) => [...packet]))
    expect(sumTx([txCells])).toMatchObject({ packets: 20, bytes: 210, full: 2 })
  })

  test('counts down the room per packet: a nearly full ring is not overrun', () => {
    const { tx, rx } = direction(which)
    tx.burst(Array.from({ length: 14 }, () => filled(10)))
    expect(tx.burst([filled(1), filled(2), filled(3), filled(4)])).toBe(2)
    expect(rx.burst(64).map((packet) => packet.length)).toEqual([
      ...Array.from({ length: 14 }, () => 10),
      1,
      2,
    ])
  })

  test('splits and joins jumbo packets, each fragment with its own bytes, the last one included', () => {
    const { tx, rx } = direction(which)
    const jumbo = filled(64 * 3 + 5, 9)
    expect(tx.burst([filled(3), jumbo, filled(4)])).toBe(3)
    expect(bytesOf(rx.burst(64))).toEqual([[...filled(3)], [...jumbo], [...filled(4)]])
  })

  test('sends a chain of exactly the last slots, and not one slot more', () => {
    const { tx, rx } = direction(which)
    expect(tx.burst([...Array.from({ length: 13 }, () => filled(1)), filled(64 * 3)])).toBe(14)
    expect(tx.free).toBe(0)
    expect(rx.burst(12)).toHaveLength(12)
    expect(tx.burst([filled(64 * 12 + 1)])).toBe(0)
    expect(tx.burst([filled(64 * 12)])).toBe(1)
    expect(rx.burst(64).map((packet) => packet.length)).toEqual([1, 64 * 3, 64 * 12])
  })

  test('a jumbo without room is left out whole and does not harm the slots it did not get', () => {
    const { tx, rx } = direction(which)
    tx.burst(Array.from({ length: 14 }, () => filled(2)))
    expect(tx.burst([filled(64 * 3)])).toBe(0)
    rx.burst(64)
    expect(tx.burst([filled(60), filled(61)])).toBe(2)
    expect(bytesOf(rx.burst(64))).toEqual([[...filled(60)], [...filled(61)]])
  })

  test('leaves no stale NEXT: small packets after jumbos in the same slots each arrive alone', () => {
    const { tx, rx, ring } = direction(which)
    for (let round = 0; round < 40; round++) {
      expect(tx.burst([filled(64 * 2 + 1), filled(7), filled(64 * 3)])).toBe(3)
      expect(rx.burst(64).map((packet) => packet.length)).toEqual([129, 7, 192])
      expect(tx.burst([filled(1), filled(2), filled(3)])).toBe(3)
      expect(rx.burst(64).map((packet) => packet.length)).toEqual([1, 2, 3])
    }
    for (let slot = 0; slot < 16; slot++) expect(ring.descriptors[slot * 4]! & DESCRIPTOR_NEXT).toBe(0)
  })

  test('keeps a chain whose end is not there yet for the next round', () => {
    const { tx, rx, ring } = direction(which)
    const to = which === 'client to server' ? 'head' : 'tail'
    tx.burst([filled(5), filled(64 * 3)])
    const all = ring[to]
    ring[to] = all - 1
    expect(rx.burst(64).map((packet) => packet.length)).toEqual([5])
    expect(rx.pending).toBe(0)
    expect(rx.burst(64)).toHaveLength(0)
    ring[to] = all
    expect(rx.pending).toBe(3)
    expect(bytesOf(rx.burst(64))).toEqual([[...filled(64 * 3)]])
  })

  test('drops what can never be sent, counts it, and goes on', () => {
    const { tx, rx, txCells } = direction(which, { maxPacketBytes: 2000 })
    // Whether the ring can hold it a server knows when it has all the buffers before it.
    expect(tx.burst([new Uint8Array(0), filled(64 * 16 + 1), filled(1), filled(2001), filled(2)])).toBe(5)
    expect(rx.burst(64).map((packet) => packet.length)).toEqual([1, 2])
    expect(sumTx([txCells])).toMatchObject({ packets: 2, empty: 1, tooLong: 2 })
  })

  test('signals once a burst, and not when the receiver polls', () => {
    const { tx, rx, ring, signalled } = direction(which)
    tx.burst([filled(1), filled(2), filled(3)])
    expect(signalled).toHaveBeenCalledTimes(1)
    tx.burst([])
    expect(signalled).toHaveBeenCalledTimes(1)
    ring.flags = RING_MASK_INTERRUPT
    tx.burst([filled(1)])
    expect(signalled).toHaveBeenCalledTimes(1)
    ring.flags = 0
    tx.burst([filled(1)])
    expect(signalled).toHaveBeenCalledTimes(2)
    expect(rx.burst(64)).toHaveLength(5)
  })

  test('reuses packet objects and their arrays, and keeps views while sizes stay', () => {
    const { tx, rx } = direction(which)
    tx.burst([filled(9), filled(9)])
    const first = rx.burst(64)
    const [packet, view] = [first[0]!, first[0]!.data]
    tx.burst([filled(9, 77)])
    const second = rx.burst(64)
    expect(second).toBe(first)
    expect(second[0]).toBe(packet)
    expect(second[0]!.data).toBe(view)
    expect([...view]).toEqual([...filled(9, 77)])
  })

  test('copies of a burst stay whole while their storage grows, each with its headroom', () => {
    const { tx, rx } = direction(which, { bufferSize: 4096, headroom: 32 })
    for (const round of [1, 2]) {
      const packets = Array.from({ length: 12 }, (_, n) => filled(3000 + n, round * n))
      expect(tx.burst(packets)).toBe(12)
      const got = rx.burst(64)
      for (const packet of got) packet.prepend(32).fill(0xff, 0, 32)
      expect(got.map((packet) => [...packet.data.subarray(32)])).toEqual(packets.map((packet) => [...packet]))
    }
  })

  test('carries metadata', () => {
    const { tx, rx } = direction(which)
    const packet = new Packet()
    packet.assign(filled(8), 2, 4, 0xdeadbeef, 0)
    expect(tx.burst([packet])).toBe(1)
    expect(rx.burst(64)[0]!.metadata).toBe(0xdeadbeef)
    expect([...rx.burst(64)]).toEqual([])
  })

  describe('zero-copy', () => {
    test('lends packets until they are released; the sender cannot touch them', () => {
      const { tx, rx, region } = direction(which)
      tx.burst(Array.from({ length: 16 }, (_, n) => filled(4, n)))
      const held = [...rx.peek(2), ...rx.peek(1)]
      expect(held[0]!.bytes).toBe(region)
      expect(rx.outstanding).toBe(3)
      expect(tx.burst([filled(1)])).toBe(0)
      expect(bytesOf(held)).toEqual([[...filled(4, 0)], [...filled(4, 1)], [...filled(4, 2)]])
      rx.release(2)
      expect(tx.burst([filled(4, 100), filled(4, 101), filled(4, 102)])).toBe(2)
      expect(bytesOf(held.slice(2))).toEqual([[...filled(4, 2)]])
      expect(() => rx.burst(1)).toThrowError(expect.objectContaining({ code: 'MEMIF_PACKETS_OUTSTANDING' }))
      expect(() => rx.release(2)).toThrowError(expect.objectContaining({ code: 'MEMIF_PACKETS_OUTSTANDING' }))
      rx.release()
      expect(rx.burst(64)).toHaveLength(15)
    })

    test('gives chains as linked parts', () => {
      const { tx, rx } = direction(which)
      const jumbo = filled(64 * 2 + 9)
      tx.burst([jumbo])
      const [packet] = rx.peek(1)
      expect([packet!.length, packet!.next?.length, packet!.next?.next?.length]).toEqual([64, 64, 9])
      expect(packet!.totalLength).toBe(137)
      expect([...packet!.copy()]).toEqual([...jumbo])
      rx.release()
    })

    test('forwards a peeked chain without copying', () => {
      const from = direction(which)
      const to = direction(which)
      from.tx.burst([filled(64 * 2 + 9), filled(5)])
      expect(to.tx.burst(from.rx.peek(8))).toBe(2)
      from.rx.release()
      expect(bytesOf(to.rx.burst(8))).toEqual([[...filled(64 * 2 + 9)], [...filled(5)]])
    })

    test('reserves buffers, sends those filled, forgets the others', () => {
      const { tx, rx, signalled } = direction(which)
      const buffers = tx.reserve(5)
      expect(buffers.map((buffer) => buffer.capacity)).toEqual([64, 64, 64, 64, 64])
      buffers[0]!.length = 3
      buffers[0]!.data.set([1, 2, 3])
      buffers[1]!.more = true
      buffers[1]!.data.fill(4)
      buffers[2]!.length = 1
      buffers[2]!.data.fill(5)
      tx.commit(3)
      expect(signalled).toHaveBeenCalledTimes(1)
      expect(bytesOf(rx.burst(8))).toEqual([
        [1, 2, 3],
        [...new Uint8Array(64).fill(4), 5],
      ])
      expect(tx.reserve(99)).toHaveLength(16)
    })

    test('counts what was committed: packets, of one buffer or several, and bytes', () => {
      const { tx, rx, txCells } = direction(which)
      const buffers = tx.reserve(4)
      for (const [n, buffer] of buffers.entries()) {
        buffer.length = n + 1
        buffer.metadata = 10 + n
      }
      buffers[1]!.more = true
      tx.commit()
      expect(sumTx([txCells])).toMatchObject({ packets: 3, bytes: 10, signals: 1 })
      expect(rx.peek(9).map(({ totalLength, metadata }) => [totalLength, metadata])).toEqual([
        [1, 10],
        [5, 11],
        [4, 13],
      ])
      rx.release()
      tx.reserve(2)
      tx.commit(0)
      expect(sumTx([txCells])).toMatchObject({ packets: 3, signals: 1 })
      expect(tx.reserve(1)).toHaveLength(1)
      expect(() => tx.commit(-1)).toThrow('cannot commit -1 buffers, 1 are reserved')
    })

    test.each([
      [
        'a length of 0',
        (tx: TxQueue) => {
          tx.reserve(1)[0]!.length = 0
          tx.commit()
        },
      ],
      [
        'a length over the capacity',
        (tx: TxQueue) => {
          tx.reserve(1)[0]!.length = 65
          tx.commit()
        },
      ],
      [
        'a last buffer that says more',
        (tx: TxQueue) => {
          tx.reserve(1)[0]!.more = true
          tx.commit()
        },
      ],
      [
        'more buffers than reserved',
        (tx: TxQueue) => {
          tx.reserve(1)
          tx.commit(2)
        },
      ],
      [
        'buffers given up by a burst',
        (tx: TxQueue) => {
          tx.reserve(1)
          tx.burst([])
          tx.commit(1)
        },
      ],
    ])('refuses to commit %s, and sends nothing', (_, misuse) => {
      const { tx, rx } = direction(which)
      expect(() => misuse(tx)).toThrowError(expect.objectContaining({ code: 'MEMIF_PACKET_INVALID' }))
      expect(rx.pending).toBe(0)
    })
  })

  test('counts what was lent as it counts what was copied: packets and bytes, chains included', () => {
    const { tx, rx, rxCells } = direction(which)
    tx.burst([filled(3), filled(64 * 2 + 5), filled(7)])
    rx.peek(2)
    expect(sumRx([rxCells])).toMatchObject({ packets: 2, bytes: 136 })
    rx.peek(9)
    expect(sumRx([rxCells])).toMatchObject({ packets: 3, bytes: 143 })
    rx.release()
    tx.burst([filled(5), filled(64 * 2)])
    rx.burst(9)
    expect(sumRx([rxCells])).toMatchObject({ packets: 5, bytes: 276 })
  })

  test('releases only what is outstanding, in whole numbers', () => {
    const { tx, rx } = direction(which)
    tx.burst([filled(1), filled(2), filled(3)])
    const packets = [...rx.peek(3)]
    for (const count of [4, -1, 1.5, Number.NaN]) {
      expect(() => rx.release(count)).toThrowError(
        expect.objectContaining({
          code: 'MEMIF_PACKETS_OUTSTANDING',
          message: `cannot release ${count} packets, 3 are outstanding`,
        }),
      )
    }
    expect(() => rx.release([packets[1]!])).toThrow('released in the order in which they came')
    rx.release(0)
    rx.release([])
    expect(rx.outstanding).toBe(3)
    rx.release([packets[0]!, packets[1]!])
    expect(rx.outstanding).toBe(1)
    rx.release()
    expect(rx.outstanding).toBe(0)
  })

  test('goes on at the index of the queue that was there before', () => {
    const log2RingSize = 3
    const layout = clientLayout({ txQueues: 1, rxQueues: 1, log2RingSize, bufferSize: 64 })
    const region = new Uint8Array(layout.bytes)
    const fromClient = which === 'client to server'
    const place = fromClient ? layout.tx[0]! : layout.rx[0]!
    const ring = new Ring(region, place.ring, log2RingSize)
    ring.format()
    const position = 0xfffd
    ring.head = ring.tail = position
    const buffers = { buffers: place.buffers, bufferSize: 64 }
    const common = { ring, regions: [region], maxPacketBytes: 65535, headroom: 0, position }
    const rx = new RxQueue({
      ...common,
      counters: counterCells('rx'),
      refill: fromClient ? undefined : buffers,
    })
    const tx = new TxQueue({
      ...common,
      counters: counterCells('tx'),
      own: fromClient ? buffers : undefined,
      signal: () => {},
    })
    rx.start()
    expect([rx.position, tx.position, tx.free, rx.pending]).toEqual([position, position, 8, 0])
    expect(tx.burst(Array.from({ length: 9 }, (_, n) => filled(n + 1)))).toBe(8)
    expect([tx.position, tx.free, rx.pending]).toEqual([5, 0, 8])
    expect(rx.burst(99).map((packet) => packet.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect([rx.position, tx.free]).toEqual([5, 8])
  })

  test('drops packets over the limit that are lent, and takes those of just the limit', () => {
    const { tx, rx, rxCells } = direction(which)
    const strict = new RxQueue({
      ring: rx.ring,
      regions: [],
      headroom: 0,
      maxPacketBytes: 60,
      counters: rxCells,
    })
    expect(strict.peek(9)).toEqual([])
    const limited = direction(which, { maxPacketBytes: 100 })
    expect(limited.tx.burst([filled(100), filled(101), filled(1)])).toBe(3)
    expect(limited.rx.peek(9).map((packet) => packet.totalLength)).toEqual([100, 1])
    expect(sumTx([limited.txCells])).toMatchObject({ packets: 2, bytes: 101, tooLong: 1, signals: 1 })
    expect(tx.free).toBe(16)
  })

  test('any traffic arrives whole and in order', () => {
    const step = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 64 * 5 }), { maxLength: 12 }),
      take: fc.integer({ min: 0, max: 12 }),
      peek: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { tx, rx } = direction(which)
        const [sent, got]: [string[], string[]] = [[], []]
        let serial = 0
        for (const { sizes, take, peek } of [...steps, { sizes: [], take: 99, peek: false }]) {
          const packets = sizes.map((size) => filled(size, serial++))
          sent.push(
            ...packets.slice(0, tx.burst(packets)).map((packet) => Buffer.from(packet).toString('hex')),
          )
          const received = peek ? rx.peek(take) : rx.burst(take)
          got.push(...received.map((packet) => Buffer.from(packet.copy()).toString('hex')))
          if (peek) rx.release()
        }
        expect(got).toEqual(sent)
      }),
    )
  })
})

describe('forwarding', () => {
  const ways = ['copied', 'lent', 'of own memory', 'mixed'] as const
  const lengths = fc.array(fc.oneof(fc.constant(64), fc.integer({ min: 1, max: 400 })), {
    minLength: 1,
    maxLength: 24,
  })

  test.each(ways)('packets %s leave as they came, in any mixture of lengths and buffers', (way) => {
    fc.assert(
      fc.property(
        fc.array(lengths, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(64, 72, 100, 512),
        fc.constantFrom(0, 4, 8),
        (bursts, bufferSize, headroom) => {
          const from = link({ log2RingSize: 8, bufferSize, headroom })
          const to = link({ log2RingSize: 8, bufferSize: 128 })
          for (const [turn, burst] of bursts.entries()) {
            const sent = burst.map((length, n) => filled(length, 31 * n + turn))
            expect(from.server.tx.burst(sent)).toBe(sent.length)
            const taken = way === 'copied' ? from.client.rx.burst(64) : from.client.rx.peek(64)
            const packets = taken.map((packet, n) =>
              way === 'of own memory' || (way === 'mixed' && n % 3 === 1) ? packet.copy() : packet,
            )
            expect(to.client.tx.burst(packets)).toBe(sent.length)
            expect(bytesOf(to.server.rx.burst(64))).toEqual(sent.map((packet) => [...packet]))
            if (way !== 'copied') from.client.rx.release()
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  /** A packet of `length` bytes at `offset` of memory. */
  function packetAt(memory: Uint8Array, offset: number, length: number, metadata = 0): Packet {
    const packet = new Packet()
    packet.assign(memory, offset, length, metadata, 0)
    return packet
  }

  test('short packets leave by words where they are some, and otherwise as all others do', () => {
    const { client, server, counters } = link({ log2RingSize: 5, bufferSize: 128 })
    const [memory, other] = [filled(1024), filled(512, 99)]
    const chain = packetAt(memory, 40, 8)
    chain.next = packetAt(other, 16, 8)
    const packets: (Packet | Uint8Array)[] = [
      packetAt(memory, 0, 8, 1),
      packetAt(memory, 8, 64, 2),
      packetAt(memory, 72, 16, 3),
      packetAt(memory, 4, 8, 4),
      packetAt(memory, 24, 12, 5),
      packetAt(memory, 24, 72, 6),
      packetAt(other, 8, 24, 7),
      packetAt(other, 16, 64, 8),
      filled(5),
      chain,
      packetAt(memory, 1024 - 64, 64, 9),
      packetAt(memory, 16, 0, 10),
      packetAt(memory, 32, 8, 11),
      packetAt(memory.subarray(3), 5, 8, 12),
    ]
    expect(client.tx.burst(packets)).toBe(packets.length)
    const kept = packets.filter((it) => it.length > 0)
    const got = server.rx.burst(64)
    expect(bytesOf(got)).toEqual(kept.map((it) => [...(it instanceof Packet ? it.copy() : it)]))
    expect(got.map(({ metadata }) => metadata)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 9, 11, 12])
    const bytes = kept.reduce((sum, it) => sum + (it instanceof Packet ? it.totalLength : it.length), 0)
    expect(sumTx([counters.clientTx])).toMatchObject({ packets: 13, bytes, empty: 1, full: 0, signals: 1 })
    expect(client.tx.position).toBe(13)
  })

  test('short packets stop at the last free slot, and go on from the given one', () => {
    const { client, server, counters } = link({ log2RingSize: 2, bufferSize: 64 })
    const memory = filled(256)
    const packets = Array.from({ length: 6 }, (_, n) => packetAt(memory, 8 * n, 8, n))
    for (let round = 0; round < 3; round++) {
      expect(client.tx.burst(packets, 1)).toBe(4)
      expect(client.tx.burst(packets, 5)).toBe(0)
      expect(server.rx.burst(9).map(({ metadata }) => metadata)).toEqual([1, 2, 3, 4])
    }
    expect(sumTx([counters.clientTx])).toMatchObject({ packets: 12, bytes: 96, full: 6 })
  })

  test.each([
    ['buffers of their length', { bufferSize: 64 }, [64, 56]],
    ['buffers that are shorter', { bufferSize: 32 }, [32, 40]],
    ['a limit that is lower', { bufferSize: 64, maxPacketBytes: 40 }, [40, 32]],
  ] as const)('short packets fit into %s', (_, options, lengths) => {
    const { client, server } = link(options)
    const memory = filled(256)
    const packets = lengths.map((length) => packetAt(memory, 64, length))
    expect(client.tx.burst(packets)).toBe(2)
    expect(bytesOf(server.rx.burst(9))).toEqual(packets.map((packet) => [...packet.copy()]))
  })

  test('short packets over the limit are dropped, not cut', () => {
    const { client, server, counters } = link({ maxPacketBytes: 40 })
    const memory = filled(256)
    expect(client.tx.burst([packetAt(memory, 0, 48), packetAt(memory, 0, 40)])).toBe(2)
    expect(server.rx.burst(9).map(({ length }) => length)).toEqual([40])
    expect(sumTx([counters.clientTx])).toMatchObject({ packets: 1, tooLong: 1 })
  })

  test('a packet that a user has made longer than its memory is cut, as a view of it would be', () => {
    const { client, server } = link()
    const packet = new Packet()
    packet.assign(filled(16), 8, 64, 0, 0)
    expect(client.tx.burst([packet])).toBe(1)
    expect(bytesOf(server.rx.burst(1))).toEqual([[...filled(16).subarray(8)]])
  })
})

describe('refill', () => {
  test('a server cannot send before the client has refilled', () => {
    const { server, rings } = link()
    rings.s2c.reset()
    expect(server.tx.burst([filled(1)])).toBe(0)
  })

  test('happens at start and after each burst: head is always a ring ahead of what was taken', () => {
    const { server, client, rings } = link()
    expect(rings.s2c.head).toBe(16)
    server.tx.burst([filled(1), filled(2)])
    client.rx.burst(1)
    expect(rings.s2c.head).toBe(17)
    expect(rings.s2c.descriptors[1]).toBe(64)
  })

  test('offers buffers behind the headroom, and packets can grow into it', () => {
    const { server, client } = link({ headroom: 16 })
    server.tx.burst([filled(48), filled(49)])
    const [packet] = client.rx.peek(1)
    packet!.prepend(14).set(filled(14))
    expect(packet!.length).toBe(62)
    expect(() => packet!.prepend(3)).toThrow(RangeError)
    client.rx.release()
    const [copied] = client.rx.burst(1)
    expect(copied!.length).toBe(49)
    copied!.prepend(16)
    expect([...copied!.data.subarray(16)]).toEqual([...filled(49)])
  })

  test('the capacity of a slot is what the client said, not what the server is configured for', () => {
    const { server, client, rings } = link()
    rings.s2c.descriptors[1] = 10
    expect(server.tx.burst([filled(25)])).toBe(1)
    expect(rings.s2c.descriptors[1]).toBe(10)
    expect(rings.s2c.descriptors[5]).toBe(15)
    expect(bytesOf(client.rx.burst(1))).toEqual([[...filled(25)]])
  })

  test('a server changes neither region nor offset of what the client owns', () => {
    const { server, client, rings, region } = link()
    rings.s2c.descriptors[0] = 0x0000_0001
    rings.s2c.descriptors[2] = region.length - 64
    server.tx.burst([filled(3)])
    expect([...rings.s2c.descriptors.subarray(0, 3)]).toEqual([0, 3, region.length - 64])
    expect([...region.subarray(region.length - 64, region.length - 61)]).toEqual([...filled(3)])
    client.tx.burst([filled(4), filled(64 * 2)])
    const before = [...rings.c2s.descriptors.subarray(0, 12)]
    server.rx.burst(8)
    before[4] = 0
    expect([...rings.c2s.descriptors.subarray(0, 12)]).toEqual(before)
  })
})

describe('a hostile peer', () => {
  const outside: [string, (d: Uint32Array, regionBytes: number) => void][] = [
    ['an unknown region', (d) => (d[0] = 1 << 16)],
    ['an offset behind the region', (d, bytes) => (d[2] = bytes)],
    ['an end behind the region', (d, bytes) => (d[2] = bytes - 2)],
    ['an end that wraps in 32 bits', (d) => (d[2] = 0xffffffff)],
    ['a length that wraps in 32 bits', (d) => (d[1] = 0xffffffff)],
    ['no length', (d) => (d[1] = 0)],
  ]

  test.each(outside)('client: %s is dropped, counted, and its slot returned', (_, corrupt) => {
    const { client, server, rings, counters, region } = link({ maxPacketBytes: 2 ** 33 })
    client.tx.burst([filled(3), filled(4)])
    corrupt(rings.c2s.descriptors, region.length)
    expect(bytesOf(server.rx.burst(8))).toEqual([[...filled(4)]])
    expect(rings.c2s.tail).toBe(2)
    expect(sumRx([counters.serverRx])).toMatchObject({ packets: 1, bytes: 4, badDescriptor: 1 })
  })

  test('a bad part spoils its chain only, also between packets that are handed out', () => {
    const { client, server, rings, counters } = link()
    client.tx.burst([filled(3), filled(64 * 3), filled(4)])
    rings.c2s.descriptors[4 * 2 + 2] = 0xffffff00
    expect(server.rx.peek(8).map((packet) => packet.length)).toEqual([3, 4])
    server.rx.release(1)
    expect(rings.c2s.tail).toBe(4)
    server.rx.release()
    expect(rings.c2s.tail).toBe(5)
    expect(sumRx([counters.serverRx])).toMatchObject({ badDescriptor: 1 })
  })

  test('a chain without end that fills the ring is dropped', () => {
    const { client, server, rings, counters } = link()
    client.tx.burst(Array.from({ length: 16 }, () => filled(2)))
    for (let slot = 0; slot < 16; slot++) rings.c2s.descriptors[slot * 4] = DESCRIPTOR_NEXT
    expect(server.rx.burst(64)).toHaveLength(0)
    expect(sumRx([counters.serverRx])).toMatchObject({ badChain: 1 })
    expect(client.tx.burst([filled(5)])).toBe(1)
    expect(server.rx.burst(64)).toHaveLength(1)
  })

  test('packets over the limit are dropped, single and chained', () => {
    const { client, server, counters } = link({ maxPacketBytes: 65535 })
    const strict = new RxQueue({
      ring: server.rx.ring,
      regions: [new Uint8Array(1 << 16)],
      headroom: 0,
      maxPacketBytes: 60,
      counters: counters.serverRx,
    })
    client.tx.burst([filled(60), filled(61), filled(64 * 2), filled(1)])
    expect(strict.burst(8).map((packet) => packet.length)).toEqual([60, 1])
    expect(sumRx([counters.serverRx])).toMatchObject({ tooLong: 2 })
  })

  test('an index that cannot be is counted and nothing is read, until it is possible again', () => {
    const { client, server, rings, counters } = link()
    client.tx.burst([filled(3)])
    rings.c2s.head = 17
    expect(server.rx.pending).toBe(0)
    expect(server.rx.burst(64)).toHaveLength(0)
    rings.c2s.head = 1
    expect(server.rx.burst(64)).toHaveLength(1)
    rings.c2s.tail = 9
    expect(client.tx.burst([filled(1)])).toBe(0)
    rings.s2c.head = 40_000
    expect(server.tx.burst([filled(1)])).toBe(0)
    expect(sumRx([counters.serverRx]).badIndex).toBe(2)
    expect(sumTx([counters.clientTx, counters.serverTx]).badIndex).toBe(2)
  })

  test('a server passes over receive buffers it cannot use, returned empty, and sends in the next ones', () => {
    const { client, server, rings, counters } = link()
    rings.s2c.descriptors[2] = 0xffffffff
    rings.s2c.descriptors[4 * 2 + 1] = 0
    rings.s2c.descriptors[4 * 4] = 9 << 16
    expect(server.tx.burst([filled(64 * 2), filled(5)])).toBe(2)
    expect(sumTx([counters.serverTx])).toMatchObject({ badBuffer: 3, packets: 2 })
    expect(bytesOf(client.rx.burst(8))).toEqual([[...filled(128)], [...filled(5)]])
    rings.s2c.descriptors[4 * 8 + 2] = 0xffffffff
    expect(server.tx.reserve(3)).toHaveLength(3)
  })

  test('100000 random writes to the shared memory never crash either end', () => {
    let seed = 1
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return Math.floor((seed / 2 ** 32) * limit)
    }
    const total = { dropped: 0, packets: 0 }
    for (let connection = 0; connection < 500 * effort; connection++) {
      const { client, server, region, counters } = link({ log2RingSize: 3, bufferSize: 128 })
      const words = new Uint32Array(region.buffer, 0, (2 * (128 + 16 * 8)) / 4)
      const values = [0, 1, 0xffff, 0x10000, 0xffffffff, region.length, region.length - 1, 0x7fffffff]
      for (let n = 0; n < 200; n++) {
        words[random(words.length)] = random(2) === 0 ? values[random(values.length)]! : random(2 ** 32)
        client.tx.burst([filled(random(300)), filled(5)])
        server.tx.burst([filled(random(300)), filled(5)])
        for (const queue of [client.rx, server.rx]) {
          for (const packet of queue.burst(4)) if (packet.length > 65535) throw new Error('too long')
          queue.peek(random(3))
          queue.release()
        }
      }
      const rx = sumRx([counters.clientRx, counters.serverRx])
      total.dropped += rx.badDescriptor + rx.badChain + rx.badIndex
      total.packets += rx.packets
    }
    expect(total.dropped).toBeGreaterThan(1000 * effort)
    expect(total.packets).toBeGreaterThan(1000 * effort)
  })
})
