import { setTimeout as pause } from 'node:timers/promises'

/** Packets taken or sent at once: of long ones that are sent on fewer, so that they are still in the cache then. */
export const burstOf = (work, bytes) => (work === 'echo' && bytes > 1000 ? 64 : 256)

/** Bytes of a buffer, of all subjects that let it be chosen: whole cache lines, a little more than the packets need. */
export const bufferBytes = (bytes) => (bytes > 1000 ? 1536 : 2048)

/** Echoed packets on their way, of each queue: fewer than testpmd's ring has slots, so that it never drops one. */
const WINDOW = 512

/** Runs before a measurement, and how long each and the pause behind it are, in milliseconds. */
const STARTS = 5
const START_MS = 20
const PAUSE_MS = 10

const HEADER = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00)

/** What the loops use of a queue, of the interface in this thread. */
export function queueOf(memif, index) {
  return {
    rxBurst: (max) => memif.rxBurst(index, max),
    rxPeek: (max) => memif.rxPeek(index, max),
    rxRelease: () => memif.rxRelease(index),
    txBurst: (packets) => memif.txBurst(index, packets),
    txReserve: (max) => memif.txReserve(index, max),
    txCommit: () => memif.txCommit(index),
  }
}

/** `count` times a packet of `bytes` bytes that is addressed to someone; the peers send one over and over as well. */
export function frames(count, bytes) {
  const frame = new Uint8Array(bytes)
  frame.set(HEADER)
  return Array.from({ length: count }, () => frame)
}

/** Keeps what loops read alive, so that reading is not optimised away. */
let seen = 0

const STEPS = {
  received: {
    copy: (_bytes, burst) => (queue) => {
      const packets = queue.rxBurst(burst)
      for (let n = 0; n < packets.length; n++) seen ^= packets[n].bytes[packets[n].offset]
      return packets.length
    },
    'zero-copy': (_bytes, burst) => (queue) => {
      const packets = queue.rxPeek(burst)
      const { length } = packets
      for (let n = 0; n < length; n++) seen ^= packets[n].bytes[packets[n].offset]
      if (length > 0) queue.rxRelease()
      return length
    },
  },
  sent: {
    copy: (bytes, burst) => {
      const packets = frames(burst, bytes)
      return (queue) => queue.txBurst(packets)
    },
    'zero-copy': (bytes, burst) => (queue) => {
      const buffers = queue.txReserve(burst)
      const { length } = buffers
      for (let n = 0; n < length; n++) writeFrame(buffers[n], bytes)
      if (length > 0) queue.txCommit()
      return length
    },
  },
  echo: {
    copy: (_bytes, burst) => (queue) => {
      const packets = queue.rxBurst(burst)
      return packets.length === 0 ? 0 : queue.txBurst(packets)
    },
    'zero-copy': (_bytes, burst) => (queue) => {
      const packets = queue.rxPeek(burst)
      if (packets.length === 0) return 0
      const sent = queue.txBurst(packets)
      queue.rxRelease()
      return sent
    },
  },
}

/** Makes a packet where it is sent from: its header, a number, and what the buffer held before. */
function writeFrame(buffer, length) {
  const { bytes, offset } = buffer
  for (let n = 0; n < HEADER.length; n++) bytes[offset + n] = HEADER[n]
  seen++
  bytes[offset + 14] = seen
  bytes[offset + 15] = seen >> 8
  buffer.length = length
}

/**
 * Runs a way of moving packets over all `queues` in turn until the time is over, after a start of the same: what is
 * measured is an interface that has been up for a while, not the compiler, which gets pauses to do its work in. `began`
 * is in milliseconds of a clock that all threads share.
 */
export async function run({ work, way, bytes }, queues, milliseconds) {
  const step = STEPS[work][way](bytes, burstOf(work, bytes))
  if (work === 'echo') for (const queue of queues) queue.txBurst(frames(WINDOW, bytes))
  awaitFirst(step, queues)
  for (let n = 0; n < STARTS; n++) {
    turn(step, queues, START_MS)
    await pause(PAUSE_MS)
  }
  const began = performance.timeOrigin + performance.now()
  return { ...turn(step, queues, milliseconds), began }
}

function turn(step, queues, milliseconds) {
  let operations = 0
  const start = performance.now()
  for (;;) {
    for (let n = 0; n < 64; n++) for (const queue of queues) operations += step(queue)
    const elapsed = performance.now() - start
    if (elapsed >= milliseconds) return { operations, seconds: elapsed / 1000 }
  }
}

function awaitFirst(step, queues) {
  const limit = performance.now() + 5000
  for (;;) {
    for (const queue of queues) if (step(queue) > 0) return
    if (performance.now() > limit) throw new Error('testpmd moves no packets')
  }
}
