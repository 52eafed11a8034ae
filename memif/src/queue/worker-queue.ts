import { adoptSignalContext, EventFd, Fd, Mapping, Reactor } from '@vpp-ts/linux'
import type { Packet } from '../data/packet.ts'
import type { RxQueue } from '../data/rx-queue.ts'
import type { SendBuffer, TxQueue } from '../data/tx-queue.ts'
import { MemifError } from '../errors.ts'
import type { RxMode } from '../options.ts'
import { Ring } from '../shm/ring.ts'
import { openRxQueue, openTxQueue } from './ports.ts'
import { CHECK_MS, RxMonitor } from './rx-monitor.ts'
import type { QueueTicket } from './ticket.ts'

/** What both kinds of queue in a worker have: the thread's own mappings, and the news that the connection ended. */
class TicketHolder {
  readonly #ended: Int32Array
  readonly #mappings: readonly Mapping[]
  readonly #event: EventFd
  #closed = false

  protected constructor(ticket: QueueTicket, opened: OpenedTicket) {
    this.#ended = ticket.ended
    this.#mappings = opened.mappings
    this.#event = opened.event
  }

  /** False once the connection has ended: `close` then, and wait for a new ticket. */
  get connected(): boolean {
    return !this.#closed && Atomics.load(this.#ended, 0) === 0
  }

  /** Unmaps the memory and closes the descriptors; a second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const mapping of this.#mappings) mapping.close()
    this.#event.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** What an rx queue in a worker calls. */
export interface WorkerRxCallbacks {
  /** Packets wait (never while the queue is polled): take them until none is left. */
  readonly onInterrupt?: () => void
  /** The connection has ended: `close` the queue, and wait for a new ticket. */
  readonly onDisconnect?: () => void
}

/** An rx queue in a worker thread. As `Memif`'s calls of the same names, for this one queue. */
export class WorkerRxQueue extends TicketHolder {
  readonly #queue: RxQueue
  readonly #monitor: RxMonitor
  readonly #reactor: Reactor
  readonly #soon: NodeJS.Immediate
  readonly #timer: NodeJS.Timeout

  /** @internal */
  constructor(ticket: QueueTicket, opened: OpenedTicket, callbacks: WorkerRxCallbacks) {
    super(ticket, opened)
    const { settings, counters, position } = ticket
    const end = { ring: opened.ring, buffers: ticket.ring.buffers }
    this.#queue = openRxQueue(end, opened.regions, settings, counters, position)
    let reactor: Reactor | undefined
    try {
      this.#reactor = reactor = new Reactor()
      this.#monitor = new RxMonitor({
        ...ticket,
        queue: this.#queue,
        event: opened.event,
        reactor,
        mode: ticket.rxMode,
        notify: () => callbacks.onInterrupt?.(),
        onSignal: () => {
          if (!this.connected) callbacks.onDisconnect?.()
        },
      })
    } catch (error) {
      reactor?.close()
      super.close()
      throw error
    }
    // Not now: the caller does not have the queue yet that its callback is to empty.
    this.#soon = setImmediate(() => this.#check())
    this.#timer = setInterval(() => this.#check(), CHECK_MS).unref()
  }

  /** Up to `max` packets, copied; valid until the next call. */
  rxBurst(max: number): readonly Packet[] {
    return this.connected ? this.#queue.burst(max) : []
  }

  /** Up to `max` packets in shared memory; valid until released. */
  rxPeek(max: number): readonly Packet[] {
    return this.connected ? this.#queue.peek(max) : []
  }

  /** Gives packets of `rxPeek` back, the oldest first: these, so many, or all when not said. */
  rxRelease(packets?: readonly Packet[] | number): void {
    if (this.connected) this.#queue.release(packets)
  }

  /** Changes how arrivals are noticed. */
  setRxMode(mode: RxMode): void {
    this.#monitor.mode = mode
  }

  override close(): void {
    clearImmediate(this.#soon)
    clearInterval(this.#timer)
    this.#monitor.close()
    this.#reactor.close()
    super.close()
  }

  #check(): void {
    if (this.connected) this.#monitor.check()
  }
}

/** A tx queue in a worker thread. As `Memif`'s calls of the same names, for this one queue. */
export class WorkerTxQueue extends TicketHolder {
  readonly #queue: TxQueue

  /** @internal */
  constructor(ticket: QueueTicket, opened: OpenedTicket) {
    super(ticket, opened)
    const { settings, counters, position } = ticket
    const end = { ring: opened.ring, buffers: ticket.ring.buffers, event: opened.event }
    this.#queue = openTxQueue(end, opened.regions, settings, counters, position)
  }

  /** Sends copies of `packets` from index `start` on; gives the number taken. */
  txBurst(packets: readonly (Uint8Array | Packet)[], start = 0): number {
    return this.connected ? this.#queue.burst(packets, start) : 0
  }

  /** Lends up to `count` buffers to fill in place. */
  txReserve(count: number): readonly SendBuffer[] {
    return this.connected ? this.#queue.reserve(count) : []
  }

  /** Sends the first `count` reserved buffers, all when not said. */
  txCommit(count?: number): void {
    if (this.connected) this.#queue.commit(count)
  }
}

interface OpenedTicket {
  readonly ring: Ring
  readonly regions: readonly Uint8Array[]
  readonly mappings: readonly Mapping[]
  readonly event: EventFd
}

/**
 * Opens an rx queue in the thread that is to use it.
 *
 * @throws MemifError `MEMIF_QUEUE_UNKNOWN` for a tx ticket; LinuxError when the memory cannot be mapped
 */
export function openRxTicket(ticket: QueueTicket, callbacks: WorkerRxCallbacks = {}): WorkerRxQueue {
  return new WorkerRxQueue(ticket, open(ticket, 'rx'), callbacks)
}

/**
 * Opens a tx queue in the thread that is to use it.
 *
 * @throws MemifError `MEMIF_QUEUE_UNKNOWN` for an rx ticket; LinuxError when the memory cannot be mapped
 */
export function openTxTicket(ticket: QueueTicket): WorkerTxQueue {
  return new WorkerTxQueue(ticket, open(ticket, 'tx'))
}

function open(ticket: QueueTicket, direction: 'rx' | 'tx'): OpenedTicket {
  const fds = ticket.regions.map(({ fd }) => Fd.adopt(fd))
  const eventFd = Fd.adopt(ticket.eventFd)
  const mappings: Mapping[] = []
  try {
    if (ticket.direction !== direction) {
      throw new MemifError(
        'MEMIF_QUEUE_UNKNOWN',
        `the ticket is for ${ticket.direction} queue ${ticket.queue}`,
      )
    }
    for (const [index, { bytes }] of ticket.regions.entries()) {
      mappings.push(Mapping.create(fds[index]!, { length: bytes, writable: true }))
    }
    const regions = mappings.map((mapping) => new Uint8Array(mapping.buffer))
    const ring = new Ring(regions[ticket.ring.region]!, ticket.ring.offset, ticket.ring.log2RingSize)
    if (ticket.signals !== undefined) adoptSignalContext(ticket.signals)
    const event = ticket.signals === undefined ? EventFd.adopt(eventFd) : EventFd.foreign(eventFd)
    return { ring, regions, mappings, event }
  } catch (error) {
    for (const mapping of mappings) mapping.close()
    eventFd.close()
    throw error
  } finally {
    for (const fd of fds) fd.close()
  }
}
