import type { Packet } from '../data/packet.ts'
import { MemifError } from '../errors.ts'
import type { SendingEnd } from './bursts.ts'
import { until } from './until.ts'

/** Tries at a full ring in successive turns of the loop; after that one a millisecond: the peer may have stopped. */
const EAGER_WAITS = 100

/** How to send. */
export interface SendOptions {
  /** Tx queue; default 0. */
  readonly queue?: number
  readonly signal?: AbortSignal | undefined
}

/** Sends all packets in order, waiting for the link and for room in the ring. */
export async function sendPackets(
  memif: SendingEnd,
  packets: readonly (Uint8Array | Packet)[],
  { queue = 0, signal }: SendOptions,
): Promise<void> {
  signal?.throwIfAborted()
  let waits = 0
  for (let sent = 0; ; waits++) {
    const taken = memif.txBurst(queue, packets, sent)
    sent += taken
    if (sent >= packets.length) return
    if (taken > 0) waits = 0
    const pollMs = (looks: number) => (memif.connected ? (waits + looks < EAGER_WAITS ? 0 : 1) : undefined)
    await until(memif, ['connect', 'close'], () => memif.closed || memif.txFree(queue) > 0, {
      signal,
      pollMs,
      later: true,
    })
    if (memif.closed)
      throw new MemifError('MEMIF_CLOSED', `closed with ${packets.length - sent} packets not sent`)
  }
}
