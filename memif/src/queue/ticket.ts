import { signalContext, type Fd, type SignalContext } from '@vpp-ts/linux'
import type { CounterCells } from '../data/counters.ts'
import type { RxMode } from '../options.ts'
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
  /** How to signal an eventfd that the peer made; undefined for one of our own. */
  readonly signals: SignalContext | undefined
  readonly counters: CounterCells
  /** Cell 0 turns 1 when the connection ends. */
  readonly ended: Int32Array
}

export interface TicketOptions extends Omit<QueueTicket, 'regions' | 'ring' | 'eventFd' | 'signals'> {
  readonly memory: SharedMemory
  readonly end: RingEnd
}

/**
 * Makes a ticket, with descriptors of its own for everything the queue needs.
 *
 * @throws LinuxError when there are no descriptors left; none is held then
 */
export function issueTicket({ memory, end, ...rest }: TicketOptions): QueueTicket {
  const { region, offset, log2RingSize, buffers, event } = end
  const fds: Fd[] = []
  try {
    for (const { fd } of [...memory.regions, event]) fds.push(fd.dup())
  } catch (error) {
    for (const fd of fds) fd.close()
    throw error
  }
  const eventFd = fds.pop()!.release()
  return {
    ...rest,
    regions: fds.map((fd, index) => ({ fd: fd.release(), bytes: memory.regions[index]!.bytes.length })),
    ring: { region, offset, log2RingSize, buffers },
    eventFd,
    signals: buffers === undefined ? signalContext() : undefined,
  }
}
