import type { Fd, Reactor, SeqpacketSocket } from '@vpp-ts/linux'
import type {
  AddRegionMessage,
  AddRingMessage,
  ControlMessage,
  HelloMessage,
  InitMessage,
} from '../control/messages.ts'
import { ServerHandshake, type ServerInterface } from '../control/server-handshake.ts'
import { SharedMemory } from '../shm/shared-memory.ts'
import { Connection, type ConnectionOwner, type Remote } from './connection.ts'
import type { MemifConfig } from '../options.ts'

/** An interface as its socket sees it. */
export interface InterfacePort extends ConnectionOwner {
  readonly config: MemifConfig
  /** A connection, complete or not, has it. */
  readonly busy: boolean
  /** A client has passed the checks: the port is its until the connection ends. */
  claim(connection: Connection): void
}

/** What a server's connection asks of its socket; until an interface is claimed, the socket owns the connection. */
export interface ServerDesk extends ConnectionOwner {
  find(id: number): InterfacePort | undefined
  claimed(connection: Connection): void
}

/** A server's connection: anyone's, until INIT names an interface and passes the checks. */
export class ServerConnection extends Connection {
  readonly #desk: ServerDesk
  readonly #handshake: ServerHandshake<Fd>
  readonly #memory = new SharedMemory()
  readonly #remoteNames = { appName: '', interfaceName: '' }
  #port: InterfacePort | undefined

  /** Takes the socket over, also when it throws, and sends `hello`. */
  constructor(
    socket: SeqpacketSocket,
    reactor: Reactor,
    desk: ServerDesk,
    hello: HelloMessage,
    handshakeTimeoutMs: number,
  ) {
    super(socket, reactor, handshakeTimeoutMs)
    this.#desk = desk
    this.#handshake = new ServerHandshake(this)
    try {
      this.channel.send(hello)
    } catch (error) {
      this.close('cannot send hello')
      throw error
    }
  }

  get memory(): SharedMemory {
    return this.#memory
  }

  protected get owner(): ConnectionOwner {
    return this.#port ?? this.#desk
  }

  protected get complete(): boolean {
    return this.#handshake.state === 'connected'
  }

  protected get remoteNames(): Omit<Remote, 'credentials'> {
    return this.#remoteNames
  }

  message(message: ControlMessage, fd: Fd | undefined): void {
    try {
      const answer = this.#handshake.receive(message, fd)
      if (message.type !== 'addRegion' && message.type !== 'addRing') fd?.close()
      if (answer !== undefined) this.channel.send(answer)
    } catch (error) {
      fd?.close()
      throw error
    }
  }

  find(id: number): ServerInterface | undefined {
    const port = this.#desk.find(id)
    return port === undefined ? undefined : { ...port.config, secret: port.config.secret, busy: port.busy }
  }

  claim(init: InitMessage): void {
    this.#remoteNames.appName = init.name
    this.#port = this.#desk.find(init.id)
    this.#desk.claimed(this)
    this.#port?.claim(this)
  }

  addRegion(message: AddRegionMessage, fd: Fd): void {
    this.#memory.addRegion(message, fd, this.#port?.config.acceptUnsealedRegions ?? false)
  }

  addRing(message: AddRingMessage, fd: Fd): void {
    if (!message.clientToServer && message.index >= (this.#port?.config.txQueues ?? 0)) fd.close()
    else this.#memory.addRing(message, fd)
  }

  connect(remoteInterfaceName: string): void {
    this.#remoteNames.interfaceName = remoteInterfaceName
    this.#memory.checkCookies()
  }
}
