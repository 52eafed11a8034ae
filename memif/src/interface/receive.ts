import type { ReceivingEnd } from './bursts.ts'
import { until } from './until.ts'

/** Packets taken from a queue at once. */
const BURST = 64

/** What to receive. */
export interface ReceiveOptions {
  /** Rx queues to take packets from, in turn; all when not said. */
  readonly queues?: readonly number[]
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal
}

/** Waits until one of the queues has packets, or the interface is closed; gives the queues. */
export async function arrival(
  memif: ReceivingEnd,
  { queues, signal }: ReceiveOptions,
): Promise<readonly number[]> {
  const watched = queues ?? Array.from({ length: memif.config.rxQueues }, (_, queue) => queue)
  const polled = () => memif.connected && watched.some((queue) => memif.getRxMode(queue) === 'polling')
  await until(
    memif,
    ['interrupt', 'connect', 'close'],
    () => memif.closed || watched.some((queue) => memif.rxPending(queue)),
    { signal, pollMs: () => (polled() ? 0 : undefined) },
  )
  return watched
}

/** Packets of the queues as they arrive, each in separate memory. */
export async function* receivePackets(
  memif: ReceivingEnd,
  options: ReceiveOptions,
): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const queues = await arrival(memif, options)
    if (memif.closed) return
    for (const queue of queues) {
      if (!memif.rxPending(queue)) continue
      for (const packet of memif.rxBurst(queue, BURST).map((each) => each.copy())) {
        yield packet
        if (memif.closed) return
      }
    }
  }
}
