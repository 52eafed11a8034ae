import type { Fd, Reactor, SeqpacketSocket } from '@vpp-ts/linux'
import { ClientHandshake, type Announcement, type ServerLimits } from '../control/client-handshake.ts'
import type { ControlMessage, HelloMessage } from '../control/messages.ts'
import { SharedMemory } from '../shm/shared-memory.ts'
import { Connection, type ConnectionOwner, type Remote } from './connection.ts'
import type { MemifConfig } from '../options.ts'

/** A client's connection: it makes the shared memory within the server's limits, and announces it. */
export class ClientConnection extends Connection {
  protected readonly owner: ConnectionOwner
  readonly #config: MemifConfig
  readonly #handshake: ClientHandshake<Fd>
  #memory: SharedMemory | undefined
  #remoteNames = { appName: '', interfaceName: '' }

  /** Takes the socket over, also when it throws. */
  constructor(
    socket: SeqpacketSocket,
    reactor: Reactor,
    config: MemifConfig,
    appName: string,
    owner: ConnectionOwner,
  ) {
    super(socket, reactor, config.handshakeTimeoutMs)
    this.owner = owner
    this.#config = config
    this.#handshake = new ClientHandshake({ ...config, secret: config.secret, name: appName }, this)
  }

  get memory(): SharedMemory | undefined {
    return this.#memory
  }

  protected get complete(): boolean {
    return this.#handshake.state === 'connected'
  }

  protected get remoteNames(): Omit<Remote, 'credentials'> {
    return this.#remoteNames
  }

  message(message: ControlMessage, fd: Fd | undefined): void {
    fd?.close()
    const next = this.#handshake.receive(message)
    if (next !== undefined) this.channel.send(next.message, next.fd)
  }

  prepare(limits: ServerLimits, { name }: HelloMessage): Announcement<Fd> {
    const { txQueues, rxQueues, ringSize, bufferSize } = this.#config
    this.#remoteNames.appName = name
    this.#memory = SharedMemory.create({
      txQueues: Math.min(txQueues, limits.txQueues),
      rxQueues: Math.min(rxQueues, limits.rxQueues),
      log2RingSize: Math.min(Math.log2(ringSize), limits.log2RingSize),
      bufferSize,
    })
    return this.#memory.announcement()
  }

  connected(remoteInterfaceName: string): void {
    this.#remoteNames.interfaceName = remoteInterfaceName
  }
}
