import {
  addSeals,
  createMemfd,
  Mapping,
  Reactor,
  Seal,
  SeqpacketListener,
  type Fd,
  type SocketAddress,
} from '@vpp-ts/linux'
import { StatsSegment } from './segment.ts'

/** How a segment is published. */
export interface PublisherOptions {
  /** Bytes of the segment; VPP's default is 32 MiB, and so is this. */
  readonly size?: number
  /** Seal it against shrinking, as VPP does without huge pages. Default true. */
  readonly sealed?: boolean
}

/** Offers a stats segment on a socket as VPP does: to whoever connects, one empty message with the descriptor. */
export class StatsPublisher implements Disposable {
  readonly segment: StatsSegment
  /** The memory itself, for tests that damage it. */
  readonly buffer: ArrayBuffer
  readonly #memory: Fd
  readonly #mapping: Mapping
  readonly #listener: SeqpacketListener
  readonly #reactor = new Reactor()
  #clients = 0

  /** Creates an empty segment and listens. A stale socket file is replaced. */
  constructor(address: SocketAddress, options: PublisherOptions = {}) {
    this.#memory = createMemfd('stat segment', options.size ?? 32 * 2 ** 20)
    if (options.sealed !== false) addSeals(this.#memory, Seal.SHRINK)
    this.#mapping = Mapping.create(this.#memory, { writable: true })
    this.buffer = this.#mapping.buffer
    this.segment = new StatsSegment(this.buffer)
    this.#listener = SeqpacketListener.listen(address, { mode: 0o775, replaceStale: true })
    this.#reactor.watch(this.#listener.fd, { readable: true }, () => this.#serve())
  }

  /** Readers that have taken the segment so far. */
  get clients(): number {
    return this.#clients
  }

  /** Cuts the memory to `size` bytes under the readers' feet; the kernel refuses when it is sealed. */
  truncate(size: number): void {
    this.#memory.truncate(size)
  }

  /** Stops as a VPP that ends does: the socket file goes, readers keep a memory in which nothing moves. */
  close(): void {
    this.#reactor.close()
    this.#listener.close()
    this.#release()
  }

  /** Stops as a VPP that is killed does: the socket file stays, and refuses. */
  abandon(): void {
    this.#reactor.close()
    this.#listener.fd.close()
    this.#release()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #release(): void {
    this.#mapping.close()
    this.#memory.close()
  }

  #serve(): void {
    const socket = this.#listener.accept()
    if (socket === undefined) return
    try {
      socket.send(new Uint8Array(0), [this.#memory])
      this.#clients++
    } catch {
      // The reader has gone before it was served.
    } finally {
      socket.close()
    }
  }
}
