/** Answers measurement requests, one JSON object a line, with the npm package whose folder is the argument. */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { frames } from './loops.mjs'

const { Memif } = await import(pathToFileURL(join(process.argv[2], 'dist', 'memif.js')).href)

/** Echoed packets on their way: when more than 64 wait, the package drops them. */
const WINDOW = 32

async function measure({ case: work, socket, length, milliseconds }) {
  const memif = new Memif({ role: 'client', socketName: socket })
  try {
    await connected(memif)
    return await MEASURES[work](memif, length, milliseconds)
  } finally {
    memif.destroy()
  }
}

async function connected(memif) {
  const limit = performance.now() + 10_000
  while (!memif.connected) {
    if (performance.now() > limit) throw new Error('not connected after 10 s')
    await pause(5)
  }
}

const MEASURES = {
  /** What it hands to its user; it drops the rest. */
  async received(memif, _length, milliseconds) {
    let operations = 0
    memif.on('data', () => operations++)
    const seconds = await elapse(milliseconds)
    return { operations, seconds }
  },

  /** What its counter says it sent; the package drops without a word when the ring is full. */
  async sent(memif, length, milliseconds) {
    const [frame] = frames(1, length)
    const before = memif.counters.nTxPackets
    const seconds = await elapse(milliseconds, () => {
      for (let n = 0; n < 256; n++) memif.write(frame)
    })
    return { operations: Number(memif.counters.nTxPackets - before), seconds }
  },

  async echo(memif, length, milliseconds) {
    let operations = 0
    memif.on('data', (packet) => {
      operations++
      memif.write(packet)
    })
    for (const frame of frames(WINDOW, length)) memif.write(frame)
    const seconds = await elapse(milliseconds)
    return { operations, seconds }
  },
}

/** Lets the event loop turn until the time is over. */
async function elapse(milliseconds, each = () => {}) {
  const start = performance.now()
  for (;;) {
    each()
    await turn()
    const elapsed = performance.now() - start
    if (elapsed >= milliseconds) return elapsed / 1000
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const sample = await measure(JSON.parse(line)).catch((error) => ({ error: error.message }))
  console.log(JSON.stringify(sample))
}
