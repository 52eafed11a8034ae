import { EventEmitter } from 'node:events'
import { LinuxError, isErrno } from '@vpp-ts/linux'
import { counterCells, sumRx, sumTx } from '../data/counters.ts'
import type { Packet } from '../data/packet.ts'
import type { SendBuffer } from '../data/tx-queue.ts'
import { MemifError } from '../errors.ts'
import { Link } from '../queue/link.ts'
import type { QueueTicket } from '../queue/ticket.ts'
import type { RingEnd } from '../shm/shared-memory.ts'
import type { Connection } from './connection.ts'
import { asMemifError } from './control-channel.ts'
import type { MemifCounters, MemifDetails, QueueDetails } from './details.ts'
import type { MemifConfig, RxMode } from '../options.ts'
import { receivePackets, type ReceiveOptions } from './receive.ts'
import { sendPackets, type SendOptions } from './send.ts'
import type { InterfacePort } from './server-connection.ts'
import type { SocketHub } from './socket-hub.ts'
import { until } from './until.ts'

/** Events of a `Memif`, with their arguments. */
export interface MemifEvents {
  /** The link is up: packets can be sent and received. */
  connect: [details: MemifDetails]
  /** The link is down, for the reason in the error; a client tries again, a server waits. */
  disconnect: [error: MemifError]
  /** Packets wait on this rx queue: take them until none is left. Not for queues that are polled. */
  interrupt: [queue: number]
  /** An attempt failed: nobody listens, or one side refused. A client tries again, a server waits. */
  failure: [error: MemifError]
  /** The interface was closed; the last event. */
  close: []
}

/** Callbacks in the manner of the C library; each is a listener of the event of that name. */
export interface MemifCallbacks {
  readonly onConnect?: (details: MemifDetails) => void
  readonly onDisconnect?: (error: MemifError) => void
  readonly onInterrupt?: (queue: number) => void
  readonly onFailure?: (error: MemifError) => void
}

/** Retry after the listener's backlog was full, in milliseconds: it is there, and will take us soon. */
const BUSY_RETRY_MS = 20

const NO_PACKETS: readonly never[] = Object.freeze([])

/**
 * A memif interface. Made by `createMemif`, or `MemifSocket.createInterface` for several on one socket. While the link
 * is down nothing is received and nothing is taken for sending. A queue has one user: burst calls, streams and
 * iterations of one rx queue take packets from each other.
 */
export class Memif extends EventEmitter<MemifEvents> implements AsyncDisposable, AsyncIterable<Uint8Array> {
  readonly config: MemifConfig
  readonly #hub: SocketHub
  readonly #port: InterfacePort
  readonly #rxCounters
  readonly #txCounters
  readonly #rxModes: RxMode[]
  readonly #counts = { connects: 0, disconnects: 0, failures: 0 }
  #connection: Connection | undefined
  #link: Link | undefined
  #retry: NodeJS.Timeout | undefined
  #closed = false

  /** @internal Use `createMemif` or `MemifSocket.createInterface`. */
  constructor(hub: SocketHub, config: MemifConfig, callbacks: MemifCallbacks) {
    super()
    this.config = config
    this.#hub = hub
    this.#rxCounters = Array.from({ length: config.rxQueues }, () => counterCells('rx'))
    this.#txCounters = Array.from({ length: config.txQueues }, () => counterCells('tx'))
    this.#rxModes = Array.from({ length: config.rxQueues }, () => config.rxMode)
    this.#port = this.#makePort()
    if (callbacks.onConnect !== undefined) this.on('connect', callbacks.onConnect)
    if (callbacks.onDisconnect !== undefined) this.on('disconnect', callbacks.onDisconnect)
    if (callbacks.onInterrupt !== undefined) this.on('interrupt', callbacks.onInterrupt)
    if (callbacks.onFailure !== undefined) this.on('failure', callbacks.onFailure)
    hub.attach(this.#port)
    if (config.role === 'client') this.#retryIn(0)
  }

  /** Whether the link is up. */
  get connected(): boolean {
    return this.#link !== undefined
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Waits until the link is up. Rejects with `MEMIF_CLOSED` when the interface is closed, or as `signal` says. */
  async ready(options: { readonly signal?: AbortSignal } = {}): Promise<MemifDetails> {
    await until(this, ['connect', 'close'], () => this.connected || this.closed, options)
    this.#refuseClosed()
    return this.getDetails()
  }

  /** Names, role, peer and queues. */
  getDetails(): MemifDetails {
    const { interfaceName, id, role, mode, secret } = this.config
    const link = this.#link
    const describe = (direction: 'rx' | 'tx') => (end: RingEnd, queue: number) =>
      this.#describe(end, queue, link?.givenAway(direction, queue) ?? false)
    return {
      interfaceName,
      id,
      role,
      mode,
      appName: this.#hub.appName,
      socket: this.#hub.name,
      hasSecret: secret !== '',
      connected: link !== undefined,
      remote: link === undefined ? undefined : this.#connection?.remote,
      rxQueues: (link?.rxQueues ?? []).map((end, queue) => ({
        ...describe('rx')(end, queue),
        rxMode: this.#rxModes[queue]!,
      })),
      txQueues: (link?.txQueues ?? []).map(describe('tx')),
      regions: link === undefined ? [] : (this.#connection?.memory?.bytes ?? []).map(({ length }) => length),
    }
  }

  /** What was received, sent and dropped since the interface was made, worker threads included. */
  getCounters(): MemifCounters {
    return {
      rx: sumRx(this.#rxCounters),
      tx: sumTx(this.#txCounters),
      rxQueues: this.#rxCounters.map((cells) => sumRx([cells])),
      txQueues: this.#txCounters.map((cells) => sumTx([cells])),
      ...this.#counts,
    }
  }

  /**
   * Up to `max` waiting packets of an rx queue, copied out of shared memory, chains joined. The packets and the array
   * are reused: valid until the next call for this queue; `Packet.copy` makes one to keep.
   *
   * @throws MemifError `MEMIF_QUEUE_UNKNOWN`, `MEMIF_QUEUE_GIVEN_AWAY`, `MEMIF_PACKETS_OUTSTANDING`, `MEMIF_CLOSED`
   */
  rxBurst(queue: number, max: number): readonly Packet[] {
    return this.#up()?.rx(queue).burst(max) ?? NO_PACKETS
  }

  /**
   * Up to `max` waiting packets of an rx queue where they lie in shared memory; the parts of a chain are linked by
   * `next`. Valid until given back by `rxRelease`, or until the link goes down: then they read as zeros.
   *
   * @throws MemifError as `rxBurst`
   */
  rxPeek(queue: number, max: number): readonly Packet[] {
    return this.#up()?.rx(queue).peek(max) ?? NO_PACKETS
  }

  /**
   * Gives packets of `rxPeek` back to the peer, the oldest first: the given ones, so many, or all when not said. Give
   * the packets where the link may have come back since `rxPeek`: those of a former connection are passed over, while a
   * number means packets of the present one.
   *
   * @throws MemifError `MEMIF_PACKETS_OUTSTANDING` when fewer are outstanding, or the given ones are not the oldest
   */
  rxRelease(queue: number, packets?: readonly Packet[] | number): void {
    this.#up()?.rx(queue).release(packets)
  }

  /**
   * Sends copies of `packets` from index `start` on, as many as the ring has room for, and gives their number: the
   * caller keeps the rest and tries again. Empty and over-long packets are dropped, counted, and included.
   *
   * @throws MemifError `MEMIF_QUEUE_UNKNOWN`, `MEMIF_QUEUE_GIVEN_AWAY`, `MEMIF_CLOSED`
   */
  txBurst(queue: number, packets: readonly (Uint8Array | Packet)[], start = 0): number {
    return this.#up()?.tx(queue).burst(packets, start) ?? 0
  }

  /**
   * Lends up to `count` buffers of a tx ring, to be filled in place and sent with `txCommit`. Valid until then, or until
   * the next call of `txReserve` or `txBurst` for this queue.
   *
   * @throws MemifError as `txBurst`
   */
  txReserve(queue: number, count: number): readonly SendBuffer[] {
    return this.#up()?.tx(queue).reserve(count) ?? NO_PACKETS
  }

  /**
   * Sends the first `count` buffers of `txReserve`, all of them when not said.
   *
   * @throws MemifError `MEMIF_PACKET_INVALID` when one has no length, or more than its capacity
   */
  txCommit(queue: number, count?: number): void {
    this.#up()?.tx(queue).commit(count)
  }

  /** Whether `rxBurst` would find something. False for queues given away. */
  rxPending(queue: number): boolean {
    return this.#link?.pending(queue) ?? false
  }

  /** Slots of a tx ring that can be filled now; 0 while the link is down, or for queues given away. */
  txFree(queue: number): number {
    return this.#link?.free(queue) ?? 0
  }

  /** How arrivals are noticed on an rx queue, now and after reconnecting. */
  setRxMode(queue: number, mode: RxMode): void {
    if (this.#rxModes[queue] === undefined) {
      throw new MemifError('MEMIF_QUEUE_UNKNOWN', `there is no rx queue ${queue} of ${this.config.rxQueues}`)
    }
    this.#rxModes[queue] = mode
    this.#link?.setRxMode(queue, mode)
  }

  getRxMode(queue: number): RxMode | undefined {
    return this.#rxModes[queue]
  }

  /** Sends all `packets`, in order, waiting for the link and for room. Rejects with `MEMIF_CLOSED`, or as `signal` says. */
  send(packets: readonly (Uint8Array | Packet)[], options: SendOptions = {}): Promise<void> {
    return sendPackets(this, packets, options)
  }

  /** Packets as they arrive, each in separate memory, until the interface is closed; over lost links as well. */
  packets(options: ReceiveOptions = {}): AsyncGenerator<Uint8Array, void> {
    return receivePackets(this, options)
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    return this.packets()
  }

  /**
   * Gives a queue of the present connection to a worker thread: post the ticket there, and open it with `openRxTicket`
   * or `openTxTicket`. After a reconnect the queue is this thread's again.
   *
   * @throws MemifError `MEMIF_NOT_CONNECTED`, `MEMIF_QUEUE_UNKNOWN`, `MEMIF_QUEUE_GIVEN_AWAY`, `MEMIF_PACKETS_OUTSTANDING`
   */
  giveQueue(direction: 'rx' | 'tx', queue: number): QueueTicket {
    const link = this.#up()
    if (link === undefined)
      throw new MemifError('MEMIF_NOT_CONNECTED', 'queues exist only while the link is up')
    return link.give(direction, queue)
  }

  /** Disconnects, telling the peer `reason`, and releases everything, at once; a second call does nothing. */
  close(reason = 'interface closed'): Promise<void> {
    if (this.#closed) return Promise.resolve()
    this.#closed = true
    clearTimeout(this.#retry)
    const wasUp = this.#dropLink()
    this.#connection?.close(reason)
    this.#connection = undefined
    this.#hub.detach(this.#port)
    if (wasUp) this.emit('disconnect', new MemifError('MEMIF_CLOSED', `closed by this side: ${reason}`))
    this.emit('close')
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #makePort(): InterfacePort {
    const isBusy = () => this.#connection !== undefined
    return {
      config: this.config,
      get busy() {
        return isBusy()
      },
      claim: (connection) => {
        this.#connection = connection
      },
      connected: (connection) => this.#connected(connection),
      ended: (connection, error) => this.#ended(connection, error),
    }
  }

  #connected(connection: Connection): void {
    let link: Link
    try {
      link = this.#openLink(connection)
    } catch (error) {
      if (!(error instanceof LinuxError) && !MemifError.is(error)) throw error
      connection.fail(asMemifError(error))
      return
    }
    this.#link = link
    this.#counts.connects++
    this.emit('connect', this.getDetails())
    if (this.#link === link) link.check()
  }

  #openLink(connection: Connection): Link {
    return new Link({
      config: this.config,
      memory: connection.memory!,
      reactor: this.#hub.reactor,
      rxCounters: this.#rxCounters,
      txCounters: this.#txCounters,
      rxModes: this.#rxModes,
      notify: (queue) => this.emit('interrupt', queue),
    })
  }

  #ended(connection: Connection, error: MemifError): void {
    if (connection !== this.#connection) return
    this.#connection = undefined
    const wasUp = this.#dropLink()
    if (this.config.role === 'client') this.#retryIn(this.config.reconnectMs)
    if (wasUp) this.emit('disconnect', error)
    else this.#failed(error)
  }

  #dropLink(): boolean {
    const link = this.#link
    this.#link = undefined
    link?.close()
    if (link !== undefined) this.#counts.disconnects++
    return link !== undefined
  }

  #failed(error: MemifError): void {
    this.#counts.failures++
    this.emit('failure', error)
  }

  #retryIn(milliseconds: number): void {
    this.#retry = setTimeout(() => this.#attempt(), milliseconds)
  }

  #attempt(): void {
    try {
      this.#connection = this.#hub.connect(this.#port)
    } catch (error) {
      if (!MemifError.is(error)) throw error
      const { reconnectMs } = this.config
      this.#retryIn(isErrno(error.cause, 'EAGAIN') ? Math.min(BUSY_RETRY_MS, reconnectMs) : reconnectMs)
      this.#failed(error)
    }
  }

  #up(): Link | undefined {
    if (this.#link === undefined) this.#refuseClosed()
    return this.#link
  }

  #refuseClosed(): void {
    if (this.#closed) throw new MemifError('MEMIF_CLOSED', `interface ${this.config.interfaceName} is closed`)
  }

  #describe(end: RingEnd, queue: number, inWorker: boolean): QueueDetails {
    const bufferSize = this.config.role === 'client' ? this.config.bufferSize : undefined
    return { queue, ringSize: end.ring.size, bufferSize, inWorker }
  }
}
