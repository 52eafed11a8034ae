import type { CounterCells } from '../data/counters.ts'
import { RxQueue } from '../data/rx-queue.ts'
import { TxQueue } from '../data/tx-queue.ts'
import type { MemifConfig } from '../options.ts'
import type { RingEnd } from '../shm/shared-memory.ts'
import { keepShapes } from './shapes.ts'

keepShapes()

/** What the queues of a connection have in common. */
export type PortSettings = Pick<MemifConfig, 'bufferSize' | 'headroom' | 'maxPacketBytes'>

/** What a queue needs of its ring's end. */
type QueueEnd = Pick<RingEnd, 'ring' | 'buffers'>

/** The queue that receives from `end`. */
export function openRxQueue(
  end: QueueEnd,
  regions: readonly Uint8Array[],
  settings: PortSettings,
  counters: CounterCells,
  position = 0,
): RxQueue {
  const { ring } = end
  return new RxQueue({ ...settings, ring, regions, refill: ownBuffers(end, settings), counters, position })
}

/** The queue that sends to `end`, and wakes its receiver. */
export function openTxQueue(
  end: QueueEnd & Pick<RingEnd, 'event'>,
  regions: readonly Uint8Array[],
  settings: PortSettings,
  counters: CounterCells,
  position = 0,
): TxQueue {
  const { ring, event } = end
  const signal = () => void event.signal()
  return new TxQueue({
    ...settings,
    ring,
    regions,
    own: ownBuffers(end, settings),
    counters,
    signal,
    position,
  })
}

function ownBuffers({ buffers }: QueueEnd, { bufferSize }: PortSettings) {
  return buffers === undefined ? undefined : { buffers, bufferSize }
}
