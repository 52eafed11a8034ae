import * as memif from '@vpp-ts/memif'
import { stopwatch } from '../harness/measure.mjs'
import { bufferBytes, frames } from './loops.mjs'

const WORKS = ['copy', 'zero-copy'].flatMap((way) => [64, 1518].map((bytes) => ({ way, bytes })))

const nameOf = ({ way, bytes }) => `memif/both-ends/${way}/${bytes}-bytes`

export const BOTH_ENDS = WORKS.map(nameOf)

/** Packets sent and received at once. */
const BURST = 256

/** Keeps what is read alive, so that reading is not optimised away. */
let seen = 0

/** What one burst costs from the sender to the receiver. */
const TURNS = {
  copy: (client, server, bytes) => {
    const packets = frames(BURST, bytes)
    return () => {
      client.txBurst(0, packets)
      return look(server.rxBurst(0, BURST))
    }
  },
  'zero-copy': (client, server, bytes) => () => {
    const buffers = client.txReserve(0, BURST)
    for (let n = 0; n < buffers.length; n++) {
      const buffer = buffers[n]
      buffer.bytes[buffer.offset] = n
      buffer.length = bytes
    }
    client.txCommit(0)
    const count = look(server.rxPeek(0, BURST))
    server.rxRelease(0)
    return count
  },
}

/**
 * Both ends in one thread: what the code costs for a packet, without another core to wait for, so that two states of it
 * can be compared on a machine that is busy. `before` loads a workspace of the other state.
 */
export async function bothEndsCases(before) {
  const earlier = before && (await before('memif'))
  return WORKS.map((work) => ({
    name: nameOf(work),
    shows: 'time',
    subjects: [
      { name: 'ours', measure: (milliseconds) => measure(memif, work, milliseconds) },
      ...(earlier
        ? [{ name: 'before', measure: (milliseconds) => measure(earlier, work, milliseconds) }]
        : []),
    ],
    targets: [{ subject: 'ours', against: 'before', ratio: 0.97 }],
  }))
}

let made = 0

async function measure({ createMemif }, { way, bytes }, milliseconds) {
  const options = {
    socket: `@vpp-ts-bench-${process.pid}-${made++}`,
    rxMode: 'polling',
    bufferSize: bufferBytes(bytes),
  }
  const server = createMemif({ ...options, role: 'server' })
  const client = createMemif({ ...options, role: 'client' })
  try {
    await Promise.all([server.ready(), client.ready()])
    const turn = TURNS[way](client, server, bytes)
    for (let n = 0; n < 500; n++) turn()
    let operations = 0
    const elapsed = stopwatch()
    for (;;) {
      for (let n = 0; n < 16; n++) operations += turn()
      const times = elapsed()
      if (times.seconds * 1000 >= milliseconds) return { operations, ...times }
    }
  } finally {
    void client.close()
    void server.close()
  }
}

function look(packets) {
  for (let n = 0; n < packets.length; n++) seen ^= packets[n].bytes[packets[n].offset]
  return packets.length
}
