import { VppError, type VppErrorCode } from './vpp-error.ts'

/** Codes of a connection that could not be made, each with its own remedy. */
export type ConnectErrorCode = Extract<
  VppErrorCode,
  | 'VPP_SOCKET_MISSING'
  | 'VPP_DIRECTORY_MISSING'
  | 'VPP_PERMISSION_DENIED'
  | 'VPP_CONNECTION_REFUSED'
  | 'VPP_CONNECT_TIMEOUT'
  | 'VPP_CONNECT_FAILED'
>

/** VPP could not be reached. */
export class VppConnectError extends VppError {
  /** Socket path, or the name of the stream. */
  readonly target: string

  constructor(code: ConnectErrorCode, target: string, message: string, options?: ErrorOptions) {
    super(code, message, options)
    this.target = target
  }
}

/** There is no connection at the moment and the call does not wait for one. Nothing was sent. */
export class VppNotConnectedError extends VppError {
  constructor(target: string, options?: ErrorOptions) {
    super(
      'VPP_NOT_CONNECTED',
      `not connected to VPP at ${target}${reason(options)}; wait for state "connected" or set whenDown: 'wait'`,
      options,
    )
  }
}

/** The connection ended while the call was under way. VPP may have carried the request out. */
export class VppConnectionLostError extends VppError {
  constructor(target: string, options?: ErrorOptions) {
    super('VPP_CONNECTION_LOST', `the connection to VPP at ${target} was lost${reason(options)}`, options)
  }
}

/** Nothing came from the peer while probes went unanswered: the connection was dropped. */
export class VppPeerSilentError extends VppError {
  /** Probes in a row without an answer. */
  readonly missedProbes: number

  constructor(target: string, missedProbes: number) {
    super(
      'VPP_PEER_SILENT',
      `${target}: nothing received during ${missedProbes} probes; the connection was dropped (option health.dropAfter)`,
    )
    this.missedProbes = missedProbes
  }
}

/** The connection, channel or subscription was closed by this program. */
export class VppClosedError extends VppError {
  constructor(what: string) {
    super('VPP_CLOSED', `${what} is closed`)
  }
}

/** The peer does not speak VPP's protocol. The connection is closed. */
export class VppProtocolError extends VppError {
  constructor(message: string, options?: ErrorOptions) {
    super('VPP_PROTOCOL', message, options)
  }
}

/**
 * No reply within the time, or no way to write the request. VPP gives no reply to requests it cannot place, and some take
 * long.
 */
export class VppReplyTimeoutError extends VppError {
  /** Wire name of the request. */
  readonly messageName: string
  /** Context of the call; 0 when it was never written. */
  readonly context: number
  /** Milliseconds from the call to the error. */
  readonly elapsed: number

  /** @param options `cause` says why there is no connection that the call could be sent over */
  constructor(messageName: string, context: number, elapsed: number, options?: ErrorOptions) {
    const waited = `it was still waiting to be sent${reason(options)}`
    const sent = context === 0 ? waited : `context ${context}`
    super('VPP_REPLY_TIMEOUT', `${messageName}: no reply after ${Math.round(elapsed)} ms (${sent})`, options)
    this.messageName = messageName
    this.context = context
    this.elapsed = elapsed
  }
}

/** The connected VPP does not have this message, or has it with another layout. Nothing was sent. */
export class VppMessageUnavailableError extends VppError {
  /** Wire name of the message. */
  readonly messageName: string
  /** CRC of the bindings in use. */
  readonly crc: string
  /** CRC that VPP has under this name, if it has one. */
  readonly vppCrc: string | undefined

  constructor(messageName: string, crc: string, vppCrc: string | undefined) {
    super(
      'VPP_MESSAGE_UNAVAILABLE',
      vppCrc === undefined
        ? `VPP does not know ${messageName}: is the plugin loaded, and is the message part of this release?`
        : `${messageName} has CRC ${crc} in the bindings and ${vppCrc} in VPP: use the bindings of VPP's release`,
    )
    this.messageName = messageName
    this.crc = crc
    this.vppCrc = vppCrc
  }
}

/**
 * VPP answered the call with a message that is not its reply, nor laid out like it. VPP has most likely carried the
 * request out.
 */
export class VppUnexpectedReplyError extends VppError {
  constructor(request: string, expected: string, received: string, length: number) {
    super(
      'VPP_UNEXPECTED_REPLY',
      `${request}: expected ${expected}, received ${received} of ${length} bytes, which has another layout;` +
        ' VPP may have executed the request',
    )
  }
}

/** A paged dump cannot continue: VPP asks to continue where a page has already begun. */
export class VppCursorError extends VppError {
  constructor(messageName: string, cursor: number) {
    super(
      'VPP_CURSOR_STUCK',
      `${messageName}: VPP asks to continue at cursor ${cursor}, where a page has already begun`,
    )
  }
}

/** A subscriber with overflow policy `error` was too slow. */
export class VppEventsLostError extends VppError {
  constructor(messageName: string, bufferSize: number) {
    super(
      'VPP_EVENTS_LOST',
      `${messageName}: the reader left ${bufferSize} events unread; read faster, or raise bufferSize`,
    )
  }
}

/** Text of the cause, to stand behind what it brought about. */
function reason(options: ErrorOptions | undefined): string {
  return options?.cause instanceof Error ? `: ${options.cause.message}` : ''
}
