import type { Packet } from '../data/packet.ts'
import { MemifError } from '../errors.ts'
import type { Memif } from './memif.ts'
import { until } from './until.ts'

/** Looks at a full ring without a pause; after that one every millisecond: the peer may have stopped reading. */
const EAGER_LOOKS = 100

/** How to send. */
export interface SendOptions {
  /** Tx queue; default 0. */
  readonly queue?: number
  readonly signal?: AbortSignal | undefined
}

/** Sends all packets in order, waiting for the link and for room in the ring. */
export async function sendPackets(
  memif: Memif,
  packets: readonly (Uint8Array | Packet)[],
  { queue = 0, signal }: SendOptions,
): Promise<void> {
  signal?.throwIfAborted()
  let sent = memif.txBurst(queue, packets)
  while (sent < packets.length) {
    const before = memif.txFree(queue)
    await until(memif, ['connect', 'close'], () => memif.closed || memif.txFree(queue) > before, {
      signal,
      pollMs: (looks) => (memif.connected ? (looks < EAGER_LOOKS ? 0 : 1) : undefined),
    })
    if (memif.closed)
      throw new MemifError('MEMIF_CLOSED', `closed with ${packets.length - sent} packets not sent`)
    sent += memif.txBurst(queue, packets, sent)
  }
}
