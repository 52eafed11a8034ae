import type { Reactor } from '@vpp-ts/linux'
import type { CounterCells } from '../data/counters.ts'
import type { RxQueue } from '../data/rx-queue.ts'
import type { TxQueue } from '../data/tx-queue.ts'
import { MemifError } from '../errors.ts'
import type { MemifConfig, RxMode } from '../options.ts'
import type { RingEnd, SharedMemory } from '../shm/shared-memory.ts'
import { openRxQueue, openTxQueue } from './ports.ts'
import { CHECK_MS, RxMonitor } from './rx-monitor.ts'
import { issueTicket, type QueueTicket } from './ticket.ts'

export interface LinkOptions {
  readonly config: MemifConfig
  readonly memory: SharedMemory
  readonly reactor: Reactor
  /** Cells of each configured queue; they outlive the connection. */
  readonly rxCounters: readonly CounterCells[]
  readonly txCounters: readonly CounterCells[]
  /** Mode of each configured rx queue. */
  readonly rxModes: readonly RxMode[]
  /** Packets wait on an rx queue. */
  readonly notify: (queue: number) => void
}

interface RxPort {
  readonly queue: RxQueue
  readonly monitor: RxMonitor
}

/** The queues of one connection, from CONNECTED until it ends. */
export class Link {
  readonly #options: LinkOptions
  readonly #regions: readonly Uint8Array[]
  readonly #rxEnds: readonly RingEnd[]
  readonly #txEnds: readonly RingEnd[]
  /** Undefined where the queue was given to a worker. */
  readonly #rx: (RxPort | undefined)[] = []
  readonly #tx: (TxQueue | undefined)[]
  readonly #ended = new Int32Array(new SharedArrayBuffer(4))
  readonly #timer: NodeJS.Timeout

  /** Takes the memory over, also when it throws. */
  constructor(options: LinkOptions) {
    this.#options = options
    const { config, memory, txCounters } = options
    const client = config.role === 'client'
    this.#rxEnds = client ? memory.serverToClient : memory.clientToServer
    this.#txEnds = client ? memory.clientToServer : memory.serverToClient
    this.#regions = memory.bytes
    this.#tx = this.#txEnds.map((end, index) => openTxQueue(end, this.#regions, config, txCounters[index]!))
    try {
      for (const [index, end] of this.#rxEnds.entries()) this.#rx.push(this.#openRx(end, index))
    } catch (error) {
      for (const port of this.#rx) port?.monitor.close()
      memory.close()
      throw error
    }
    this.#timer = setInterval(() => this.check(), CHECK_MS).unref()
  }

  get rxQueues(): readonly RingEnd[] {
    return this.#rxEnds
  }

  get txQueues(): readonly RingEnd[] {
    return this.#txEnds
  }

  /** @throws MemifError `MEMIF_QUEUE_UNKNOWN`, or `MEMIF_QUEUE_GIVEN_AWAY` when a worker has it */
  rx(queue: number): RxQueue {
    return (this.#rx[queue] ?? missing('rx', queue, this.#rx.length)).queue
  }

  /** @throws MemifError `MEMIF_QUEUE_UNKNOWN`, or `MEMIF_QUEUE_GIVEN_AWAY` when a worker has it */
  tx(queue: number): TxQueue {
    return this.#tx[queue] ?? missing('tx', queue, this.#tx.length)
  }

  /** Slots free on a tx queue that is ours. */
  free(queue: number): number {
    return this.#tx[queue]?.free ?? 0
  }

  /** Whether packets wait on an rx queue that is ours. */
  pending(queue: number): boolean {
    return (this.#rx[queue]?.queue.pending ?? 0) > 0
  }

  givenAway(direction: 'rx' | 'tx', queue: number): boolean {
    const ports = direction === 'rx' ? this.#rx : this.#tx
    return queue < ports.length && ports[queue] === undefined
  }

  setRxMode(queue: number, mode: RxMode): void {
    const port = this.#rx[queue]
    if (port !== undefined) port.monitor.mode = mode
  }

  /** Looks for packets on all queues that sleep. */
  check(): void {
    for (const port of this.#rx) port?.monitor.check()
  }

  /**
   * Gives a queue away, to be opened in another thread.
   *
   * @throws MemifError as `rx` and `tx`, or `MEMIF_PACKETS_OUTSTANDING` while packets are handed out; LinuxError when
   *   there are no descriptors left: the queue stays here then
   */
  give(direction: 'rx' | 'tx', queue: number): QueueTicket {
    const position = direction === 'rx' ? this.#rxPosition(queue) : this.tx(queue).position
    const { config, memory, rxCounters, txCounters, rxModes } = this.#options
    const { bufferSize, headroom, maxPacketBytes, adaptiveIdleMs } = config
    const ticket = issueTicket({
      direction,
      queue,
      position,
      settings: { bufferSize, headroom, maxPacketBytes },
      rxMode: rxModes[queue] ?? config.rxMode,
      adaptiveIdleMs,
      counters: (direction === 'rx' ? rxCounters : txCounters)[queue]!,
      ended: this.#ended,
      memory,
      end: (direction === 'rx' ? this.#rxEnds : this.#txEnds)[queue]!,
    })
    if (direction === 'rx') {
      this.#rx[queue]?.monitor.close()
      this.#rx[queue] = undefined
    } else this.#tx[queue] = undefined
    return ticket
  }

  /** Ends the queues, wakes the workers that have some, and releases the memory. */
  close(): void {
    clearInterval(this.#timer)
    Atomics.store(this.#ended, 0, 1)
    for (const [index, port] of this.#rx.entries()) {
      if (port === undefined) this.#rxEnds[index]!.event.signal()
      else port.monitor.close()
    }
    this.#options.memory.close()
  }

  #openRx(end: RingEnd, index: number): RxPort {
    const { config, reactor, rxCounters, rxModes, notify } = this.#options
    const counters = rxCounters[index]!
    const queue = openRxQueue(end, this.#regions, config, counters)
    queue.start()
    const monitor = new RxMonitor({
      queue,
      event: end.event,
      reactor,
      mode: rxModes[index]!,
      adaptiveIdleMs: config.adaptiveIdleMs,
      counters,
      notify: () => notify(index),
    })
    return { queue, monitor }
  }

  #rxPosition(queue: number): number {
    const { outstanding, position } = this.rx(queue)
    if (outstanding > 0) {
      throw new MemifError(
        'MEMIF_PACKETS_OUTSTANDING',
        `${outstanding} packets of rx queue ${queue} are handed out`,
      )
    }
    return position
  }
}

function missing(direction: 'rx' | 'tx', queue: number, count: number): never {
  if (Number.isInteger(queue) && queue >= 0 && queue < count) {
    throw new MemifError('MEMIF_QUEUE_GIVEN_AWAY', `${direction} queue ${queue} belongs to a worker thread`)
  }
  throw new MemifError(
    'MEMIF_QUEUE_UNKNOWN',
    `there is no ${direction} queue ${queue}; the connection has ${count}`,
  )
}
