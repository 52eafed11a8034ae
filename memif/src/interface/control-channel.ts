import {
  LinuxError,
  isErrno,
  type Fd,
  type Reactor,
  type Readiness,
  type SeqpacketSocket,
  type Watch,
} from '@vpp-ts/linux'
import { decodeMessage, encodeMessage, type ControlMessage } from '../control/messages.ts'
import { MESSAGE_BYTES } from '../control/protocol.ts'
import { MemifError } from '../errors.ts'

/** Messages taken per wake-up: a peer that floods must not keep the others waiting. */
const BATCH = 16

/** What happens on a control channel. */
export interface ChannelHandler {
  /** A message came, with the descriptor that belongs to it, which is now the handler's. May throw to end the channel. */
  message(message: ControlMessage, fd: Fd | undefined): void
  /** The message was dealt with. What this throws is not taken for a fault of the peer. */
  advanced(): void
  /** The channel is closed; called once, and never again after `close`. */
  ended(error: MemifError): void
}

/** One control connection: whole messages in and out. The only place that reads and writes its socket. */
export class ControlChannel {
  readonly #socket: SeqpacketSocket
  readonly #handler: ChannelHandler
  readonly #watch: Watch
  #closed = false

  /** Takes the socket over. */
  constructor(socket: SeqpacketSocket, reactor: Reactor, handler: ChannelHandler) {
    this.#socket = socket
    this.#handler = handler
    try {
      this.#watch = reactor.watch(socket.fd, { readable: true }, (ready) => this.#ready(ready))
    } catch (error) {
      socket.close()
      throw error
    }
  }

  /** Sends a message. Lock-step leaves at most one under way, so a full queue means that the peer does not read. */
  send(message: ControlMessage, fd?: Fd): void {
    if (this.#closed) return
    if (!this.#socket.send(encodeMessage(message), fd === undefined ? [] : [fd])) {
      throw new MemifError('MEMIF_SYSTEM', `the peer does not read: no room to send ${message.type}`)
    }
  }

  /** Ends the connection for `error`, telling the peer its `reason`, and reports it to the handler. */
  end(error: MemifError): void {
    if (this.#closed) return
    this.close(
      error.code === 'MEMIF_PEER_DISCONNECTED' ? 'disconnect received' : (error.reason ?? error.message),
    )
    this.#handler.ended(error)
  }

  /** Ends the connection, telling the peer `reason`, without a report. */
  close(reason: string): void {
    if (this.#closed) return
    try {
      this.send({ type: 'disconnect', code: 0, reason })
    } catch (error) {
      // The peer may have gone already: the connection ends all the same.
      if (!isForeseen(error)) throw error
    } finally {
      this.#closed = true
      this.#watch.close()
      this.#socket.close()
    }
  }

  /** Reads before it looks at the hangup: the text of a DISCONNECT may be waiting. */
  #ready(ready: Readiness): void {
    for (let n = 0; n < BATCH && !this.#closed; n++) {
      let more: boolean
      try {
        more = this.#receive()
      } catch (error) {
        // The peer has closed, but its last words may still be in the queue: read on.
        if (isErrno(error, 'ECONNRESET', 'EPIPE')) continue
        if (!isForeseen(error)) throw error
        this.end(asMemifError(error))
        return
      }
      if (!more) {
        if (ready.hangup || ready.error) this.end(peerClosed())
        return
      }
      this.#handler.advanced()
    }
  }

  #receive(): boolean {
    const received = this.#socket.receive(MESSAGE_BYTES + 1)
    if (received === undefined) return false
    const [fd, ...surplus] = received.fds
    let message: ControlMessage
    try {
      if (received.end) throw peerClosed()
      if (surplus.length > 0 || received.controlTruncated) throw wrongDescriptors(received.fds.length)
      message = decodeMessage(received.bytes)
    } catch (error) {
      for (const each of received.fds) each.close()
      throw error
    }
    this.#handler.message(message, fd)
    return true
  }
}

function peerClosed(): MemifError {
  return new MemifError('MEMIF_PEER_DISCONNECTED', 'the peer closed the connection without giving a reason')
}

function wrongDescriptors(count: number): MemifError {
  return new MemifError(
    'MEMIF_MESSAGE_MALFORMED',
    `control message with ${count} descriptors, or some lost; 1 is allowed`,
    {
      reason: 'malformed message',
    },
  )
}

/** Errors that the peer or the system can cause; anything else is a defect and not to be hidden. */
function isForeseen(error: unknown): error is MemifError | LinuxError {
  return error instanceof MemifError || error instanceof LinuxError
}

/** An error of a system call as one of ours. */
export function asMemifError(error: MemifError | LinuxError): MemifError {
  if (error instanceof MemifError) return error
  return new MemifError('MEMIF_SYSTEM', error.message, {
    cause: error,
    reason: `system error ${error.errno ?? ''}`,
  })
}
