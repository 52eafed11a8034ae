import type { Credentials, Fd, Reactor, SeqpacketSocket } from '@vpp-ts/linux'
import type { ControlMessage } from '../control/messages.ts'
import { MemifError } from '../errors.ts'
import type { SharedMemory } from '../shm/shared-memory.ts'
import { ControlChannel, type ChannelHandler } from './control-channel.ts'

/** Who is at the other end. Names are what the peer says of itself; credentials are what the kernel says. */
export interface Remote {
  readonly appName: string
  readonly interfaceName: string
  /** Process, user and group; undefined when the kernel does not tell. */
  readonly credentials: Credentials | undefined
}

/** The interface that a connection belongs to. */
export interface ConnectionOwner {
  /** The handshake is complete: `memory` is the owner's from now on. */
  connected(connection: Connection): void
  /** The connection is closed, before or after `connected`. Not called when the owner closed it. */
  ended(connection: Connection, error: MemifError): void
}

/** A control connection of either role from its first message to its end, and what was shared on it so far. */
export abstract class Connection implements ChannelHandler {
  readonly #credentials: Credentials | undefined
  readonly #timer: NodeJS.Timeout
  protected readonly channel: ControlChannel
  #up = false

  /** Takes the socket over, also when it throws. */
  constructor(socket: SeqpacketSocket, reactor: Reactor, handshakeTimeoutMs: number) {
    try {
      this.#credentials = socket.peerCredentials()
      this.channel = new ControlChannel(socket, reactor, this)
    } catch (error) {
      socket.close()
      throw error
    }
    this.#timer = setTimeout(() => this.channel.end(timedOut(handshakeTimeoutMs)), handshakeTimeoutMs)
  }

  /** What is shared, once it is; from `connected` on it belongs to the owner. */
  abstract get memory(): SharedMemory | undefined
  /** Whether the handshake has reached its end. */
  protected abstract get complete(): boolean
  protected abstract get remoteNames(): Omit<Remote, 'credentials'>
  protected abstract get owner(): ConnectionOwner
  abstract message(message: ControlMessage, fd: Fd | undefined): void

  get remote(): Remote {
    return { ...this.remoteNames, credentials: this.#credentials }
  }

  advanced(): void {
    if (this.#up || !this.complete) return
    this.#up = true
    clearTimeout(this.#timer)
    this.owner.connected(this)
  }

  ended(error: MemifError): void {
    this.#release()
    this.owner.ended(this, error)
  }

  /** Ends the connection for a fault found by the owner, who hears of it as of any other end. */
  fail(error: MemifError): void {
    this.channel.end(error)
  }

  /** Ends the connection on the owner's behalf, telling the peer `reason`. */
  close(reason: string): void {
    this.channel.close(reason)
    this.#release()
  }

  #release(): void {
    clearTimeout(this.#timer)
    if (!this.#up) this.memory?.close()
  }
}

function timedOut(milliseconds: number): MemifError {
  return new MemifError(
    'MEMIF_HANDSHAKE_TIMEOUT',
    `the handshake was not complete after ${milliseconds} ms`,
    {
      reason: 'handshake timed out',
    },
  )
}
