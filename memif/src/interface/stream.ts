import { Duplex } from 'node:stream'
import { callbackify } from 'node:util'
import { MemifError } from '../errors.ts'
import type { Memif } from './memif.ts'
import { arrival } from './receive.ts'

/** Packets taken at once; the readable side can hold so many more than its mark. */
const BURST = 32

/** Which queues a stream uses, and how many packets it may hold. */
export interface PacketStreamOptions {
  /** Rx queues to read from; all when not said. */
  readonly rxQueues?: readonly number[]
  /** Tx queue to write to; default 0. */
  readonly txQueue?: number
  /** Packets held on each side before back-pressure; default 64. */
  readonly highWaterMark?: number
}

/**
 * An interface as a Duplex stream in object mode: one `Uint8Array` a packet. Writes wait while the ring is full or the
 * link is down, so back-pressure is that of the peer; reading takes packets only when asked to. It ends when the
 * interface is closed; destroying it leaves the interface open.
 */
export class PacketStream extends Duplex {
  readonly #memif: Memif
  readonly #options: PacketStreamOptions
  readonly #abort = new AbortController()
  #reading = false

  constructor(memif: Memif, options: PacketStreamOptions = {}) {
    super({ objectMode: true, highWaterMark: options.highWaterMark ?? 64 })
    this.#memif = memif
    this.#options = options
  }

  override _read(): void {
    if (this.#reading) return
    this.#reading = true
    this.#pull().catch((error: unknown) => {
      if (!this.destroyed) this.destroy(error as Error)
    })
  }

  override _write(
    packet: unknown,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    this.#send([packet], callback)
  }

  override _writev(chunks: { chunk: unknown }[], callback: (error?: Error | null) => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      callback,
    )
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#abort.abort(new MemifError('MEMIF_CLOSED', 'the packet stream is destroyed'))
    callback(error)
  }

  /** Waits for packets and pushes those that are there, at least one. */
  async #pull(): Promise<void> {
    const { rxQueues } = this.#options
    const options = { signal: this.#abort.signal, ...(rxQueues === undefined ? {} : { queues: rxQueues }) }
    let packets: Uint8Array[] = []
    while (packets.length === 0) {
      const queues = await arrival(this.#memif, options)
      if (this.#memif.closed) {
        this.push(null)
        return
      }
      packets = queues.flatMap((queue) => this.#take(queue))
    }
    // From here on `push` may ask for more, which starts the next pull.
    this.#reading = false
    for (const packet of packets) this.push(packet)
  }

  #take(queue: number): Uint8Array[] {
    return this.#memif.rxPending(queue)
      ? this.#memif.rxBurst(queue, BURST).map((packet) => packet.copy())
      : []
  }

  #send(packets: readonly unknown[], callback: (error?: Error | null) => void): void {
    if (!packets.every((packet) => packet instanceof Uint8Array)) {
      callback(new MemifError('MEMIF_PACKET_INVALID', 'a packet stream takes Uint8Array, one a packet'))
      return
    }
    const { txQueue: queue = 0 } = this.#options
    callbackify(() => this.#memif.send(packets, { queue, signal: this.#abort.signal }))(callback)
  }
}
