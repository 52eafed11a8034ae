import { Reactor, SeqpacketSocket, type Fd, type SeqpacketListener, type Watch } from '@vpp-ts/linux'

/** A control message as it came. The descriptor is the receiver's. */
export interface RawMessage {
  readonly type: number
  readonly bytes: Buffer
  readonly fd: Fd | undefined
  /** The other side has closed. */
  readonly end: boolean
}

/** A peer's control connection by hand: sends what it is told to, also what no sound peer would. */
export class RawPeer implements Disposable {
  readonly #socket: SeqpacketSocket
  readonly #reactor = new Reactor()
  readonly #watch: Watch
  readonly #received: RawMessage[] = []
  #wake: (() => void) | undefined

  constructor(socket: SeqpacketSocket) {
    this.#socket = socket
    this.#watch = this.#reactor.watch(socket.fd, { readable: true }, () => this.#take())
  }

  /** As a client: connects to an abstract name. */
  static connect(abstract: string): RawPeer {
    return new RawPeer(SeqpacketSocket.connect({ abstract }))
  }

  /** As a server: waits for one client. */
  static async accept(listener: SeqpacketListener): Promise<RawPeer> {
    using reactor = new Reactor()
    return await new Promise((resolve) => {
      const watch = reactor.watch(listener.fd, { readable: true }, () => {
        const socket = listener.accept()
        if (socket === undefined) return
        watch.close()
        resolve(new RawPeer(socket))
      })
    })
  }

  /** Messages that came and were not asked for yet. */
  get waiting(): number {
    this.#take()
    return this.#received.length
  }

  send(bytes: Uint8Array, ...fds: readonly Fd[]): void {
    this.#socket.send(bytes, fds)
  }

  /** The next message. */
  async receive(): Promise<RawMessage> {
    while (this.#received.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#received.shift()!
  }

  /** Sends, and gives what comes next. */
  async ask(bytes: Uint8Array, ...fds: readonly Fd[]): Promise<RawMessage> {
    this.send(bytes, ...fds)
    return this.receive()
  }

  [Symbol.dispose](): void {
    for (const { fd } of this.#received) fd?.close()
    this.#watch.close()
    this.#reactor.close()
    this.#socket.close()
  }

  #take(): void {
    for (let message = this.#socket.receive(); message !== undefined; message = this.#socket.receive()) {
      const bytes = Buffer.from(message.bytes)
      const type = message.end ? 0 : bytes.readUInt16LE(0)
      this.#received.push({ type, bytes, fd: message.fds[0], end: message.end })
      if (message.end) {
        this.#watch.close()
        break
      }
    }
    this.#wake?.()
  }
}
