import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createMemif } from '@vpp-ts/memif'
import { bufferBytes, queueOf, run } from './loops.mjs'

/** A separate client for every measurement, as the peers have, with rings of the size that is everybody's default. */
async function connect(socket, { queues, bytes }) {
  const memif = createMemif({
    role: 'client',
    socket,
    rxQueues: queues,
    txQueues: queues,
    bufferSize: bufferBytes(bytes),
    rxMode: 'polling',
    reconnectMs: 20,
  })
  await memif.ready({ signal: AbortSignal.timeout(10_000) })
  return memif
}

/** The interface's own thread moves all queues' packets. */
export async function measureHere(work, socket, milliseconds) {
  const memif = await connect(socket, work)
  try {
    const queues = Array.from({ length: work.queues }, (_, index) => queueOf(memif, index))
    return await run(work, queues, milliseconds)
  } finally {
    void memif.close()
  }
}

/** Worker threads that stay warm between measurements, one for each queue. */
export class Workers {
  #workers = []

  async measure(work, socket, milliseconds) {
    const memif = await connect(socket, work)
    try {
      const samples = Array.from({ length: work.queues }, (_, index) =>
        this.#ask(index, {
          work,
          milliseconds,
          rx: memif.giveQueue('rx', index),
          tx: memif.giveQueue('tx', index),
        }),
      )
      return sum(await Promise.all(samples))
    } finally {
      void memif.close()
    }
  }

  async close() {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  async #ask(index, request) {
    const worker = (this.#workers[index] ??= new Worker(new URL('worker.mjs', import.meta.url)))
    const answer = once(worker, 'message')
    worker.postMessage(request, [])
    const [{ error, ...sample }] = await answer
    if (error !== undefined) throw new Error(error)
    return sample
  }
}

/** Threads that take turns on one processor do not count as if they ran at once. */
function sum(samples) {
  const began = Math.min(...samples.map((sample) => sample.began))
  const ended = Math.max(...samples.map((sample) => sample.began + sample.seconds * 1000))
  return {
    operations: samples.reduce((total, { operations }) => total + operations, 0),
    seconds: (ended - began) / 1000,
  }
}
