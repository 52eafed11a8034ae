/**
 * Measures the npm package `memif`: node npm-peer.mjs FOLDER SOCKET WORK BYTES MILLISECONDS prints OPERATIONS SECONDS. A
 * process for each measurement: one that has lost its peer spins.
 */
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { frames } from './loops.mjs'

const [folder, socketName, work, length, milliseconds] = process.argv.slice(2)
const { Memif } = await import(pathToFileURL(join(folder, 'dist', 'memif.js')).href)

/** Milliseconds before the measurement. */
const START = 200

/** Echoed packets on their way: when more than 64 wait, the package drops them. */
const WINDOW = 32

async function connected(memif) {
  const limit = performance.now() + 10_000
  while (!memif.connected) {
    if (performance.now() > limit) throw new Error('not connected after 10 s')
    await pause(5)
  }
}

/** Each gives what counts the packets, and what is to be done in every turn of the event loop. */
const WORKS = {
  /** What it hands to its user; it drops the rest. */
  received(memif) {
    let operations = 0
    memif.on('data', () => operations++)
    return { count: () => operations, each: () => {} }
  },

  /** What its counter says it sent; the package drops without a word when the ring is full. */
  sent(memif) {
    const [frame] = frames(1, Number(length))
    const each = () => {
      for (let n = 0; n < 256; n++) memif.write(frame)
    }
    return { count: () => Number(memif.counters.nTxPackets), each }
  },

  echo(memif) {
    let operations = 0
    memif.on('data', (packet) => {
      operations++
      memif.write(packet)
    })
    for (const frame of frames(WINDOW, Number(length))) memif.write(frame)
    return { count: () => operations, each: () => {} }
  },
}

/** Lets the event loop turn until the time is over; gives the seconds it took. */
async function elapse(time, each) {
  const start = performance.now()
  for (;;) {
    each()
    await turn()
    const elapsed = performance.now() - start
    if (elapsed >= time) return elapsed / 1000
  }
}

const memif = new Memif({ role: 'client', socketName })
await connected(memif)
const { count, each } = WORKS[work](memif)
await elapse(START, each)
const before = count()
const seconds = await elapse(Number(milliseconds), each)
console.log(`${count() - before} ${seconds}`)
process.exit()
