import { Reactor, type FrameDevice, type Watch } from '@vpp-ts/linux'
import type { Memif } from './memif.ts'

/** Frames of one turn in each direction, so that a flood leaves the event loop to others. */
const BURST = 256

/** What a {@link FrameBridge} has forwarded. */
export interface BridgeCounters {
  /** Frames from memif to the device. */
  readonly toDevice: number
  /** Frames from the device to memif. */
  readonly toMemif: number
  /** Frames that the device did not take: it is down, or they are longer than it takes. */
  readonly deviceDrops: number
  /** Frames that memif had no room for, or no link. */
  readonly memifDrops: number
}

/**
 * Forwards frames between a memif interface in mode `ethernet` and a device of Linux, both ways, until it is closed.
 * What one side does not take is dropped and counted, as a bridge does. Takes over the rx queues of the interface.
 */
export class FrameBridge implements Disposable {
  readonly #memif: Memif
  readonly #device: FrameDevice
  readonly #reactor = new Reactor()
  readonly #watch: Watch
  readonly #counters = { toDevice: 0, toMemif: 0, deviceDrops: 0, memifDrops: 0 }
  readonly #onInterrupt = (queue: number) => this.#toDevice(queue)
  #closed = false

  constructor(memif: Memif, device: FrameDevice) {
    this.#memif = memif
    this.#device = device
    this.#watch = this.#reactor.watch(device.fd, { readable: true }, () => this.#toMemif())
    memif.on('interrupt', this.#onInterrupt)
  }

  get counters(): BridgeCounters {
    return { ...this.#counters }
  }

  /** Ends forwarding. The interface and the device stay open. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#memif.off('interrupt', this.#onInterrupt)
    this.#watch.close()
    this.#reactor.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #toDevice(queue: number): void {
    if (this.#closed || this.#memif.closed) return
    for (const packet of this.#memif.rxBurst(queue, BURST)) {
      if (this.#device.send(packet.data)) this.#counters.toDevice++
      else this.#counters.deviceDrops++
    }
    if (this.#memif.rxPending(queue)) setImmediate(this.#onInterrupt, queue)
  }

  #toMemif(): void {
    const frames: Uint8Array[] = []
    while (frames.length < BURST) {
      const frame = this.#device.receive()
      if (frame === undefined) break
      frames.push(frame)
    }
    if (frames.length === 0) return
    const sent = this.#memif.connected ? this.#memif.txBurst(0, frames) : 0
    this.#counters.toMemif += sent
    this.#counters.memifDrops += frames.length - sent
  }
}
