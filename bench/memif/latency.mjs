import { setTimeout as pause } from 'node:timers/promises'
import { createMemif } from '@vpp-ts/memif'
import { frames } from './loops.mjs'

/** Round trips before the measurement. */
const START = 2000

/**
 * Round trips of one packet at a time, there and back by testpmd, with `idle` milliseconds between one and the next;
 * each in seconds.
 */
export async function measureRoundTrips({ rxMode, idle }, socket, milliseconds) {
  const memif = createMemif({ role: 'client', socket, rxMode, reconnectMs: 20 })
  try {
    await memif.ready({ signal: AbortSignal.timeout(10_000) })
    const frame = frames(1, 64)
    const trip = rxMode === 'polling' ? () => spin(memif, frame) : () => wait(memif, frame)
    for (let n = 0; n < (idle === 0 ? START : 20); n++) await trip()
    const roundTrips = []
    let seconds = 0
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      const took = await trip()
      roundTrips.push(took)
      seconds += took
      if (idle > 0) await pause(idle)
    }
    return { operations: roundTrips.length, seconds, roundTrips }
  } finally {
    void memif.close()
  }
}

/** Sends a packet, and resolves when it is back, by the interface's event. */
function wait(memif, frame) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint()
    memif.once('interrupt', (queue) => {
      const took = since(start)
      memif.rxBurst(queue, 1)
      resolve(took)
    })
    memif.txBurst(0, frame)
  })
}

/** Sends a packet, and looks until it is back. */
function spin(memif, frame) {
  const start = process.hrtime.bigint()
  memif.txBurst(0, frame)
  while (memif.rxBurst(0, 1).length === 0) if (since(start) > 5) throw new Error('a packet did not come back')
  return since(start)
}

function since(start) {
  return Number(process.hrtime.bigint() - start) / 1e9
}
