import { parentPort } from 'node:worker_threads'
import { openRxTicket, openTxTicket } from '@vpp-ts/memif'
import { run } from './loops.mjs'

parentPort.on('message', async (request) => parentPort.postMessage(await answer(request), []))

async function answer({ work, milliseconds, rx, tx }) {
  const [rxQueue, txQueue] = [openRxTicket(rx), openTxTicket(tx)]
  try {
    return await run(work, [{ ...receiving(rxQueue), ...sending(txQueue) }], milliseconds)
  } catch (error) {
    return { error: error.message }
  } finally {
    rxQueue.close()
    txQueue.close()
  }
}

function receiving(queue) {
  return {
    rxBurst: (max) => queue.rxBurst(max),
    rxPeek: (max) => queue.rxPeek(max),
    rxRelease: () => queue.rxRelease(),
  }
}

function sending(queue) {
  return {
    txBurst: (packets) => queue.txBurst(packets),
    txReserve: (max) => queue.txReserve(max),
    txCommit: () => queue.txCommit(),
  }
}
