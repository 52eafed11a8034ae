import { MemifError } from '../errors.ts'
import type { AddRingMessage, ControlMessage, HelloMessage } from './messages.ts'
import { MODE_NUMBER, PROTOCOL_VERSION, type MemifMode } from './protocol.ts'

/** What a client tells of itself. */
export interface ClientIdentity {
  readonly id: number
  readonly mode: MemifMode
  readonly secret: string
  readonly name: string
  readonly interfaceName: string
}

/** What the server allows, as counts and seen from the client. */
export interface ServerLimits {
  readonly regions: number
  readonly txQueues: number
  readonly rxQueues: number
  readonly log2RingSize: number
}

/** The shared memory a client made, in the order in which it is announced. */
export interface Announcement<Fd> {
  readonly regions: readonly { readonly size: bigint; readonly fd: Fd }[]
  readonly rings: readonly (Omit<AddRingMessage, 'type' | 'privateHeaderSize'> & { readonly fd: Fd })[]
}

/** What the state machine asks of its surroundings; each method may throw a `MemifError` to give up. */
export interface ClientHost<Fd> {
  /** Makes regions, rings and eventfds within the server's limits. */
  prepare(limits: ServerLimits, server: HelloMessage): Announcement<Fd>
  /** The server has mapped everything. */
  connected(remoteInterfaceName: string): void
}

/** A message to send and the descriptor that goes with it. */
export interface Outgoing<Fd> {
  readonly message: ControlMessage
  readonly fd?: Fd
}

/**
 * The client's half of the handshake, one message outstanding at a time: the next goes out when the previous one is
 * answered, as all C peers do it. No I/O. After a throw the connection must be ended with the error's `reason`.
 */
export class ClientHandshake<Fd> {
  readonly #identity: ClientIdentity
  readonly #host: ClientHost<Fd>
  #state: 'waiting' | 'announcing' | 'connecting' | 'connected' = 'waiting'
  #outbox: Outgoing<Fd>[] = []

  constructor(identity: ClientIdentity, host: ClientHost<Fd>) {
    this.#identity = identity
    this.#host = host
  }

  get state(): 'waiting' | 'announcing' | 'connecting' | 'connected' {
    return this.#state
  }

  /**
   * Takes the next message; gives the one to send.
   *
   * @throws MemifError with a `reason` for the peer
   */
  receive(message: ControlMessage): Outgoing<Fd> | undefined {
    if (message.type === 'disconnect') throw this.#disconnected(message.reason)
    if (this.#state === 'waiting' && message.type === 'hello') return this.#hello(message)
    if (this.#state === 'announcing' && message.type === 'ack') return this.#next()
    if (this.#state === 'connecting' && message.type === 'connected') {
      this.#host.connected(message.interfaceName)
      this.#state = 'connected'
      return undefined
    }
    throw new MemifError(
      'MEMIF_MESSAGE_UNEXPECTED',
      `unexpected ${message.type} message while ${this.#state}`,
      {
        reason: 'unexpected message',
      },
    )
  }

  #hello(hello: HelloMessage): Outgoing<Fd> {
    if (hello.minVersion > PROTOCOL_VERSION || hello.maxVersion < PROTOCOL_VERSION) {
      throw new MemifError(
        'MEMIF_VERSION_INCOMPATIBLE',
        `server speaks memif versions 0x${hello.minVersion.toString(16)} to 0x${hello.maxVersion.toString(16)}; ` +
          `only 0x${PROTOCOL_VERSION.toString(16)} exists`,
        { reason: 'incompatible memif version' },
      )
    }
    const limits: ServerLimits = {
      regions: hello.maxRegionIndex + 1,
      txQueues: hello.maxClientToServerRingIndex + 1,
      rxQueues: hello.maxServerToClientRingIndex + 1,
      log2RingSize: hello.maxLog2RingSize,
    }
    this.#outbox = this.#messages(this.#host.prepare(limits, hello))
    this.#state = 'announcing'
    return this.#next()!
  }

  #messages(announcement: Announcement<Fd>): Outgoing<Fd>[] {
    const { id, mode, secret, name, interfaceName } = this.#identity
    return [
      { message: { type: 'init', version: PROTOCOL_VERSION, id, mode: MODE_NUMBER[mode], secret, name } },
      ...announcement.regions.map(({ size, fd }, index) => ({
        message: { type: 'addRegion', index, size } as const,
        fd,
      })),
      ...announcement.rings.map(({ fd, ...ring }) => ({
        message: { type: 'addRing', ...ring, privateHeaderSize: 0 } as const,
        fd,
      })),
      { message: { type: 'connect', interfaceName } },
    ]
  }

  #next(): Outgoing<Fd> | undefined {
    const next = this.#outbox.shift()
    if (next?.message.type === 'connect') this.#state = 'connecting'
    return next
  }

  #disconnected(reason: string): MemifError {
    const text = reason || 'no reason given'
    return this.#state === 'connected'
      ? new MemifError('MEMIF_PEER_DISCONNECTED', `the server disconnected: ${text}`, { reason })
      : new MemifError(
          'MEMIF_PEER_REFUSED',
          `the server refused interface id ${this.#identity.id}: ${text}`,
          { reason },
        )
  }
}
