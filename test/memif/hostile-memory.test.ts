import { beforeAll, describe, expect, test } from 'vitest'
import { createMemif, type Memif, type Packet } from '@vpp-ts/memif'
import { build, runNode } from '../linux/child.ts'

const MUTATIONS = 100_000
const RING_SIZE = 64
const BUFFER_SIZE = 256
const MAX_PACKET_BYTES = 4000

beforeAll(() => build('memif'))

/**
 * Another process that connects as it should, writes to the rings it shares, and connects again. Some of it makes
 * packets (indexes that can be, descriptors that are sound); the rest is anything, the other side's indexes included.
 */
const MUTATOR = (socket: string, role: 'server' | 'client') => `
  import { setTimeout } from 'node:timers/promises'
  import { createMemif } from '@vpp-ts/memif'
  import { EventFd, Fd, Mapping } from '@vpp-ts/linux'
  const size = ${RING_SIZE}
  const ringBytes = 128 + 16 * size
  const rings = [0, ringBytes]
  // The client moves the head of every ring, at 6, and the server the tail, at 64.
  const [theirs, mine] = '${role}' === 'server' ? [6, 64] : [64, 6]
  let state = 1
  const below = (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const pick = (...values) => values[below(values.length)]

  function mutateSome({ buffer, length }, count) {
    const halves = new Uint16Array(buffer)
    const words = new Uint32Array(buffer)
    const wild = () => pick(0, 1, size, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0xffffffff, length, below(2 ** 32))
    const word = () => (pick(...rings) + 128 + 16 * below(size)) / 4
    const soundDescriptor = () => {
      const at = word()
      words[at] = pick(0, 0, 1)
      words[at + 1] = 1 + below(${BUFFER_SIZE})
      words[at + 2] = 2 * ringBytes + below(length - 2 * ringBytes - ${BUFFER_SIZE})
    }
    const wildDescriptor = () => (words[word() + below(4)] = wild())
    const flags = () => (halves[(pick(...rings) + 4) / 2] = wild())
    const index = () => (halves[(pick(...rings) + pick(mine, mine, mine, mine, mine, mine, theirs)) / 2] = wild())
    const possibleIndex = () => {
      const ring = pick(...rings)
      const filled = below(size + 1)
      halves[(ring + mine) / 2] = halves[(ring + theirs) / 2] + ('${role}' === 'server' ? -filled : filled)
    }
    for (let n = 0; n < count; n++) pick(soundDescriptor, soundDescriptor, wildDescriptor, flags, index, possibleIndex, possibleIndex)()
  }

  let done = 0
  while (done < ${MUTATIONS}) {
    const settings = { role: '${role}', ringSize: size, bufferSize: ${BUFFER_SIZE}, reconnectMs: 5 }
    const memif = createMemif({ socket: '${socket}', rxMode: 'polling', ...settings })
    await memif.ready()
    const tickets = [memif.giveQueue('tx', 0), memif.giveQueue('rx', 0)]
    const fds = tickets.map((ticket) => Fd.adopt(ticket.regions[0].fd))
    const mapping = Mapping.create(fds[0], { writable: true })
    const events = tickets.map((ticket) => EventFd.adopt(Fd.adopt(ticket.eventFd)))
    for (let burst = 0; burst < 20; burst++, done += 50) {
      mutateSome(mapping, 50)
      for (const event of events) event.signal()
      await setTimeout(1)
    }
    void memif.close()
    for (const each of [mapping, ...fds, ...events]) each.close()
  }
  console.log(done)
`

/** Reads all that comes, by copy and in place, and sends it back, by copy and in place. */
function echo(memif: Memif, round: number): void {
  const [queue, max] = [0, 1 + (round % RING_SIZE)]
  const peeked = round % 2 === 0
  const packets = peeked ? memif.rxPeek(queue, max) : memif.rxBurst(queue, max)
  for (const packet of packets) checkPacket(packet)
  if (round % 3 === 0) {
    const reserved = memif.txReserve(queue, packets.length)
    for (const buffer of reserved) {
      if (buffer.data.length !== buffer.capacity) throw new Error('a buffer that is not all there')
      buffer.data.fill(1)
      buffer.length = 1 + (round % buffer.capacity)
    }
    memif.txCommit(queue)
  } else {
    memif.txBurst(queue, packets)
  }
  if (peeked) memif.rxRelease(queue)
}

function checkPacket(packet: Packet): void {
  let bytes = 0
  for (let part: Packet | undefined = packet; part !== undefined; part = part.next) {
    if (part.data.length !== part.length) throw new Error('a packet that is not all there')
    bytes += part.length
  }
  if (bytes === 0 || bytes > MAX_PACKET_BYTES) throw new Error(`a packet of ${bytes} bytes`)
}

describe.each(['server', 'client'] as const)('a running %s', (role) => {
  test.each(['interrupt', 'adaptive', 'polling'] as const)(
    `in mode %s drops and counts what another process makes of its memory in ${MUTATIONS} writes`,
    async (rxMode) => {
      const socket = `@memif-hostile-memory-${process.pid}-${role}-${rxMode}`
      const theirs = role === 'server' ? 'client' : 'server'
      const options = { socket, rxMode, ringSize: RING_SIZE, bufferSize: BUFFER_SIZE, reconnectMs: 5 }
      await using memif = createMemif({ ...options, role, maxPacketBytes: MAX_PACKET_BYTES })
      let rounds = 0
      memif.on('interrupt', () => echo(memif, rounds++))
      let running = true
      const mutator = runNode(MUTATOR(socket, theirs)).finally(() => (running = false))
      while (running) {
        if (rxMode === 'polling') echo(memif, rounds++)
        await new Promise(setImmediate)
      }
      expect(await mutator).toMatchObject({ status: 0, stderr: '', stdout: `${MUTATIONS}\n` })
      expect(memif.getCounters()).toMatchObject({ connects: 100, disconnects: 100 })
      const { rx, tx } = memif.getCounters()
      for (const count of [rx.packets, rx.badDescriptor, rx.badIndex, tx.packets]) {
        expect(count, JSON.stringify({ rx, tx, rounds })).toBeGreaterThan(100)
      }

      memif.removeAllListeners('interrupt')
      await using sound = createMemif({ ...options, role: theirs })
      await Promise.all([memif.ready(), sound.ready()])
      sound.txBurst(0, [Buffer.from('sound')])
      expect(memif.rxBurst(0, 8).map(({ data }) => Buffer.from(data).toString())).toEqual(['sound'])
    },
  )
})
