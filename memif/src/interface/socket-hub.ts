import {
  LinuxError,
  Reactor,
  SeqpacketListener,
  SeqpacketSocket,
  isErrno,
  type SocketAddress,
  type Watch,
} from '@vpp-ts/linux'
import { TEXT_BYTES } from '../control/protocol.ts'
import { helloMessage } from '../control/server-handshake.ts'
import { textBytes } from '../control/text.ts'
import { MemifError } from '../errors.ts'
import { parseSocketName } from './address.ts'
import { ClientConnection } from './client-connection.ts'
import type { Connection } from './connection.ts'
import { asMemifError } from './control-channel.ts'
import { ServerConnection, type InterfacePort, type ServerDesk } from './server-connection.ts'

/** Connections that have not named an interface yet; more are refused. */
const MAX_UNCLAIMED = 64

/** Milliseconds without accepting after the system refused to: no descriptors left, as a rule. */
const ACCEPT_PAUSE_MS = 100

/** Settings of a socket that several interfaces share. */
export interface SocketSettings {
  /** Name of the application told to peers, at most 31 bytes; default `vpp-ts`. */
  readonly appName?: string | undefined
  /** Connections that wait to be accepted; default 128. */
  readonly backlog?: number | undefined
  /** Permission bits of the socket file; default 0o775, as VPP's. */
  readonly fileMode?: number | undefined
}

/** One socket address: listens while it has server interfaces, and connects for client interfaces. */
export class SocketHub implements ServerDesk {
  readonly address: SocketAddress
  readonly name: string
  readonly appName: string
  readonly #settings: SocketSettings
  readonly #onFailure: (error: MemifError) => void
  readonly #servers = new Map<number, InterfacePort>()
  readonly #clients = new Map<number, InterfacePort>()
  readonly #unclaimed = new Set<Connection>()
  #listener: { readonly socket: SeqpacketListener; readonly watch: Watch } | undefined
  #reactor: Reactor | undefined
  #pause: NodeJS.Timeout | undefined

  /** `onFailure` hears of connections that end without having named an interface. */
  constructor(name: string, settings: SocketSettings, onFailure: (error: MemifError) => void) {
    this.address = parseSocketName(name)
    this.name = name
    this.appName = settings.appName ?? 'vpp-ts'
    this.#settings = settings
    this.#onFailure = onFailure
    if (textBytes(this.appName) >= TEXT_BYTES.name) {
      throw new MemifError(
        'MEMIF_OPTION_INVALID',
        `appName "${this.appName}" is over ${TEXT_BYTES.name - 1} bytes`,
      )
    }
  }

  /** Watches all descriptors of this socket's interfaces; made when first needed. */
  get reactor(): Reactor {
    this.#reactor ??= new Reactor()
    return this.#reactor
  }

  /**
   * Adds an interface; the first server interface makes the socket listen.
   *
   * @throws MemifError `MEMIF_ID_TAKEN`, `MEMIF_LISTENER_ACTIVE` or `MEMIF_SYSTEM`
   */
  attach(port: InterfacePort): void {
    const { role, id } = port.config
    const ports = this.#portsOf(role)
    if (ports.has(id)) {
      throw new MemifError('MEMIF_ID_TAKEN', `${this.name} has a ${role} interface with id ${id} already`)
    }
    if (role === 'server') this.#listener ??= this.#listen()
    ports.set(id, port)
  }

  /** Removes an interface; with the last one everything is closed. */
  detach(port: InterfacePort): void {
    const { role, id } = port.config
    if (this.#portsOf(role).get(id) === port) this.#portsOf(role).delete(id)
    if (this.#servers.size === 0) this.#stopListening()
    if (this.#servers.size + this.#clients.size > 0) return
    this.#reactor?.close()
    this.#reactor = undefined
  }

  /**
   * Starts a client's connection.
   *
   * @throws MemifError `MEMIF_SYSTEM` when nobody listens
   */
  connect(port: InterfacePort): Connection {
    try {
      const socket = SeqpacketSocket.connect(this.address)
      return new ClientConnection(socket, this.reactor, port.config, this.appName, port)
    } catch (error) {
      throw systemError(error, `cannot connect to ${this.name}`)
    }
  }

  find(id: number): InterfacePort | undefined {
    return this.#servers.get(id) ?? this.#clients.get(id)
  }

  claimed(connection: Connection): void {
    this.#unclaimed.delete(connection)
  }

  /** Not reached: a connection names its interface before it is complete. */
  connected(): void {
    throw new MemifError('MEMIF_MESSAGE_UNEXPECTED', 'connected without an interface')
  }

  ended(connection: Connection, error: MemifError): void {
    this.#unclaimed.delete(connection)
    this.#onFailure(error)
  }

  #portsOf(role: 'server' | 'client'): Map<number, InterfacePort> {
    return role === 'server' ? this.#servers : this.#clients
  }

  #listen(): { socket: SeqpacketListener; watch: Watch } {
    const { backlog = 128, fileMode = 0o775 } = this.#settings
    let socket: SeqpacketListener | undefined
    try {
      socket = SeqpacketListener.listen(this.address, { backlog, mode: fileMode, replaceStale: true })
      const listening = socket
      return {
        socket,
        watch: this.reactor.watch(socket.fd, { readable: true }, () => this.#accept(listening)),
      }
    } catch (error) {
      socket?.close()
      if (isErrno(error, 'EADDRINUSE')) {
        throw new MemifError(
          'MEMIF_LISTENER_ACTIVE',
          `somebody listens on ${this.name} already, or it is not a socket`,
          {
            cause: error,
          },
        )
      }
      throw systemError(error, `cannot listen on ${this.name}`)
    }
  }

  #stopListening(): void {
    clearTimeout(this.#pause)
    this.#listener?.watch.close()
    this.#listener?.socket.close()
    this.#listener = undefined
    for (const connection of this.#unclaimed) connection.close('socket closed')
    this.#unclaimed.clear()
  }

  #accept(listener: SeqpacketListener): void {
    try {
      for (let socket = listener.accept(); socket !== undefined; socket = listener.accept())
        this.#greet(socket)
    } catch (error) {
      if (!(error instanceof LinuxError)) throw error
      this.#listener?.watch.modify({})
      this.#pause = setTimeout(() => this.#listener?.watch.modify({ readable: true }), ACCEPT_PAUSE_MS)
      this.#onFailure(asMemifError(error))
    }
  }

  #greet(socket: SeqpacketSocket): void {
    if (this.#unclaimed.size >= MAX_UNCLAIMED) {
      socket.close()
      this.#onFailure(
        new MemifError('MEMIF_REFUSED', `over ${MAX_UNCLAIMED} connections have not named an interface`),
      )
      return
    }
    const ports = [...this.#servers.values()]
    const free = ports.filter(({ busy }) => !busy)
    const configs = (free.length > 0 ? free : ports).map(({ config }) => config)
    // Which interface is meant is not known yet: what each of them takes, or a client of the smallest is refused for ever.
    const hello = helloMessage({
      name: this.appName,
      rxQueues: Math.min(...configs.map(({ rxQueues }) => rxQueues)),
    })
    const timeout = Math.max(...configs.map(({ handshakeTimeoutMs }) => handshakeTimeoutMs))
    try {
      this.#unclaimed.add(new ServerConnection(socket, this.reactor, this, hello, timeout))
    } catch (error) {
      if (!(error instanceof LinuxError) && !MemifError.is(error)) throw error
      this.#onFailure(asMemifError(error))
    }
  }
}

function systemError(error: unknown, what: string): unknown {
  if (!(error instanceof LinuxError)) return error
  return new MemifError('MEMIF_SYSTEM', `${what}: ${error.message}`, { cause: error })
}
