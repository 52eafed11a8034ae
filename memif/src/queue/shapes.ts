import { counterCells } from '../data/counters.ts'
import { Packet } from '../data/packet.ts'
import { RxQueue } from '../data/rx-queue.ts'
import { CopySource } from '../data/source.ts'
import { SendBuffer, TxQueue } from '../data/tx-queue.ts'
import { ringBytes } from '../shm/layout.ts'
import { Ring } from '../shm/ring.ts'

const kept = new Set<object>()

/**
 * Keeps an object of every class of the data path for good. V8 forgets the hidden class of objects of which none is
 * left, and makes another for the next: after some connections, each the only one at its time, the compiled code had
 * seen so many that it gave up on them, and was five times slower from then on.
 */
export function keepShapes(): void {
  const region = new Uint8Array(ringBytes(1))
  const ring = new Ring(region, 0, 1)
  const common = { ring, regions: [region], maxPacketBytes: 1 }
  kept.add(new Packet()).add(new SendBuffer()).add(ring).add(new CopySource(region, 1))
  kept.add(new RxQueue({ ...common, headroom: 0, counters: counterCells('rx') }))
  kept.add(new TxQueue({ ...common, counters: counterCells('tx'), signal: () => {} }))
}
