/**
 * Ends worker threads that receive on a memif queue while packets keep coming: `node FILE ROUNDS` does each way of
 * ending so often, prints what came of it, and has crashed when it prints nothing.
 */
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { createMemif } from '@vpp-ts/memif'

const rounds = Number(process.argv[2])
const options = { socket: `@memif-ends-${process.pid}`, ringSize: 64, reconnectMs: 1, rxMode: 'interrupt' }
const server = createMemif({ ...options, role: 'server' })
const packets = Array.from({ length: 8 }, () => Buffer.alloc(64))

/** What the thread does once packets have come. */
const WAYS = {
  terminate: `parentPort.postMessage('receiving')`,
  throw: `throw new Error('meant to end the thread')`,
  reject: `void Promise.reject(new Error('meant to end the thread'))`,
  exit: `process.exit(0)`,
  exitLater: `setTimeout(() => process.exit(0), 1)`,
  close: `queue.close(); parentPort.close()`,
}

const source = (way) => `
  import { parentPort, workerData } from 'node:worker_threads'
  import { openRxTicket } from ${JSON.stringify(import.meta.resolve('@vpp-ts/memif'))}
  let once = true
  const queue = openRxTicket(workerData, {
    onInterrupt: () => {
      queue.rxBurst(64)
      if (!once) return
      once = false
      ${WAYS[way]}
    },
  })
`

async function round(way) {
  const client = createMemif({ ...options, role: 'client' })
  await Promise.all([server.ready(), client.ready()])
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source(way))}`), {
    workerData: server.giveQueue('rx', 0),
  })
  const failures = []
  worker.on('error', (error) => failures.push(error.message))
  worker.once('message', () => void worker.terminate())
  let ended = false
  worker.once('exit', () => (ended = true))
  while (!ended) {
    client.txBurst(0, packets)
    await new Promise(setImmediate)
  }
  const left = once(server, 'disconnect')
  void client.close()
  await left
  return failures
}

const result = {}
for (const way of Object.keys(WAYS)) {
  const wrong = way === 'throw' || way === 'reject' ? 'meant to end the thread' : undefined
  await round(way)
  const before = epolls()
  let asExpected = 0
  for (let n = 0; n < rounds; n++) {
    const [failure] = await round(way)
    if (failure === wrong) asExpected++
    else console.error(way, failure)
  }
  result[way] = { asExpected, leaked: epolls() - before }
}
void server.close()
console.log(JSON.stringify(result))

/** Epoll sets that are open, of which each thread has one. */
function epolls() {
  return readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === 'anon_inode:[eventpoll]').length
}

function linkOf(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}
