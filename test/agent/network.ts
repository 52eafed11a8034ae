import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What a network does with what is sent over it. `hangs`: nothing arrives, and nobody is told. */
export type NetworkState = 'works' | 'slow' | 'hangs' | 'cut'

/** Milliseconds by which a slow network delays what is sent, each way. */
const DELAY = 250

/** A network between a client and a server on loopback, which can be disturbed. */
export class Network implements AsyncDisposable {
  readonly endpoint: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #state: NetworkState = 'works'

  private constructor(server: Server) {
    this.#server = server
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** @param target of the server, as `http://127.0.0.1:2379` */
  static async to(target: string): Promise<Network> {
    const { hostname, port } = new URL(target)
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const network = new Network(server)
    server.on('connection', (client) => network.#join(client, connect(Number(port), hostname)))
    return network
  }

  get state(): NetworkState {
    return this.#state
  }

  set state(state: NetworkState) {
    this.#state = state
    for (const socket of this.#sockets) {
      if (state === 'cut') socket.destroy()
      else if (state === 'hangs') socket.pause()
      else socket.resume()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (data) => {
        if (this.#state === 'slow') setTimeout(() => to.write(data), DELAY)
        else to.write(data)
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
    if (this.#state === 'cut') client.destroy()
    else if (this.#state === 'hangs') for (const socket of [client, server]) socket.pause()
  }
}
