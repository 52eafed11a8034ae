import type { CounterCells } from '../data/counters.ts'
import type { RxMode } from '../interface/options.ts'
import type { RingEnd, SharedMemory } from '../shm/shared-memory.ts'
import type { PortSettings } from './ports.ts'

/**
 * A queue on its way to a worker thread: plain data for `postMessage`. It holds descriptors, so open it exactly once,
 * with `openRxTicket` or `openTxTicket`.
 */
export interface QueueTicket {
  readonly direction: 'rx' | 'tx'
  readonly queue: number
  readonly settings: PortSettings
  /** Ring index to go on from. */
  readonly position: number
  readonly rxMode: RxMode
  readonly adaptiveIdleMs: number
  readonly regions: readonly { readonly fd: number; readonly bytes: number }[]
  readonly ring: Pick<RingEnd, 'region' | 'offset' | 'log2RingSize' | 'buffers'>
  readonly eventFd: number
  readonly counters: CounterCells
  /** Cell 0 turns 1 when the connection ends. */
  readonly ended: Int32Array
}

export interface TicketOptions extends Omit<QueueTicket, 'regions' | 'ring' | 'eventFd'> {
  readonly memory: SharedMemory
  readonly end: RingEnd
}

/** Makes a ticket, with descriptors of its own for everything the queue needs. */
export function issueTicket({ memory, end, ...rest }: TicketOptions): QueueTicket {
  const { region, offset, log2RingSize, buffers, event } = end
  return {
    ...rest,
    regions: memory.regions.map(({ fd, bytes }) => ({ fd: fd.dup().release(), bytes: bytes.length })),
    ring: { region, offset, log2RingSize, buffers },
    eventFd: event.fd.dup().release(),
  }
}
