import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemif, type Memif, type MemifOptions, type WorkerTxQueue } from '@vpp-ts/memif'
import { SimulatorError } from '../errors.ts'
import { respondAs, type PacketHandler, type Reply } from './reply.ts'
import { damageRing, type RingDamage } from './ring-damage.ts'
import { TrafficSource, type TrafficOptions } from './traffic-source.ts'

/** Options of a simulated peer: those of the interface, of which all may be left out, and what the peer does. */
export interface SimulatedMemifOptions extends Partial<MemifOptions> {
  /** What becomes of packets; default `none`. */
  readonly reply?: Reply
  /** Packets kept for `take`, the oldest go first; default 1000. */
  readonly keep?: number
}

/** What a simulated peer saw since it was made, over all connections. */
export interface SimulatedTraffic {
  readonly received: number
  readonly sent: number
  /** Replies and packets that there was no room for, or no link. */
  readonly lost: number
  readonly connects: number
}

/** How `take` waits. */
export interface TakeOptions {
  readonly signal?: AbortSignal
}

const BURST = 256

/**
 * A peer for tests of programs that use memif: in VPP's place it listens (or joins, as a client), answers, is a source
 * of packets, keeps what it received, and fails as told.
 */
export class SimulatedMemif implements AsyncDisposable {
  readonly #options: MemifOptions
  readonly #keep: number
  readonly #folder: string | undefined
  readonly #arrivals = new EventEmitter<{ packet: [] }>()
  readonly #kept: Uint8Array[] = []
  readonly #sources = new Set<TrafficSource>()
  /** Tx queues that were damaged: they belong to the peer itself from then on. */
  readonly #damaged = new Map<number, WorkerTxQueue>()
  readonly #counts = { received: 0, sent: 0, lost: 0, connects: 0 }
  #memif: Memif | undefined
  #handle: PacketHandler
  #paused = false

  /** A server listens from now on, on `socket` or a path made up for it; a client joins as soon as it can. */
  constructor({ reply = 'none', keep = 1000, ...options }: SimulatedMemifOptions = {}) {
    this.#folder = options.socket === undefined ? mkdtempSync(join(tmpdir(), 'vpp-ts-simulator-')) : undefined
    const socket = options.socket ?? join(this.#folder!, 'memif.sock')
    this.#options = { role: 'server', appName: 'simulator', reconnectMs: 20, ...options, socket }
    this.#keep = keep
    this.#handle = respondAs(reply, options.mode ?? 'ethernet')
    this.start()
  }

  /** Name of the socket, for the interface that is to be tested. */
  get socket(): string {
    return this.#options.socket!
  }

  /** The interface beneath, for what is not here; undefined while stopped. A new one after each stop. */
  get memif(): Memif | undefined {
    return this.#memif
  }

  /** What was received and sent so far. */
  get traffic(): SimulatedTraffic {
    return { ...this.#counts }
  }

  /** Waits until the link is up. Rejects with `SIMULATOR_STATE` while stopped, `MEMIF_CLOSED` when it is stopped. */
  async ready(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#running().ready(options)
  }

  /** Changes what becomes of packets. */
  set reply(reply: Reply) {
    this.#handle = respondAs(reply, this.#options.mode ?? 'ethernet')
  }

  /** Sends packets; gives the number that there was room for. 0 while the link is down. */
  send(packets: readonly Uint8Array[], queue = 0): number {
    const damaged = this.#damaged.get(queue)
    const sent =
      damaged === undefined ? (this.#memif?.txBurst(queue, packets) ?? 0) : damaged.txBurst(packets)
    this.#counts.sent += sent
    this.#counts.lost += packets.length - sent
    return sent
  }

  /** Sends packets at a rate, until stopped; link or no link. */
  source(options: TrafficOptions): TrafficSource {
    const source = new TrafficSource(options, (packets) => this.send(packets, options.queue))
    this.#sources.add(source)
    void source.done.then(() => this.#sources.delete(source))
    return source
  }

  /** The oldest packet that is kept and not taken yet; waits for one. */
  async take({ signal }: TakeOptions = {}): Promise<Uint8Array> {
    for (;;) {
      const packet = this.#kept.shift()
      if (packet !== undefined) return packet
      await once(this.#arrivals, 'packet', { signal })
    }
  }

  /** Takes no packets any more: the other side's ring gets full. */
  pause(): void {
    this.#paused = true
  }

  /** Takes packets again, first those that wait. */
  resume(): void {
    this.#paused = false
    for (let queue = 0; queue < (this.#memif?.config.rxQueues ?? 0); queue++) this.#receive(queue)
  }

  /**
   * Does something wrong in the shared memory on a tx queue, as a peer with a bug does, and tells the other side to look.
   *
   * @throws SimulatorError `SIMULATOR_STATE` while stopped; MemifError `MEMIF_NOT_CONNECTED` while the link is down, `MEMIF_QUEUE_GIVEN_AWAY` for a queue that was
   *   damaged on this connection already
   */
  damage(damage: RingDamage, queue = 0): void {
    const memif = this.#running()
    const ticket = memif.giveQueue('tx', queue)
    this.#damaged.set(queue, damageRing(ticket, memif.config.role, damage))
  }

  /** Ends the connection with a reason, as `delete interface` in VPP does, and is there for the next. */
  disconnect(reason = 'interface deleted'): void {
    this.stop(reason)
    this.start()
  }

  /** Ends the connection, and neither listens nor joins until `start`. */
  stop(reason = 'stopped'): void {
    void this.#memif?.close(reason)
    this.#memif = undefined
  }

  /** Listens, or joins, again; gives the interface. */
  start(): Memif {
    this.#memif ??= this.#open()
    return this.#memif
  }

  /** Stops for good, sources as well, and removes the folder that was made. */
  close(): Promise<void> {
    for (const source of this.#sources) source.stop()
    this.stop()
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #running(): Memif {
    if (this.#memif !== undefined) return this.#memif
    throw new SimulatorError('SIMULATOR_STATE', `the peer on ${this.socket} is stopped: call start() first`)
  }

  #open(): Memif {
    return createMemif(this.#options, {
      onConnect: () => void this.#counts.connects++,
      onInterrupt: (queue) => this.#receive(queue),
      onDisconnect: () => this.#disconnected(),
    })
  }

  #disconnected(): void {
    for (const queue of this.#damaged.values()) queue.close()
    this.#damaged.clear()
  }

  /** Handlers may do anything, also stop the peer. */
  #receive(queue: number): void {
    // The client may have asked for fewer queues than are configured.
    const answerOn = queue % Math.max(1, this.#memif?.getDetails().txQueues.length ?? 1)
    while (!this.#paused && this.#memif?.rxPending(queue) === true) {
      const packets = this.#memif.rxBurst(queue, BURST).map((packet) => packet.copy())
      this.#counts.received += packets.length
      for (const packet of packets) this.#handlePacket(packet, queue, answerOn)
    }
  }

  #handlePacket(packet: Uint8Array, queue: number, answerOn: number): void {
    this.#kept.push(packet)
    if (this.#kept.length > this.#keep) this.#kept.shift()
    this.#arrivals.emit('packet')
    const reply = this.#handle(packet, queue)
    if (reply === undefined) return
    this.send(reply instanceof Uint8Array ? [reply] : reply, answerOn)
  }
}
